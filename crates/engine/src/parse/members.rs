//! `SELECT … LIMIT 1 UNION ALL SELECT …`: what has ORDER BY or LIMIT of its own before UNION,
//! INTERSECT or EXCEPT is put in brackets, as the grammar wants it.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::source::is_word;

#[derive(Default)]
struct Level {
    /// Where the SELECT begins that is being read.
    start: Option<usize>,
    /// Whether it has ORDER BY or LIMIT.
    cut: bool,
}

pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    let mut levels = vec![Level::default()];
    for (index, token) in tokens.iter().enumerate() {
        let is = |word: &str| is_word(&token.token, word);
        let next = |word: &str| {
            let next = tokens.get(index + 1);
            next.is_some_and(|next| is_word(&next.token, word))
        };
        match &token.token {
            Token::LParen => levels.push(Level::default()),
            Token::RParen if levels.len() > 1 => {
                levels.pop();
            }
            _ => {}
        }
        let Some(level) = levels.last_mut() else {
            continue;
        };
        if is("SELECT") {
            level.start = Some(index);
            level.cut = false;
        } else if is("LIMIT") || is("FETCH") || (is("ORDER") && next("BY")) {
            level.cut |= level.start.is_some();
        } else if (is("UNION") || is("INTERSECT") || is("EXCEPT"))
            && (next("ALL") || next("DISTINCT") || next("SELECT"))
            && let (Some(start), true) = (level.start, level.cut)
        {
            opened.push(start);
            closed.push(index);
            *level = Level::default();
        }
    }
    if opened.is_empty() {
        return tokens;
    }
    opened.sort_unstable();
    let mut out = Vec::with_capacity(tokens.len() + 2 * opened.len());
    for (index, token) in tokens.into_iter().enumerate() {
        let at = |other| TokenWithSpan::new(other, token.span);
        if closed.binary_search(&index).is_ok() {
            out.push(at(Token::RParen));
        }
        if opened.binary_search(&index).is_ok() {
            out.push(at(Token::LParen));
        }
        out.push(token);
    }
    out
}
