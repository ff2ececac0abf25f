//! `LIMIT n [OFFSET m] WITH TIES` and `LIMIT m, n WITH TIES`, as the grammar reads them:
//! `OFFSET m ROWS FETCH FIRST n ROWS WITH TIES`.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};

/// Words that LIMIT has at most before WITH TIES.
const LONGEST: usize = 3;

pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let ties = |index: usize| {
        let next = tokens.get(index + 1);
        is_word(&tokens[index].token, "WITH") && next.is_some_and(|t| is_word(&t.token, "TIES"))
    };
    if !(0..tokens.len()).any(ties) {
        return tokens;
    }
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len() + 4);
    for (index, token) in tokens.iter().enumerate() {
        if ties(index)
            && let Some((limit, count, offset)) = limit(&out)
        {
            let at = |name: &str, keyword| word(name, keyword, out[limit].span);
            let mut fetch = Vec::with_capacity(8);
            if let Some(offset) = offset {
                let offset = out[offset].clone();
                fetch.extend([
                    at("OFFSET", Keyword::OFFSET),
                    offset,
                    at("ROWS", Keyword::ROWS),
                ]);
            }
            let count = out[count].clone();
            fetch.extend([
                at("FETCH", Keyword::FETCH),
                at("FIRST", Keyword::FIRST),
                count,
            ]);
            fetch.push(at("ROWS", Keyword::ROWS));
            out.truncate(limit);
            out.extend(fetch);
        }
        out.push(token.clone());
    }
    out
}

/// The places of LIMIT at the end of `tokens`, of its number and of its offset.
fn limit(tokens: &[TokenWithSpan]) -> Option<(usize, usize, Option<usize>)> {
    let from = tokens.len().saturating_sub(LONGEST + 1);
    let found = tokens[from..]
        .iter()
        .rposition(|token| is_word(&token.token, "LIMIT"));
    let limit = from + found?;
    match &tokens[limit + 1..] {
        [_] => Some((limit, limit + 1, None)),
        [_, comma, _] if comma.token == Token::Comma => Some((limit, limit + 3, Some(limit + 1))),
        [_, offset, _] if is_word(&offset.token, "OFFSET") => {
            Some((limit, limit + 1, Some(limit + 3)))
        }
        _ => None,
    }
}
