//! Views, and `DROP …`.

use sqlparser::tokenizer::Token;

use super::{Ddl, cursor::Cursor, external, show::skip_settings, source::is_word};
use crate::SqlError;

/// After `CREATE [OR REPLACE] VIEW`.
pub(super) fn view(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the view's name")?;
    let (query, description) = as_query(cursor)?;
    Ok(Ddl::CreateView {
        name,
        query,
        description,
        if_not_exists,
        or_replace,
    })
}

/// After `CREATE MATERIALIZED VIEW`.
pub(super) fn materialized(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the view's name")?;
    let target = if cursor.accept_word("INTO") {
        Some(cursor.object("the target stream's name")?)
    } else {
        None
    };
    let (query, description) = as_query(cursor)?;
    Ok(Ddl::CreateMaterializedView {
        name,
        target,
        query,
        description,
        if_not_exists,
    })
}

/// `AS SELECT … [COMMENT 'c']`: the query, and the comment.
fn as_query(cursor: &mut Cursor<'_>) -> Result<(String, Option<String>), SqlError> {
    cursor.expect_word("AS")?;
    if cursor.at_end() {
        return Err(cursor.expected("a SELECT"));
    }
    let (query, comment) = match cursor.rest() {
        [query @ .., word, text] if is_word(&word.token, "COMMENT") && !query.is_empty() => {
            match &text.token {
                Token::SingleQuotedString(text) => (query, Some(text.clone())),
                _ => (cursor.rest(), None),
            }
        }
        query => (query, None),
    };
    let select = super::select(cursor.source, query)?;
    Ok((select.sql, comment))
}

/// `DELETE FROM s WHERE …`, `TRUNCATE STREAM s`
pub(super) fn delete_rows(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    if cursor.accept_word("TRUNCATE") {
        let _ = cursor.accept_word("STREAM") || cursor.accept_word("TABLE");
        let name = cursor.object("the stream's name")?;
        skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DeleteRows {
            name,
            condition: None,
        });
    }
    cursor.expect_word("DELETE")?;
    cursor.expect_word("FROM")?;
    let name = cursor.object("the stream's name")?;
    cursor.expect_word("WHERE")?;
    let condition = cursor.expression(|token| is_word(token, "SETTINGS"))?;
    skip_settings(cursor)?;
    cursor.expect_end()?;
    Ok(Ddl::DeleteRows {
        name,
        condition: Some(condition),
    })
}

pub(super) fn drop(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("DROP")?;
    if cursor.accept_word("FUNCTION") {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.name("the function's name")?;
        skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DropFunction { name, if_exists });
    }
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        return external::drop_schema(cursor);
    }
    let stream = [
        &["STREAM"][..],
        &["EXTERNAL", "STREAM"],
        &["MUTABLE", "STREAM"],
        &["RANDOM", "STREAM"],
        &["EXTERNAL", "TABLE"],
        &["TABLE"],
    ]
    .iter()
    .any(|words| cursor.accept_words(words));
    if !stream && !cursor.accept_words(&["MATERIALIZED", "VIEW"]) && !cursor.accept_word("VIEW") {
        return Err(cursor.expected("STREAM, VIEW, FUNCTION or FORMAT SCHEMA"));
    }
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    let name = cursor.object("a name")?;
    skip_settings(cursor)?;
    cursor.expect_end()?;
    Ok(if stream {
        Ddl::DropStream { name, if_exists }
    } else {
        Ddl::DropView { name, if_exists }
    })
}
