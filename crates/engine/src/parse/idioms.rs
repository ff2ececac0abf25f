//! What people bring from ClickHouse, as tokens that the grammar reads: `quantile(0.9)(x)`,
//! `FINAL`, `PREWHERE`, `WITH 5 AS n`.

use std::collections::HashMap;

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{
    inner_alias, members,
    named::Named,
    shorthand,
    source::{Source, is_word},
    ternary,
};
use crate::SqlError;

/// Names of expressions in one statement.
const MOST_NAMES: usize = 1000;

/// The tokens as the grammar reads them, and whether `FINAL` was among them.
pub(super) fn take(tokens: Vec<TokenWithSpan>) -> (Vec<TokenWithSpan>, bool) {
    let tokens = members::take(shorthand::take(ternary::take(tokens)));
    let pairs = pairs(&tokens);
    let mut out = Vec::with_capacity(tokens.len());
    parameters(&tokens, &pairs, 0, tokens.len(), &mut out);
    final_and_prewhere(out)
}

/// Which brackets belong together.
fn pairs(tokens: &[TokenWithSpan]) -> HashMap<usize, usize> {
    let (mut open, mut pairs) = (Vec::new(), HashMap::new());
    for (index, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => open.push(index),
            Token::RParen => {
                if let Some(start) = open.pop() {
                    pairs.insert(start, index);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// `f(parameters)(arguments)` becomes `f(arguments, parameters)`. Brackets inside each other are
/// bounded before.
fn parameters(
    tokens: &[TokenWithSpan],
    pairs: &HashMap<usize, usize>,
    from: usize,
    to: usize,
    out: &mut Vec<TokenWithSpan>,
) {
    let mut index = from;
    while index < to {
        out.push(tokens[index].clone());
        let call = matches!(&tokens[index].token, Token::Word(word) if is_name(word.keyword))
            .then(|| {
                let first = pairs.get(&(index + 1)).copied()?;
                let second = pairs.get(&(first + 1)).copied()?;
                Some((first, second))
            })
            .flatten();
        let Some((first, second)) = call else {
            index += 1;
            continue;
        };
        out.push(tokens[first + 1].clone());
        let before = out.len();
        parameters(tokens, pairs, first + 2, second, out);
        if out.len() > before && first > index + 2 {
            out.push(TokenWithSpan::new(Token::Comma, tokens[first].span));
        }
        parameters(tokens, pairs, index + 2, first, out);
        out.push(tokens[second].clone());
        index = second + 1;
    }
}

/// Whether it can be the name of a function, and not a word between two brackets.
fn is_name(keyword: Keyword) -> bool {
    !matches!(
        keyword,
        Keyword::IN
            | Keyword::VALUES
            | Keyword::OVER
            | Keyword::USING
            | Keyword::ON
            | Keyword::AS
            | Keyword::FILTER
            | Keyword::FROM
            | Keyword::JOIN
            | Keyword::SELECT
            | Keyword::WHERE
            | Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::BY
            | Keyword::EXISTS
            | Keyword::EXCEPT
    )
}

/// `FINAL` says what is so anyway; `PREWHERE` is WHERE.
fn final_and_prewhere(tokens: Vec<TokenWithSpan>) -> (Vec<TokenWithSpan>, bool) {
    const ENDS: [&str; 20] = [
        "WHERE",
        "PREWHERE",
        "GROUP",
        "HAVING",
        "ORDER",
        "LIMIT",
        "JOIN",
        "LEFT",
        "RIGHT",
        "INNER",
        "FULL",
        "CROSS",
        "ASOF",
        "LATEST",
        "ON",
        "USING",
        "UNION",
        "AS",
        "PARTITION",
        "SHUFFLE",
    ];
    let named = |index: usize| {
        is_word(&tokens[index].token, "FINAL")
            && tokens.get(index + 1).map(|t| &t.token) == Some(&Token::Period)
    };
    let as_name = (0..tokens.len()).any(named);
    // For each open bracket whether FROM was the last clause that began.
    let mut in_from = vec![false];
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut found = false;
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1).map(|next| &next.token);
        let from = in_from.last().copied().unwrap_or(false);
        match &token.token {
            Token::LParen => in_from.push(false),
            Token::RParen => {
                in_from.pop();
            }
            Token::Word(word) if word.quote_style.is_none() => {
                let final_word = from
                    && !as_name
                    && is_word(&token.token, "FINAL")
                    && out.last().is_some_and(|before| {
                        let word = matches!(&before.token, Token::Word(_));
                        (word && !is_word(&before.token, "AS")) || before.token == Token::RParen
                    })
                    && next.is_none_or(|next| {
                        matches!(next, Token::RParen | Token::Comma)
                            || ENDS.iter().any(|word| is_word(next, word))
                    });
                if final_word {
                    found = true;
                    continue;
                }
                if from && is_word(&token.token, "PREWHERE") {
                    set(&mut in_from, false);
                    out.push(super::word("WHERE", Keyword::WHERE, token.span));
                    continue;
                }
                match word.keyword {
                    Keyword::FROM | Keyword::JOIN => set(&mut in_from, true),
                    Keyword::SELECT
                    | Keyword::WHERE
                    | Keyword::GROUP
                    | Keyword::HAVING
                    | Keyword::ORDER
                    | Keyword::LIMIT
                    | Keyword::ON
                    | Keyword::USING => set(&mut in_from, false),
                    _ => {}
                }
            }
            _ => {}
        }
        out.push(token.clone());
    }
    (out, found)
}

fn set(levels: &mut [bool], value: bool) {
    if let Some(level) = levels.last_mut() {
        *level = value;
    }
}

/// Takes names of expressions out, where the grammar knows none.
pub(super) fn named(
    source: &Source<'_>,
    tokens: Vec<TokenWithSpan>,
) -> Result<(Vec<TokenWithSpan>, Vec<Named>), SqlError> {
    let (tokens, mut names) = in_with(source, tokens)?;
    let tokens = inner_alias::take(source, tokens, &mut names)?;
    Ok((tokens, names))
}

/// Takes `expression AS name` out of each WITH, which is for queries alone.
fn in_with(
    source: &Source<'_>,
    tokens: Vec<TokenWithSpan>,
) -> Result<(Vec<TokenWithSpan>, Vec<Named>), SqlError> {
    let mut names: Vec<Named> = Vec::new();
    let mut out = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let begins = is_word(&tokens[index].token, "WITH")
            && (index == 0 || tokens[index - 1].token == Token::LParen);
        let end = begins
            .then(|| top(&tokens, index + 1, |token| is_word(token, "SELECT")))
            .flatten();
        let Some(end) = end else {
            out.push(tokens[index].clone());
            index += 1;
            continue;
        };
        let mut queries: Vec<&[TokenWithSpan]> = Vec::new();
        let mut start = index + 1;
        while start < end {
            let comma = top(&tokens[..end], start, |token| *token == Token::Comma);
            let item = &tokens[start..comma.unwrap_or(end)];
            match item {
                [expr @ .., word, name]
                    if is_word(&word.token, "AS")
                        && !expr.is_empty()
                        && matches!(name.token, Token::Word(_)) =>
                {
                    let Token::Word(name_word) = &name.token else {
                        continue;
                    };
                    if names.iter().any(|named| named.name == name_word.value) {
                        let words = format!("WITH defines '{}' twice", name_word.value);
                        return Err(SqlError::at(words, name.span));
                    }
                    if names.len() >= MOST_NAMES {
                        let words = format!("more than {MOST_NAMES} names in WITH");
                        return Err(SqlError::at(words, name.span));
                    }
                    let expr = super::expression(source, expr)?;
                    names.push(Named::everywhere(&name_word.value, expr));
                }
                item => queries.push(item),
            }
            start = comma.map_or(end, |comma| comma + 1);
        }
        for (place, query) in queries.iter().enumerate() {
            let before = match place {
                0 => tokens[index].clone(),
                _ => {
                    let first = query.first().unwrap_or(&tokens[index]);
                    TokenWithSpan::new(Token::Comma, first.span)
                }
            };
            out.push(before);
            // A query in it can have a WITH of its own.
            let (query, more) = in_with(source, query.to_vec())?;
            out.extend(query);
            names.extend(more);
        }
        index = end;
    }
    Ok((out, names))
}

/// The first token outside brackets, from `start` on, that `stop` accepts.
fn top(tokens: &[TokenWithSpan], start: usize, stop: impl Fn(&Token) -> bool) -> Option<usize> {
    let mut depth = 0i64;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
            Token::RParen | Token::RBracket | Token::RBrace => depth -= 1,
            other if depth == 0 && stop(other) => return Some(index),
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    None
}
