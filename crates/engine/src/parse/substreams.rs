//! `PARTITION BY …` and `SHUFFLE BY …` behind FROM and WHERE. The general grammar has another place
//! for the first and does not know the second.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};
use crate::SqlError;

/// The tokens with `PARTITION BY` moved behind GROUP BY as `CLUSTER BY`, which means nothing else
/// here, and without `SHUFFLE BY`; and whether there was one.
pub(super) fn take(tokens: &[TokenWithSpan]) -> Result<(Vec<TokenWithSpan>, bool), SqlError> {
    let mut out = Vec::with_capacity(tokens.len());
    // For each open bracket what waits for its place.
    let mut waiting: Vec<Vec<TokenWithSpan>> = vec![Vec::new()];
    let (mut index, mut shuffled) = (0, false);
    while index < tokens.len() {
        let token = &tokens[index];
        let by = tokens
            .get(index + 1)
            .is_some_and(|next| is_word(&next.token, "BY"));
        let first = index == 0 || tokens[index - 1].token == Token::LParen;
        if by && is_word(&token.token, "CLUSTER") {
            return Err(SqlError::unsupported("CLUSTER BY", token.span));
        }
        if by && !first && is_word(&token.token, "PARTITION") {
            let end = clause_end(tokens, index + 2);
            if let Some(level) = waiting.last_mut() {
                level.push(word("CLUSTER", Keyword::CLUSTER, token.span));
                level.extend_from_slice(&tokens[index + 1..end]);
            }
            index = end;
            continue;
        }
        if by && !first && is_word(&token.token, "SHUFFLE") {
            shuffled = true;
            index = clause_end(tokens, index + 2);
            continue;
        }
        match token.token {
            Token::LParen => waiting.push(Vec::new()),
            Token::RParen => {
                out.extend(waiting.pop().unwrap_or_default());
                if waiting.is_empty() {
                    waiting.push(Vec::new());
                }
            }
            _ if follows_groups(&token.token)
                && let Some(level) = waiting.last_mut() =>
            {
                out.append(level);
            }
            _ => {}
        }
        out.push(token.clone());
        index += 1;
    }
    out.extend(waiting.into_iter().flatten());
    Ok((out, shuffled))
}

/// What stands behind GROUP BY.
fn follows_groups(token: &Token) -> bool {
    const WORDS: [&str; 7] = [
        "HAVING",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "UNION",
        "EXCEPT",
        "INTERSECT",
    ];
    WORDS.iter().any(|word| is_word(token, word))
}

/// The end of the expressions that begin at `start`.
fn clause_end(tokens: &[TokenWithSpan], start: usize) -> usize {
    let mut depth = 0usize;
    let mut index = start;
    while let Some(token) = tokens.get(index) {
        match &token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket if depth == 0 => break,
            Token::RParen | Token::RBracket => depth -= 1,
            other if depth == 0 && (ends(other) || follows_groups(other)) => break,
            _ => {}
        }
        index += 1;
    }
    index
}

fn ends(token: &Token) -> bool {
    ["GROUP", "WHERE", "PARTITION", "SHUFFLE", "CLUSTER"]
        .iter()
        .any(|word| is_word(token, word))
}
