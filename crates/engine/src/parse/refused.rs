//! Statements of the vendor that this backend does not run, each with what to do instead.

use sqlparser::tokenizer::TokenWithSpan;

use super::source::is_word;
use crate::SqlError;

const REFUSED: &[(&[&str], &str)] = &[
    (
        &["CREATE", "DICTIONARY"],
        "make a MUTABLE STREAM of its rows and JOIN it",
    ),
    (
        &["CREATE", "INPUT"],
        "make a source, or send rows to the stream's ingest address",
    ),
    (&["CREATE", "ALERT"], "alerts have a page of their own"),
    (
        &["CREATE", "OR", "REPLACE", "ALERT"],
        "alerts have a page of their own",
    ),
    (&["DROP", "ALERT"], "alerts have a page of their own"),
    (&["SHOW", "ALERTS"], "alerts have a page of their own"),
    (&["CREATE", "TASK"], "a materialized view runs all the time"),
    (&["CREATE", "DATABASE"], "there is one database, 'default'"),
    (&["DROP", "DATABASE"], "there is one database, 'default'"),
    (&["CREATE", "DISK"], "rows are kept in the data folder"),
    (
        &["CREATE", "STORAGE", "POLICY"],
        "rows are kept in the data folder",
    ),
    (&["SHOW", "DISKS"], "rows are kept in the data folder"),
    (
        &["SHOW", "STORAGE", "POLICIES"],
        "rows are kept in the data folder",
    ),
    (
        &["CREATE", "NAMED", "COLLECTION"],
        "write its settings where they are used",
    ),
    (&["CREATE", "USER"], "users have a page of their own"),
    (&["CREATE", "ROLE"], "roles have a page of their own"),
    (&["GRANT"], "roles have a page of their own"),
    (&["REVOKE"], "roles have a page of their own"),
    (&["CREATE", "TABLE"], "write CREATE STREAM"),
    (
        &["CREATE", "INDEX"],
        "write INDEX among the columns of CREATE MUTABLE STREAM",
    ),
    (
        &["RENAME"],
        "make a stream of the new name, INSERT INTO it SELECT … FROM table(…) of the old, and drop \
         the old",
    ),
    (
        &["OPTIMIZE"],
        "there is nothing to do: rows that expire are deleted every second",
    ),
    (
        &["UPDATE"],
        "INSERT the row again into a stream with a primary key",
    ),
    (&["USE"], "there is one database, 'default'"),
    (&["SET"], "write SETTINGS at the end of the query"),
    (&["KILL"], "queries are canceled on their page"),
    (&["BACKUP"], "copy the data folder"),
    (&["SYSTEM", "REBALANCE"], "there is one node"),
    (&["ATTACH"], "write CREATE"),
    (&["DETACH"], "write DROP, or SYSTEM PAUSE MATERIALIZED VIEW"),
];

/// The error of a statement that begins with one of these.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    let found = REFUSED.iter().find(|(words, _)| {
        tokens.len() >= words.len()
            && words
                .iter()
                .zip(tokens)
                .all(|(word, token)| is_word(&token.token, word))
    });
    match (found, tokens.first()) {
        (Some((words, instead)), Some(first)) => Err(SqlError::at(
            format!("{} is not supported: {instead}", words.join(" ")),
            first.span,
        )),
        _ => Ok(()),
    }
}

/// For the reference: what is refused, and what to do instead.
pub(crate) fn list() -> impl Iterator<Item = (String, &'static str)> {
    REFUSED
        .iter()
        .map(|(words, instead)| (words.join(" "), *instead))
}
