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
    if let Some(kind) = ["DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL", "CODEC"]
        .into_iter()
        .find(|word| cursor.peek().is_some_and(|token| is_word(token, word)))
    {
        let words = format!(
            "the type of '{}' comes before {kind}, as in `{} uint64 {kind} …`",
            column.name, column.name
        );
        return Err(SqlError::at(words, cursor.span()));
    }
    let data_type = data_type(cursor, "the column's type")?;
    column.data_type = data_type.to_string();
    let stop = |token: &Token| {
        *token == Token::Comma
            || [
                "CODEC",
                "TTL",
                "COMMENT",
                "DEFAULT",
                "NOT",
                "AFTER",
                "FIRST",
                "SETTINGS",
                "MATERIALIZED",
                "ALIAS",
                "EPHEMERAL",
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
        } else if let Some(kind) = computed(cursor.peek()) {
            cursor.accept_word(kind);
            column.default = Some(cursor.expression(stop)?);
            cursor.notice(format!(
                "{kind} of '{}' is DEFAULT here: the value is computed when a row comes that has \
                 none, is kept, and stands among *",
                column.name
            ));
        } else if cursor
            .peek()
            .is_some_and(|token| is_word(token, "EPHEMERAL"))
        {
            let what =
                "EPHEMERAL; use a DEFAULT column, or compute the others in a materialized view";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor
            .peek()
            .is_some_and(|token| is_word(token, "AUTO_INCREMENT"))
        {
            let what = "AUTO_INCREMENT; DEFAULT now64() or DEFAULT uuid() gives each row a value";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else if cursor.peek().is_some_and(|token| is_word(token, "PRIMARY")) {
            let what = "PRIMARY KEY of a column; write PRIMARY KEY (a) after the list of columns";
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

/// Words before the expression that a column is computed by.
fn computed(token: Option<&Token>) -> Option<&'static str> {
    let token = token?;
    let mut words = ["MATERIALIZED", "ALIAS"].into_iter();
    words.find(|word| is_word(token, word))
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
