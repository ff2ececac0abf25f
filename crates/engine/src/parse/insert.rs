//! `INSERT INTO s (a, b) VALUES (1, 'x'), …`

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{Cell, Insert, Rows, cursor::Cursor, source::is_word};
use crate::SqlError;

pub(super) fn insert(cursor: &mut Cursor<'_>) -> Result<Insert, SqlError> {
    cursor.expect_word("INSERT")?;
    cursor.expect_word("INTO")?;
    let stream = cursor.name("the stream's name")?;
    let columns = if cursor.peek() == Some(&Token::LParen) {
        cursor.names()?
    } else {
        Vec::new()
    };
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

fn literal(tokens: &[TokenWithSpan]) -> Option<String> {
    match tokens {
        [only] => match &only.token {
            Token::Number(text, false) => json_number(text),
            Token::SingleQuotedString(text) => serde_json::to_string(text).ok(),
            token => ["true", "false", "null"]
                .into_iter()
                .find(|word| is_word(token, word))
                .map(str::to_string),
        },
        [minus, number] => match (&minus.token, &number.token) {
            (Token::Minus, Token::Number(text, false)) => json_number(&format!("-{text}")),
            _ => None,
        },
        _ => None,
    }
}

/// `.5` and `007` are numbers in SQL, not in JSON.
fn json_number(text: &str) -> Option<String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .ok()
        .map(|_| text.to_string())
}
