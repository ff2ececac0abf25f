//! `session(s, 5s, [start, end))`: what opens and what ends a session, with the brackets that say
//! whether these events belong to it.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};
use crate::SqlError;

/// Turns the range at the end of each call into `start, end` and whether the end belongs to it,
/// where it does not.
pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, SqlError> {
    let mut index = 0;
    let mut ranges = Vec::new();
    while index + 1 < tokens.len() {
        let call =
            is_word(&tokens[index].token, "session") && tokens[index + 1].token == Token::LParen;
        if call && let Some(range) = range(&tokens, index + 1) {
            ranges.push(range);
        }
        index += 1;
    }
    if ranges.is_empty() {
        return Ok(tokens);
    }
    let mut out = Vec::with_capacity(tokens.len() + 2);
    for (index, token) in tokens.iter().enumerate() {
        if ranges.iter().any(|(open, _)| *open == index) {
            if token.token == Token::LParen {
                let what = "a session without its opening event, as ( says; use [";
                return Err(SqlError::unsupported(what, token.span));
            }
            continue;
        }
        if !ranges.iter().any(|(_, close)| *close == index) {
            out.push(token.clone());
        } else if token.token == Token::RParen {
            out.push(TokenWithSpan::new(Token::Comma, token.span));
            out.push(word("FALSE", Keyword::FALSE, token.span));
        }
    }
    Ok(out)
}

/// The places of the brackets around two conditions that are the call's last argument.
fn range(tokens: &[TokenWithSpan], call: usize) -> Option<(usize, usize)> {
    let (mut depth, mut opened, mut commas) = (0usize, None, 0);
    for (index, token) in tokens.iter().enumerate().skip(call) {
        match &token.token {
            Token::LParen | Token::LBracket => {
                if depth == 1 && tokens[index - 1].token == Token::Comma {
                    (opened, commas) = (Some(index), 0);
                }
                depth += 1;
            }
            Token::RParen | Token::RBracket => {
                depth = depth.checked_sub(1)?;
                let last = tokens.get(index + 1).map(|token| &token.token);
                if depth == 1 && commas == 1 && last == Some(&Token::RParen) {
                    return opened.map(|open| (open, index));
                }
                if depth == 0 {
                    return None;
                }
            }
            Token::Comma if depth == 2 => commas += 1,
            _ => {}
        }
    }
    None
}
