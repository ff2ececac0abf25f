//! Views, and the short statements: DROP, ALTER, SHOW, DESCRIBE.

use sqlparser::tokenizer::Token;
use weir_api::timeplus::stream::UpdateStream;

use super::{Body, Control, Ddl, Select, Statement, cursor::Cursor, external, source::is_word};
use crate::SqlError;

/// After `CREATE [OR REPLACE] VIEW`.
pub(super) fn view(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name("the view's name")?;
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
    let name = cursor.name("the view's name")?;
    let target = if cursor.accept_word("INTO") {
        Some(cursor.name("the target stream's name")?)
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
    let name = cursor.name("the view's name")?;
    cursor.expect_end()?;
    Ok(Ddl::ControlMaterializedView { name, control })
}

/// `ALTER VIEW v MODIFY COMMENT 'c'`
fn alter_view(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let name = cursor.name("the view's name")?;
    cursor.expect_word("MODIFY")?;
    if !cursor.accept_word("COMMENT") {
        return Err(SqlError::unsupported(
            "a change of a view other than MODIFY COMMENT (its rows are kept as ALTER STREAM says; \
             for another query make it anew)",
            cursor.span(),
        ));
    }
    let description = cursor.string("a comment in quotes")?;
    cursor.expect_end()?;
    Ok(Ddl::AlterView { name, description })
}

pub(super) fn drop(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("DROP")?;
    if cursor.accept_word("FUNCTION") {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.name("the function's name")?;
        cursor.expect_end()?;
        return Ok(Ddl::DropFunction { name, if_exists });
    }
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        return external::drop_schema(cursor);
    }
    let stream = [
        &["STREAM"][..],
        &["EXTERNAL", "STREAM"],
        &["EXTERNAL", "TABLE"],
        &["TABLE"],
    ]
    .iter()
    .any(|words| cursor.accept_words(words));
    if !stream && !cursor.accept_words(&["MATERIALIZED", "VIEW"]) && !cursor.accept_word("VIEW") {
        return Err(cursor.expected("STREAM, VIEW, FUNCTION or FORMAT SCHEMA"));
    }
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    let name = cursor.name("a name")?;
    cursor.expect_end()?;
    Ok(if stream {
        Ddl::DropStream { name, if_exists }
    } else {
        Ddl::DropView { name, if_exists }
    })
}

/// `ALTER STREAM s {MODIFY {TTL e | SETTING a = 1 | COMMENT 'c'} | REMOVE TTL}`
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("ALTER")?;
    if cursor.accept_word("VIEW") {
        return alter_view(cursor);
    }
    if !cursor.accept_word("STREAM") {
        return Err(cursor.expected("STREAM or VIEW"));
    }
    let name = cursor.name("the stream's name")?;
    let mut change = UpdateStream::default();
    loop {
        modify(cursor, &mut change)?;
        if !cursor.accept(&Token::Comma) {
            break;
        }
    }
    cursor.expect_end()?;
    Ok(Ddl::AlterStream { name, change })
}

fn modify(cursor: &mut Cursor<'_>, change: &mut UpdateStream) -> Result<(), SqlError> {
    if cursor.accept_words(&["REMOVE", "TTL"]) {
        change.ttl_expression = Some(String::new());
        return Ok(());
    }
    if !cursor.accept_word("MODIFY") {
        return Err(cursor.expected("MODIFY or REMOVE TTL"));
    }
    let end = |token: &Token| *token == Token::Comma;
    if cursor.accept_word("TTL") {
        change.ttl_expression = Some(cursor.expression(end)?);
    } else if cursor.accept_word("COMMENT") {
        change.description = Some(cursor.string("a comment in quotes")?);
    } else if cursor.accept_word("SETTING") || cursor.accept_word("SETTINGS") {
        loop {
            let span = cursor.span();
            let setting = cursor.name("a setting's name")?;
            cursor.expect(&Token::Eq)?;
            let value = super::create::integer(cursor)?;
            match setting.as_str() {
                "logstore_retention_ms" => change.logstore_retention_ms = Some(value),
                "logstore_retention_bytes" => change.logstore_retention_bytes = Some(value),
                _ => {
                    return Err(SqlError::unsupported(
                        format!(
                            "setting '{setting}' (logstore_retention_ms and \
                             logstore_retention_bytes are)"
                        ),
                        span,
                    ));
                }
            }
            let more = cursor
                .rest()
                .first()
                .is_some_and(|t| t.token == Token::Comma)
                && cursor
                    .rest()
                    .get(1)
                    .is_some_and(|t| !is_word(&t.token, "MODIFY") && !is_word(&t.token, "REMOVE"));
            if !more {
                break;
            }
            cursor.expect(&Token::Comma)?;
        }
    } else {
        return Err(cursor.expected("TTL, SETTING or COMMENT"));
    }
    Ok(())
}

pub(super) fn describe(cursor: &mut Cursor<'_>) -> Result<Statement, SqlError> {
    let sql = cursor.source.slice(cursor.rest()).to_string();
    let body = if cursor.accept_word("SHOW") {
        if cursor.accept_word("DATABASES") {
            Body::ShowDatabases
        } else {
            cursor.expect_word("STREAMS")?;
            Body::ShowStreams
        }
    } else {
        if !cursor.accept_word("DESCRIBE") {
            cursor.expect_word("DESC")?;
        }
        cursor.accept_word("STREAM");
        let span = cursor.span();
        Body::Describe {
            name: cursor.name("a stream's name")?,
            span,
        }
    };
    cursor.expect_end()?;
    Ok(Statement::Select(Box::new(Select { sql, body })))
}

/// `EXISTS [STREAM | VIEW] name`
pub(super) fn exists(cursor: &mut Cursor<'_>) -> Result<Statement, SqlError> {
    let sql = cursor.source.slice(cursor.rest()).to_string();
    cursor.expect_word("EXISTS")?;
    if cursor.rest().len() > 1 {
        let _ = cursor.accept_word("STREAM") || cursor.accept_word("VIEW");
    }
    let name = cursor.name("the name of a stream or view")?;
    cursor.expect_end()?;
    let body = Body::Exists(name);
    Ok(Statement::Select(Box::new(Select { sql, body })))
}
