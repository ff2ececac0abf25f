//! `SHOW …`, `DESCRIBE …`, `EXISTS …`, `EXPLAIN …`: what is there, as rows.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{Body, Select, Statement, cursor::Cursor, source::is_word};
use crate::SqlError;

/// What can be shown, and the query over `system` that shows it.
const SHOWN: &[(&[&str], &str)] = &[
    (&["STREAMS"], "SELECT name FROM system.tables WHERE true"),
    (&["TABLES"], "SELECT name FROM system.tables WHERE true"),
    (
        &["MATERIALIZED", "VIEWS"],
        "SELECT name FROM system.tables WHERE engine = 'MaterializedView'",
    ),
    (
        &["VIEWS"],
        "SELECT name FROM system.tables WHERE engine IN ('View', 'MaterializedView')",
    ),
    (
        &["EXTERNAL", "TABLES"],
        "SELECT name FROM system.tables WHERE engine = 'External'",
    ),
    (
        &["EXTERNAL", "STREAMS"],
        "SELECT name FROM system.tables WHERE engine = 'External'",
    ),
    (
        &["FORMAT", "SCHEMAS"],
        "SELECT name, type FROM system.format_schemas WHERE true",
    ),
    (
        &["FUNCTIONS"],
        "SELECT name, is_aggregate, syntax FROM system.functions WHERE true",
    ),
    (
        &["SETTINGS"],
        "SELECT name, value, description FROM system.settings WHERE true",
    ),
    (
        &["DATABASES"],
        "SELECT name FROM system.databases WHERE true",
    ),
    (
        &["PROCESSLIST"],
        "SELECT query_id AS name, user, query, elapsed FROM system.processes WHERE true",
    ),
    (
        &["DICTIONARIES"],
        "SELECT name FROM system.dictionaries WHERE true",
    ),
];

/// `SHOW CREATE [STREAM | VIEW …] name`, `SHOW STREAMS [FROM default] [LIKE '…' | WHERE …]` and its
/// kind.
pub(super) fn show(cursor: &mut Cursor<'_>) -> Result<Statement, SqlError> {
    let sql = cursor.source.slice(cursor.rest()).to_string();
    cursor.expect_word("SHOW")?;
    if cursor.accept_word("CREATE") {
        return show_create(cursor, sql);
    }
    if cursor.accept_word("COLUMNS") {
        if !cursor.accept_word("FROM") && !cursor.accept_word("IN") {
            return Err(cursor.expected("FROM and a stream's name"));
        }
        let span = cursor.span();
        let name = cursor.object("a stream's name")?;
        cursor.expect_end()?;
        let body = Body::Describe { name, span };
        return Ok(Statement::Select(Box::new(Select { sql, body })));
    }
    let _ = cursor.accept_word("FULL");
    let found = SHOWN.iter().find(|(words, _)| cursor.accept_words(words));
    let Some((_, query)) = found else {
        let known = SHOWN.iter().map(|(words, _)| words.join(" "));
        let known: Vec<_> = known.collect();
        let what = cursor.rest().first();
        let what = what.map_or("", |token| cursor.source.text(token.span));
        return Err(SqlError::unsupported(
            format!(
                "SHOW {}; use CREATE, {}",
                what.to_uppercase(),
                known.join(", ")
            ),
            cursor.span(),
        ));
    };
    if cursor.accept_word("FROM") || cursor.accept_word("IN") {
        let span = cursor.span();
        let database = cursor.name("a database's name")?;
        if database != "default" {
            return Err(SqlError::at(
                format!("unknown database '{database}': the only one is 'default'"),
                span,
            ));
        }
    }
    let settings = |token: &Token| is_word(token, "SETTINGS");
    let mut query = query.to_string();
    if cursor.accept_word("WHERE") {
        query.push_str(&format!(" AND ({})", cursor.expression(settings)?));
    } else if cursor.accept_word("LIKE") || cursor.accept_word("ILIKE") {
        let pattern = cursor.string("a pattern in quotes")?;
        query.push_str(&format!(" AND name LIKE '{}'", pattern.replace('\'', "''")));
    }
    skip_settings(cursor)?;
    cursor.expect_end()?;
    query.push_str(" ORDER BY name");
    let body = match super::parse(&query, |_| false)? {
        Statement::Select(select) => select.body,
        _ => return Err(SqlError::new("expected a SELECT")),
    };
    Ok(Statement::Select(Box::new(Select { sql, body })))
}

fn show_create(cursor: &mut Cursor<'_>, sql: String) -> Result<Statement, SqlError> {
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        let name = cursor.name("the schema's name")?;
        cursor.expect_end()?;
        let query = format!(
            "SELECT statement FROM system.format_schemas WHERE name = '{}'",
            name.replace('\'', "''")
        );
        let body = match super::parse(&query, |_| false)? {
            Statement::Select(select) => select.body,
            _ => return Err(SqlError::new("expected a SELECT")),
        };
        return Ok(Statement::Select(Box::new(Select { sql, body })));
    }
    let mut function = false;
    // Words of the kind before the name; the name alone can be such a word too.
    while cursor.rest().len() > 1
        && !matches!(cursor.rest().get(1), Some(t) if t.token == Token::Period)
    {
        let known = [
            "STREAM",
            "TABLE",
            "VIEW",
            "MATERIALIZED",
            "EXTERNAL",
            "MUTABLE",
            "RANDOM",
            "DICTIONARY",
            "FUNCTION",
        ];
        let Some(word) = known.into_iter().find(|word| cursor.accept_word(word)) else {
            break;
        };
        function |= word == "FUNCTION";
    }
    let span = cursor.span();
    let name = cursor.object("the name of a stream, a view or a function")?;
    skip_settings(cursor)?;
    cursor.expect_end()?;
    let body = Body::ShowCreate {
        name,
        function,
        span,
    };
    Ok(Statement::Select(Box::new(Select { sql, body })))
}

/// `SETTINGS verbose = true` and its kind change nothing here.
pub(super) fn skip_settings(cursor: &mut Cursor<'_>) -> Result<(), SqlError> {
    if !cursor.accept_word("SETTINGS") {
        return Ok(());
    }
    loop {
        super::tail::tuning(cursor)?;
        if !cursor.accept(&Token::Comma) {
            return Ok(());
        }
    }
}

/// `DESCRIBE [STREAM | VIEW | TABLE] name`
pub(super) fn describe(cursor: &mut Cursor<'_>) -> Result<Statement, SqlError> {
    let sql = cursor.source.slice(cursor.rest()).to_string();
    if !cursor.accept_word("DESCRIBE") {
        cursor.expect_word("DESC")?;
    }
    if cursor.rest().len() > 1 {
        let _ = ["STREAM", "TABLE", "VIEW", "DICTIONARY"]
            .iter()
            .any(|word| cursor.accept_word(word));
    }
    let query = match cursor.rest() {
        [open, inside @ .., close]
            if open.token == Token::LParen
                && close.token == Token::RParen
                && inside.first().is_some_and(|first| {
                    is_word(&first.token, "SELECT") || is_word(&first.token, "WITH")
                }) =>
        {
            Some(inside)
        }
        rest if rest
            .first()
            .is_some_and(|first| is_word(&first.token, "SELECT")) =>
        {
            Some(rest)
        }
        _ => None,
    };
    if let Some(query) = query {
        let inner = super::select(cursor.source, query)?;
        let body = Body::DescribeQuery(Box::new(inner));
        return Ok(Statement::Select(Box::new(Select { sql, body })));
    }
    // `DESCRIBE table(s)` is said of the same stream.
    let brackets = cursor.accept(&Token::LParen);
    let span = cursor.span();
    let name = cursor.object("a stream's name")?;
    if brackets {
        cursor.expect(&Token::RParen)?;
    }
    skip_settings(cursor)?;
    cursor.expect_end()?;
    let body = Body::Describe { name, span };
    Ok(Statement::Select(Box::new(Select { sql, body })))
}

/// `EXISTS [STREAM | VIEW] name`
pub(super) fn exists(cursor: &mut Cursor<'_>) -> Result<Statement, SqlError> {
    let sql = cursor.source.slice(cursor.rest()).to_string();
    cursor.expect_word("EXISTS")?;
    if cursor.rest().len() > 1 {
        let _ = ["STREAM", "TABLE", "VIEW", "DICTIONARY"]
            .iter()
            .any(|word| cursor.accept_word(word));
    }
    let name = cursor.object("the name of a stream or view")?;
    cursor.expect_end()?;
    let body = Body::Exists(name);
    Ok(Statement::Select(Box::new(Select { sql, body })))
}

/// `EXPLAIN [AST | SYNTAX | PLAN | PIPELINE | ESTIMATE] [a = 1, …] SELECT …`: one explanation for
/// all of them.
pub(super) fn explain(
    cursor: &mut Cursor<'_>,
    tokens: &[TokenWithSpan],
) -> Result<Statement, SqlError> {
    cursor.expect_word("EXPLAIN")?;
    let place = cursor.span();
    if cursor.accept_word("ANALYZE") {
        let what = "EXPLAIN ANALYZE; use EXPLAIN, or the page of a running query";
        return Err(SqlError::unsupported(what, place));
    }
    let _ = ["AST", "SYNTAX", "PLAN", "PIPELINE", "ESTIMATE"]
        .iter()
        .any(|word| cursor.accept_word(word));
    while !cursor.at_end()
        && !cursor
            .peek()
            .is_some_and(|t| is_word(t, "SELECT") || is_word(t, "WITH") || *t == Token::LParen)
    {
        let span = cursor.span();
        let ddl = ["CREATE", "ALTER", "DROP", "INSERT"];
        if cursor
            .peek()
            .is_some_and(|t| ddl.iter().any(|word| is_word(t, word)))
        {
            return Err(SqlError::at("EXPLAIN takes a SELECT", span));
        }
        cursor.name("SELECT")?;
        cursor.expect(&Token::Eq)?;
        cursor.accept_number();
        cursor.accept(&Token::Comma);
    }
    let inner = super::select(cursor.source, cursor.rest())?;
    Ok(Statement::Select(Box::new(Select {
        sql: cursor.source.slice(tokens).to_string(),
        body: Body::Explain(Box::new(inner)),
    })))
}
