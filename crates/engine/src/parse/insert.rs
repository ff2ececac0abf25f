//! `INSERT INTO s (a, b) VALUES (1, 'x'), …`

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{Cell, Insert, Rows, cursor::Cursor, source::is_word};
use crate::SqlError;

pub(super) fn insert(cursor: &mut Cursor<'_>) -> Result<Insert, SqlError> {
    cursor.expect_word("INSERT")?;
    cursor.expect_word("INTO")?;
    let _ = cursor.accept_word("STREAM") || cursor.accept_word("TABLE");
    let stream = cursor.object("the stream's name")?;
    let columns = if cursor.peek() == Some(&Token::LParen) {
        cursor.names()?
    } else {
        Vec::new()
    };
    super::show::skip_settings(cursor)?;
    if cursor.peek().is_some_and(|token| is_word(token, "FORMAT")) {
        let what = "INSERT … FORMAT; use VALUES or SELECT, or send files and messages to the ingest \
                    endpoint of the stream";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    if cursor
        .peek()
        .is_some_and(|token| is_word(token, "SELECT") || is_word(token, "WITH"))
    {
        let select = super::select(cursor.source, cursor.rest())?;
        return Ok(Insert {
            stream,
            columns,
            rows: Rows::Select(Box::new(select)),
        });
    }
    cursor.expect_word("VALUES")?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    loop {
        let span = cursor.span();
        let row = row(cursor)?;
        let wanted = rows.first().map_or(columns.len(), Vec::len);
        if wanted != 0 && row.len() != wanted {
            return Err(SqlError::at(
                format!("this row has {} values, not {wanted}", row.len()),
                span,
            ));
        }
        rows.push(row);
        cursor.accept(&Token::Comma);
        if cursor.at_end() {
            return Ok(Insert {
                stream,
                columns,
                rows: Rows::Values(rows),
            });
        }
    }
}

fn row(cursor: &mut Cursor<'_>) -> Result<Vec<Cell>, SqlError> {
    cursor.expect(&Token::LParen)?;
    let mut values = vec![value(cursor)?];
    while cursor.accept(&Token::Comma) {
        values.push(value(cursor)?);
    }
    cursor.expect(&Token::RParen)?;
    Ok(values)
}

/// Literals as they stand, anything else is computed later.
fn value(cursor: &mut Cursor<'_>) -> Result<Cell, SqlError> {
    let span = cursor.span();
    let tokens = cursor.until(|token| *token == Token::Comma);
    if let Some(json) = literal(tokens) {
        return Ok(Cell::Literal(json));
    }
    if tokens.is_empty() {
        return Err(cursor.expected("a value"));
    }
    let expr = super::expression(cursor.source, tokens)?;
    Ok(Cell::Computed(Box::new(expr), span))
}

/// Containers in one another; more are left to the general expression, which refuses them.
const DEEPEST: usize = 32;

fn literal(tokens: &[TokenWithSpan]) -> Option<String> {
    literal_within(tokens, DEEPEST)
}

fn literal_within(tokens: &[TokenWithSpan], depth: usize) -> Option<String> {
    match tokens {
        [] => None,
        [only] => match &only.token {
            Token::Number(text, false) => json_number(text),
            Token::SingleQuotedString(text) => serde_json::to_string(text).ok(),
            token => ["true", "false", "null"]
                .into_iter()
                .find(|word| is_word(token, word))
                .map(str::to_string),
        },
        [minus, number] => match (&minus.token, &number.token) {
            (Token::LBracket, Token::RBracket) => Some("[]".to_string()),
            (Token::Minus, Token::Number(text, false)) => json_number(&format!("-{text}")),
            _ => None,
        },
        [first, inside @ .., last] => {
            let depth = depth.checked_sub(1)?;
            match (&first.token, inside, &last.token) {
                (Token::LBracket, items, Token::RBracket) => list(items, depth),
                (word, [open, items @ ..], Token::RParen) if open.token == Token::LParen => {
                    if is_word(word, "map") {
                        object(items, depth)
                    } else if is_word(word, "tuple") || is_word(word, "array") {
                        list(items, depth)
                    } else {
                        None
                    }
                }
                _ => None,
            }
        }
    }
}

/// `[a, b]` and `tuple(a, b)` as JSON, digit for digit.
fn list(tokens: &[TokenWithSpan], depth: usize) -> Option<String> {
    let items = parts(tokens)?.into_iter();
    let items: Option<Vec<String>> = items.map(|item| literal_within(item, depth)).collect();
    Some(format!("[{}]", items?.join(",")))
}

/// `map('k', 1, …)`.
fn object(tokens: &[TokenWithSpan], depth: usize) -> Option<String> {
    let parts = parts(tokens)?;
    if !parts.len().is_multiple_of(2) {
        return None;
    }
    let member = |pair: &[&[TokenWithSpan]]| {
        let key = literal_within(pair[0], depth)?;
        let key = match key.starts_with('"') {
            true => key,
            false => format!("\"{key}\""),
        };
        Some(format!("{key}:{}", literal_within(pair[1], depth)?))
    };
    let members: Option<Vec<String>> = parts.chunks_exact(2).map(member).collect();
    Some(format!("{{{}}}", members?.join(",")))
}

/// Between commas outside brackets; `None` where the brackets do not match.
fn parts(tokens: &[TokenWithSpan]) -> Option<Vec<&[TokenWithSpan]>> {
    if tokens.is_empty() {
        return Some(Vec::new());
    }
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.checked_sub(1)?,
            Token::Comma if depth == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    (depth == 0).then_some(parts)
}

/// `.5` and `007` are numbers in SQL, not in JSON.
fn json_number(text: &str) -> Option<String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .ok()
        .map(|_| text.to_string())
}
