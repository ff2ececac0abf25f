//! `ALTER STREAM …`, `ALTER VIEW …`, `SYSTEM …`.

use sqlparser::tokenizer::Token;
use weir_api::timeplus::stream::UpdateStream;

use super::{ColumnChange, Control, Ddl, create, cursor::Cursor, source::is_word};
use crate::SqlError;

/// `SYSTEM {PAUSE | RESUME | UNPAUSE | RECOVER} MATERIALIZED VIEW v`
pub(super) fn system(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("SYSTEM")?;
    let control = if cursor.accept_word("PAUSE") {
        Control::Pause
    } else if cursor.accept_word("RESUME") || cursor.accept_word("UNPAUSE") {
        Control::Resume
    } else if cursor.accept_word("RECOVER") {
        Control::Recover
    } else {
        return Err(cursor.expected("PAUSE, RESUME or RECOVER"));
    };
    cursor.expect_word("MATERIALIZED")?;
    cursor.expect_word("VIEW")?;
    let name = cursor.object("the view's name")?;
    cursor.expect_end()?;
    Ok(Ddl::ControlMaterializedView { name, control })
}

pub(super) fn alter(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("ALTER")?;
    if cursor.accept_word("VIEW") {
        return alter_view(cursor);
    }
    if !cursor.accept_word("STREAM") {
        return Err(cursor.expected("STREAM or VIEW"));
    }
    let name = cursor.object("the stream's name")?;
    let (mut change, mut columns) = (UpdateStream::default(), Vec::new());
    loop {
        match column_change(cursor)? {
            Some(column) => columns.push(column),
            None => modify(cursor, &mut change)?,
        }
        if !cursor.accept(&Token::Comma) {
            break;
        }
    }
    super::show::skip_settings(cursor)?;
    cursor.expect_end()?;
    match (columns.is_empty(), change == UpdateStream::default()) {
        (true, _) => Ok(Ddl::AlterStream { name, change }),
        (false, true) => Ok(Ddl::AlterColumns { name, columns }),
        (false, false) => Err(SqlError::at(
            "change columns and other things in two statements",
            cursor.span(),
        )),
    }
}

/// `ADD | DROP | RENAME | MODIFY COLUMN …`
fn column_change(cursor: &mut Cursor<'_>) -> Result<Option<ColumnChange>, SqlError> {
    let span = cursor.span();
    if cursor.accept_words(&["ADD", "COLUMN"]) {
        let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
        let column = create::column(cursor)?;
        if cursor.accept_word("AFTER") || cursor.accept_word("FIRST") {
            return Err(SqlError::unsupported(
                "the place of a new column (it comes last, before _tp_time)",
                span,
            ));
        }
        return Ok(Some(ColumnChange::Add {
            column,
            if_not_exists,
        }));
    }
    if cursor.accept_words(&["DROP", "COLUMN"]) {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.name("a column's name")?;
        return Ok(Some(ColumnChange::Drop { name, if_exists }));
    }
    if cursor.accept_words(&["RENAME", "COLUMN"]) {
        let from = cursor.name("a column's name")?;
        cursor.expect_word("TO")?;
        let to = cursor.name("the column's new name")?;
        return Ok(Some(ColumnChange::Rename { from, to }));
    }
    if cursor.accept_words(&["MODIFY", "COLUMN"]) {
        let what = "MODIFY COLUMN (add a column of the new type and drop the old one)";
        return Err(SqlError::unsupported(what, span));
    }
    for words in [
        &["ADD", "INDEX"][..],
        &["DROP", "INDEX"],
        &["MATERIALIZE", "INDEX"],
        &["CLEAR", "INDEX"],
        &["DROP", "PARTITION"],
    ] {
        if cursor.accept_words(words) {
            let what = format!(
                "ALTER STREAM … {} (indexes are part of CREATE MUTABLE STREAM, and TTL deletes rows)",
                words.join(" ")
            );
            return Err(SqlError::unsupported(what, span));
        }
    }
    Ok(None)
}

fn modify(cursor: &mut Cursor<'_>, change: &mut UpdateStream) -> Result<(), SqlError> {
    if cursor.accept_words(&["REMOVE", "TTL"]) {
        change.ttl_expression = Some(String::new());
        return Ok(());
    }
    let span = cursor.span();
    if cursor.accept_words(&["MODIFY", "QUERY"]) || cursor.accept_words(&["RESET", "QUERY"]) {
        return Err(SqlError::unsupported(
            "a change of a view's query (make the view anew)",
            span,
        ));
    }
    if !cursor.accept_word("MODIFY") {
        return Err(cursor.expected("ADD, DROP or RENAME COLUMN, MODIFY or REMOVE TTL"));
    }
    let end = |token: &Token| *token == Token::Comma;
    if cursor.accept_word("TTL") {
        change.ttl_expression = Some(cursor.expression(end)?);
    } else if cursor.accept_word("COMMENT") {
        change.description = Some(cursor.string("a comment in quotes")?);
    } else if cursor.accept_word("SETTING") || cursor.accept_word("SETTINGS") {
        loop {
            setting(cursor, change)?;
            let next = cursor.rest().get(1).map(|token| &token.token);
            let more = cursor.peek() == Some(&Token::Comma)
                && next.is_some_and(|next| {
                    let words = ["MODIFY", "REMOVE", "ADD", "DROP", "RENAME"];
                    !words.iter().any(|word| is_word(next, word))
                });
            if !more {
                break;
            }
            cursor.expect(&Token::Comma)?;
        }
    } else {
        return Err(cursor.expected("COLUMN, TTL, SETTING or COMMENT"));
    }
    Ok(())
}

fn setting(cursor: &mut Cursor<'_>, change: &mut UpdateStream) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    match name.as_str() {
        "logstore_retention_ms" => change.logstore_retention_ms = Some(create::integer(cursor)?),
        "logstore_retention_bytes" => {
            change.logstore_retention_bytes = Some(create::integer(cursor)?);
        }
        tuning if create::TUNING.contains(&tuning) => create::value(cursor)?,
        _ => {
            return Err(SqlError::unsupported(
                format!(
                    "setting '{name}' (logstore_retention_ms, logstore_retention_bytes and what \
                     only tunes are)"
                ),
                span,
            ));
        }
    }
    Ok(())
}

/// `ALTER VIEW v MODIFY COMMENT 'c'`, `ALTER VIEW v {MODIFY | RESET} QUERY SETTING …`
fn alter_view(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let name = cursor.object("the view's name")?;
    let span = cursor.span();
    if cursor.accept_words(&["MODIFY", "COMMENT"]) {
        let description = cursor.string("a comment in quotes")?;
        cursor.expect_end()?;
        return Ok(Ddl::AlterView { name, description });
    }
    Err(SqlError::unsupported(
        "a change of a view other than MODIFY COMMENT (its rows are kept as ALTER STREAM says; for \
         another query or other settings make it anew)",
        span,
    ))
}
