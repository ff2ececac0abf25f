//! Turns what only Timeplus writes into tokens that the general grammar reads, at the same places:
//! `5s` becomes `INTERVAL 5 SECOND`, and the type after `::` or `CAST(… AS` becomes one word.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan, Word},
};

use super::source::{Source, is_word};
use crate::{SqlError, functions};

pub(crate) fn rewrite(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
) -> Result<Vec<TokenWithSpan>, SqlError> {
    let casts = cast_types(tokens);
    let mut out = Vec::with_capacity(tokens.len() + 8);
    let mut index = 0;
    while index < tokens.len() {
        let token = &tokens[index];
        if let Some((_, end)) = casts.iter().find(|(start, _)| *start == index) {
            out.push(type_word(source, &tokens[index..*end]));
            index = *end;
            continue;
        }
        match (&token.token, tokens.get(index + 1)) {
            (Token::Number(number, false), Some(next)) if touches(token, next) => {
                let unit = match &next.token {
                    Token::Word(word) if word.quote_style.is_none() => unit(&word.value),
                    _ => None,
                };
                let Some(unit) = unit else {
                    return Err(SqlError::at(
                        format!(
                            "'{number}{}' is neither a number nor a duration like 5s",
                            next.token
                        ),
                        token.span,
                    ));
                };
                out.push(word("INTERVAL", Keyword::INTERVAL, token.span));
                out.push(token.clone());
                out.push(word(unit.0, unit.1, next.span));
                index += 2;
            }
            (Token::DoubleColon, Some(_)) => {
                out.push(token.clone());
                let end = type_end(tokens, index + 1);
                if end > index + 1 {
                    out.push(type_word(source, &tokens[index + 1..end]));
                }
                index = end;
            }
            // Calls of functions whose names the grammar gives a form of their own.
            (Token::Word(w), Some(next))
                if w.keyword != Keyword::NoKeyword
                    && next.token == Token::LParen
                    && is_plain_call(tokens, index, w) =>
            {
                out.push(word(&w.value, Keyword::NoKeyword, token.span));
                index += 1;
            }
            _ => {
                out.push(token.clone());
                index += 1;
            }
        }
    }
    Ok(out)
}

fn touches(token: &TokenWithSpan, next: &TokenWithSpan) -> bool {
    token.span.end == next.span.start && matches!(next.token, Token::Word(_))
}

fn word(value: &str, keyword: Keyword, span: Span) -> TokenWithSpan {
    let token = Token::Word(Word {
        value: value.to_string(),
        quote_style: None,
        keyword,
    });
    TokenWithSpan::new(token, span)
}

fn type_word(source: &Source<'_>, tokens: &[TokenWithSpan]) -> TokenWithSpan {
    let span = tokens.first().map_or(Span::empty(), |token| token.span);
    word(source.slice(tokens), Keyword::NoKeyword, span)
}

/// Upper case M is a month, lower case m a minute.
fn unit(suffix: &str) -> Option<(&'static str, Keyword)> {
    Some(match suffix {
        "M" => ("MONTH", Keyword::MONTH),
        _ => match suffix.to_ascii_lowercase().as_str() {
            "ns" => ("NANOSECOND", Keyword::NANOSECOND),
            "us" => ("MICROSECOND", Keyword::MICROSECOND),
            "ms" => ("MILLISECOND", Keyword::MILLISECOND),
            "s" => ("SECOND", Keyword::SECOND),
            "m" => ("MINUTE", Keyword::MINUTE),
            "h" => ("HOUR", Keyword::HOUR),
            "d" => ("DAY", Keyword::DAY),
            "w" => ("WEEK", Keyword::WEEK),
            "q" => ("QUARTER", Keyword::QUARTER),
            "y" => ("YEAR", Keyword::YEAR),
            _ => return None,
        },
    })
}

/// A type is a word, perhaps followed by brackets.
fn type_end(tokens: &[TokenWithSpan], start: usize) -> usize {
    if !matches!(tokens.get(start).map(|t| &t.token), Some(Token::Word(_))) {
        return start;
    }
    match tokens.get(start + 1) {
        Some(next) if next.token == Token::LParen => {
            closing(tokens, start + 1).map_or(start + 1, |c| c + 1)
        }
        _ => start + 1,
    }
}

fn closing(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

/// The last `AS` directly inside the bracket at `open`.
fn as_inside(tokens: &[TokenWithSpan], open: usize) -> Option<(usize, usize)> {
    let close = closing(tokens, open)?;
    let (mut depth, mut found) = (0usize, None);
    for (index, token) in tokens.iter().enumerate().take(close).skip(open) {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            other if depth == 1 && is_word(other, "AS") => found = Some(index),
            _ => {}
        }
    }
    found.map(|index| (index, close))
}

/// Whether the word before the bracket at `index + 1` is the name of a function, called with
/// arguments and nothing else: `cast(x, 'type')`, not `CAST(x AS type)`.
fn is_plain_call(tokens: &[TokenWithSpan], index: usize, word: &Word) -> bool {
    let known =
        functions::find(&word.value).is_some() || functions::aggregate::find(&word.value).is_some();
    if !known || has_word(tokens, index + 1, &["AS", "FROM", "FOR", "IN"]) {
        return false;
    }
    // `x LIKE (…)` is an operator.
    let operator = matches!(word.keyword, Keyword::LIKE | Keyword::ILIKE);
    !operator
        || match index.checked_sub(1).map(|before| &tokens[before].token) {
            None | Some(Token::Comma | Token::LParen) => true,
            Some(Token::Word(before)) => matches!(
                before.keyword,
                Keyword::SELECT
                    | Keyword::WHERE
                    | Keyword::AND
                    | Keyword::OR
                    | Keyword::WHEN
                    | Keyword::BY
            ),
            Some(_) => false,
        }
}

/// Whether one of the words stands directly inside the bracket at `open`.
fn has_word(tokens: &[TokenWithSpan], open: usize, words: &[&str]) -> bool {
    let end = closing(tokens, open).unwrap_or(tokens.len());
    let mut depth = 0usize;
    tokens[open..end].iter().any(|token| {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            other => return depth == 1 && words.iter().any(|word| is_word(other, word)),
        }
        false
    })
}

/// Start and end of the type in each `CAST(… AS type)`.
fn cast_types(tokens: &[TokenWithSpan]) -> Vec<(usize, usize)> {
    tokens
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| {
            (is_word(&pair[0].token, "CAST") || is_word(&pair[0].token, "TRY_CAST"))
                && pair[1].token == Token::LParen
        })
        .filter_map(|(index, _)| as_inside(tokens, index + 1))
        .map(|(found, close)| (found + 1, close))
        .filter(|(start, end)| start < end)
        .collect()
}
