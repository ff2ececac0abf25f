//! `* [EXCEPT (a)] APPLY(f)` and `columns('pattern') APPLY(f)`, as one call that the plan expands:
//! `_apply(f, 'pattern', 'a')`.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};

/// So many tokens of what stands before APPLY are looked at.
const LOOKED_BACK: usize = 512;

/// The name of that call.
pub(crate) const FUNCTION: &str = "_apply";

pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let opens = |index: usize| {
        let next = tokens.get(index + 1).map(|token| &token.token);
        is_word(&tokens[index].token, "APPLY") && next == Some(&Token::LParen)
    };
    if !(0..tokens.len()).any(opens) {
        return tokens;
    }
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let call = match opens(index) {
            true => closing(&tokens, index + 1).zip(columns(&out)),
            false => None,
        };
        let Some((end, (start, names))) = call else {
            out.push(tokens[index].clone());
            index += 1;
            continue;
        };
        let place = tokens[index].span;
        let at = |token| TokenWithSpan::new(token, place);
        out.truncate(start);
        out.push(word(FUNCTION, Keyword::NoKeyword, place));
        out.extend_from_slice(&tokens[index + 1..end]);
        for name in names {
            out.extend([at(Token::Comma), at(Token::SingleQuotedString(name))]);
        }
        out.push(at(Token::RParen));
        index = end + 1;
    }
    out
}

/// Where `*` or `columns('…')` at the end of `tokens` begins; its pattern and what it leaves out.
fn columns(tokens: &[TokenWithSpan]) -> Option<(usize, Vec<String>)> {
    let end = tokens.len();
    let tokens = &tokens[end.saturating_sub(LOOKED_BACK)..];
    let before = end - tokens.len();
    match tokens
        .iter()
        .map(|token| &token.token)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [.., Token::Mul] => Some((end - 1, vec![String::new()])),
        [
            ..,
            name,
            Token::LParen,
            Token::SingleQuotedString(pattern),
            Token::RParen,
        ] if is_word(name, "columns") => Some((end - 4, vec![pattern.clone()])),
        [list @ .., Token::RParen] => {
            let open = list.iter().rposition(|token| **token == Token::LParen)?;
            let star =
                matches!(list[..open], [.., Token::Mul, except] if is_word(except, "EXCEPT"));
            let left_out = list[open + 1..].iter().filter_map(|token| match token {
                Token::Word(word) => Some(word.value.clone()),
                _ => None,
            });
            star.then(|| {
                (
                    before + open - 2,
                    std::iter::once(String::new()).chain(left_out).collect(),
                )
            })
        }
        _ => None,
    }
}

/// The bracket that closes the one at `open`.
fn closing(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 1 => return Some(index),
            Token::RParen => depth -= 1,
            _ => {}
        }
    }
    None
}
