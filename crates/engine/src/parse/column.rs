//! A column of a definition and its type.

use sqlparser::tokenizer::Token;
use weir_api::{DataType, timeplus::stream::ColumnDef};

use super::{cursor::Cursor, source::is_word};
use crate::SqlError;

pub(super) fn column(cursor: &mut Cursor<'_>) -> Result<ColumnDef, SqlError> {
    let mut column = ColumnDef {
        name: cursor.name("a column's name")?,
        ..ColumnDef::default()
    };
    let data_type = data_type(cursor, "the column's type")?;
    column.data_type = data_type.to_string();
    let stop = |token: &Token| {
        *token == Token::Comma
            || [
                "CODEC", "TTL", "COMMENT", "DEFAULT", "NOT", "AFTER", "FIRST", "SETTINGS",
            ]
            .iter()
            .any(|w| is_word(token, w))
    };
    loop {
        if cursor.accept_word("DEFAULT") {
            column.default = Some(cursor.expression(stop)?);
        } else if cursor.accept_word("TTL") {
            column.ttl_expression = Some(cursor.expression(stop)?);
        } else if cursor.accept_word("CODEC") {
            cursor.expect(&Token::LParen)?;
            let inside = cursor.until(|_| false);
            column.codec = Some(format!("CODEC({})", cursor.source.slice(inside)));
            cursor.without_effect("CODEC");
            cursor.expect(&Token::RParen)?;
        } else if cursor.accept_words(&["NOT", "NULL"]) {
        } else if cursor.accept_word("NULL") {
            if !data_type.is_nullable() {
                column.data_type = format!("nullable({data_type})");
            }
        } else if cursor.accept_word("COMMENT") {
            cursor.string("a comment in quotes")?;
            cursor.without_effect("COMMENT of a column");
        } else if cursor
            .peek()
            .is_some_and(|token| is_word(token, "MATERIALIZED") || is_word(token, "EPHEMERAL"))
        {
            let what = "MATERIALIZED and EPHEMERAL columns (DEFAULT is)";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor
            .peek()
            .is_some_and(|token| is_word(token, "AUTO_INCREMENT"))
        {
            let what = "AUTO_INCREMENT (DEFAULT now64() or DEFAULT uuid() gives each row a value)";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor.peek().is_some_and(|token| is_word(token, "PRIMARY")) {
            let what = "PRIMARY KEY of a column (PRIMARY KEY (a) behind the columns is)";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor.peek().is_some_and(|token| is_word(token, "ALIAS")) {
            let what = "ALIAS (DEFAULT is, or a view that computes the column)";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor.peek().is_none_or(|token| {
            matches!(token, Token::Comma | Token::RParen)
                || ["AFTER", "FIRST", "SETTINGS"]
                    .iter()
                    .any(|word| is_word(token, word))
        }) {
            return Ok(column);
        } else {
            return Err(cursor.expected("DEFAULT, CODEC, TTL, a comma or a closing bracket"));
        }
    }
}

pub(super) fn data_type(cursor: &mut Cursor<'_>, what: &str) -> Result<DataType, SqlError> {
    let span = cursor.span();
    let start = cursor.rest();
    cursor.name(what)?;
    let mut length = 1;
    if cursor.peek() == Some(&Token::LParen) {
        cursor.expect(&Token::LParen)?;
        length += 2 + cursor.until(|_| false).len();
        cursor.expect(&Token::RParen)?;
    }
    crate::types::parse(cursor.source.slice(&start[..length]))
        .map_err(|message| SqlError::at(message, span))
}
