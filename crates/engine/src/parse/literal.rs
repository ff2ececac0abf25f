//! Values of settings.

use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use crate::SqlError;

/// A number, a text or a word, whatever it says.
pub(super) fn value(cursor: &mut Cursor<'_>) -> Result<(), SqlError> {
    match cursor.peek() {
        Some(Token::Word(_) | Token::SingleQuotedString(_)) => cursor.skip(),
        _ => {
            integer(cursor)?;
        }
    }
    Ok(())
}

/// `true`, `1`, `false` or `0`
pub(super) fn flag(cursor: &mut Cursor<'_>) -> Result<bool, SqlError> {
    for (word, value) in [("true", true), ("false", false)] {
        if cursor.accept_word(word) {
            return Ok(value);
        }
    }
    let span = cursor.span();
    match cursor.accept_number() {
        Some("1") => Ok(true),
        Some("0") => Ok(false),
        _ => Err(SqlError::at("expected true or false", span)),
    }
}

pub(super) fn integer(cursor: &mut Cursor<'_>) -> Result<i64, SqlError> {
    let span = cursor.span();
    let sign = if cursor.accept(&Token::Minus) {
        "-"
    } else {
        ""
    };
    cursor
        .accept_number()
        .and_then(|text| format!("{sign}{text}").parse().ok())
        .ok_or_else(|| SqlError::at("expected a whole number", span))
}
