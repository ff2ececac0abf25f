//! Statements of the vendor that this backend does not run, each with what to do instead.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::source::is_word;
use crate::SqlError;

const A_VIEW: &str = "a materialized view runs all the time";
const USERS: &str = "use the Users page";
const ROLES: &str = "use the Users page";
const IN_PLACE: &str = "write the settings in each statement";
const BOUNDS: &str = "set limits in weir.toml";

const REFUSED: &[(&[&str], &str)] = &[
    (
        &["CREATE", "INPUT"],
        "create a source, or send rows to the ingest endpoint of the stream",
    ),
    (&["CREATE", "ALERT"], "use the Alerts page"),
    (&["CREATE", "OR", "REPLACE", "ALERT"], "use the Alerts page"),
    (&["DROP", "ALERT"], "use the Alerts page"),
    (&["SHOW", "ALERTS"], "use the Alerts page"),
    (&["CREATE", "TASK"], A_VIEW),
    (&["CREATE", "OR", "REPLACE", "TASK"], A_VIEW),
    (&["SYSTEM", "PAUSE", "TASK"], A_VIEW),
    (&["SYSTEM", "RESUME", "TASK"], A_VIEW),
    (&["SYSTEM", "EXEC", "TASK"], A_VIEW),
    (&["CREATE", "DATABASE"], "the only database is 'default'"),
    (&["DROP", "DATABASE"], "the only database is 'default'"),
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
    (&["CREATE", "NAMED", "COLLECTION"], IN_PLACE),
    (&["CREATE", "USER"], USERS),
    (&["CREATE", "ROLE"], ROLES),
    (&["GRANT"], ROLES),
    (&["REVOKE"], ROLES),
    (&["CREATE", "TABLE"], "write CREATE STREAM"),
    (&["CREATE", "INDEX"], "write ALTER STREAM s ADD INDEX i (a)"),
    (&["EXCHANGE"], "use RENAME STREAM for each of both"),
    (&["UNDROP"], "a dropped stream cannot be restored"),
    (&["ALTER", "DATABASE"], "the only database is 'default'"),
    (&["ALTER", "USER"], USERS),
    (
        &["CREATE", "OR", "REPLACE", "MATERIALIZED", "VIEW"],
        "use DROP VIEW and CREATE MATERIALIZED VIEW",
    ),
    (
        &["CREATE", "SCHEDULED", "MATERIALIZED", "VIEW"],
        "a MATERIALIZED VIEW follows its stream all the time",
    ),
    (&["CREATE", "TEMPORARY"], "write CREATE STREAM"),
    (&["DROP", "TASK"], A_VIEW),
    (&["SHOW", "TASKS"], A_VIEW),
    (&["SHOW", "USERS"], USERS),
    (&["SHOW", "ROLES"], ROLES),
    (&["SHOW", "GRANTS"], ROLES),
    (&["SHOW", "INDEX"], "SHOW CREATE shows them"),
    (&["SHOW", "INDEXES"], "SHOW CREATE shows them"),
    (&["SHOW", "INDICES"], "SHOW CREATE shows them"),
    (&["SHOW", "CLUSTERS"], "there is only one node"),
    (
        &["UPDATE"],
        "INSERT the row again into a stream with a primary key",
    ),
    (&["USE"], "the only database is 'default'"),
    (&["SET"], "write SETTINGS at the end of the query"),
    (&["KILL"], "cancel the query on the Queries page"),
    (&["BACKUP"], "copy the data folder"),
    (&["SYSTEM", "REBALANCE"], "there is only one node"),
    (&["ATTACH"], "write CREATE"),
    (&["ALTER", "NAMED", "COLLECTION"], IN_PLACE),
    (&["DROP", "NAMED", "COLLECTION"], IN_PLACE),
    (&["SHOW", "NAMED", "COLLECTIONS"], IN_PLACE),
    (&["DROP", "USER"], USERS),
    (&["DROP", "ROLE"], ROLES),
    (&["ALTER", "ROLE"], ROLES),
    (&["SHOW", "CREATE", "USER"], USERS),
    (&["SHOW", "CREATE", "ROLE"], ROLES),
    (&["SHOW", "CREATE", "ROW"], ROLES),
    (&["SHOW", "CREATE", "POLICY"], ROLES),
    (&["CREATE", "ROW", "POLICY"], ROLES),
    (&["CREATE", "POLICY"], ROLES),
    (&["ALTER", "ROW", "POLICY"], ROLES),
    (&["ALTER", "POLICY"], ROLES),
    (&["DROP", "ROW", "POLICY"], ROLES),
    (&["SHOW", "POLICIES"], ROLES),
    (&["SHOW", "ROW", "POLICIES"], ROLES),
    (&["CREATE", "QUOTA"], BOUNDS),
    (&["ALTER", "QUOTA"], BOUNDS),
    (&["DROP", "QUOTA"], BOUNDS),
    (&["CREATE", "SETTINGS", "PROFILE"], BOUNDS),
    (&["DROP", "DISK"], "rows are kept in the data folder"),
    (
        &["DROP", "STORAGE", "POLICY"],
        "rows are kept in the data folder",
    ),
    (&["DROP", "INDEX"], "write ALTER STREAM s DROP INDEX i"),
    (&["DROP", "INPUT"], "use the Sources page"),
    (&["SHOW", "INPUTS"], "use the Sources page"),
    (
        &["CREATE", "SEQUENCE"],
        "number the rows before sending them",
    ),
    (
        &["SYSTEM", "SET", "LOG", "LEVEL"],
        "set the log level when starting Weir",
    ),
    (&["SYSTEM", "TRANSFER"], "there is only one node"),
    (&["CHECK"], "weir check tests the configuration"),
    (
        &["REPLACE"],
        "INSERT the row again into a stream with a primary key",
    ),
    (
        &["MERGE"],
        "INSERT the row again into a stream with a primary key",
    ),
    (
        &["UPSERT"],
        "INSERT the row again into a stream with a primary key",
    ),
    (&["BEGIN"], "each INSERT is atomic"),
    (&["COMMIT"], "each INSERT is atomic"),
    (&["ROLLBACK"], "each INSERT is atomic"),
    (&["COPY"], "send rows to the ingest endpoint of the stream"),
    (&["CALL"], "write SELECT f(x)"),
    (&["VALUES"], "write SELECT * FROM values('x int', 1, 2)"),
    (&["FROM"], "start with SELECT"),
    (&["DETACH"], "write DROP, or SYSTEM PAUSE MATERIALIZED VIEW"),
];

/// Columns that the vendor's rows have of their own, besides `_tp_time`.
pub(crate) const OWN_COLUMNS: &[(&str, &str)] = &[
    ("_tp_append_time", "_tp_time is"),
    ("_tp_ingest_time", "_tp_time is"),
    ("_tp_process_time", "now64() is"),
    ("_tp_index_time", "_tp_time is"),
    ("_tp_sn", "use it in a query directly from a stream"),
    ("_tp_shard", "there is one shard"),
    (
        "_tp_message_key",
        "declare it as a column of the external stream",
    ),
    (
        "_tp_message_headers",
        "declare it as a column of the external stream",
    ),
];

/// Of these what an external stream can declare, to be filled with what stands beside a message.
pub const BESIDE_A_MESSAGE: [&str; 4] = [
    "_tp_message_key",
    "_tp_message_headers",
    "_tp_sn",
    "_tp_shard",
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

/// Words inside a query that the grammar stops at, perhaps with the next one, and what to do
/// instead.
const INSIDE: &[(&str, &str, &str)] = &[
    (
        "WITH",
        "TIES",
        "WITH TIES in this place; write it after ORDER BY and LIMIT n",
    ),
    (
        "WITH",
        "FILL",
        "WITH FILL in this place; write it after a term of ORDER BY",
    ),
    (
        "APPLY",
        "",
        "APPLY in this place; write it once, after *, * EXCEPT (…) or columns('…')",
    ),
    ("PIVOT", "", "PIVOT; use sum_if(x, k = 'a') for each column"),
    ("UNPIVOT", "", "UNPIVOT; use ARRAY JOIN"),
    ("TABLESAMPLE", "", "TABLESAMPLE; use WHERE rand() % 10 = 0"),
    (
        "MATCH_RECOGNIZE",
        "",
        "MATCH_RECOGNIZE; use session() with conditions",
    ),
    ("SAMPLE", "", "SAMPLE; use WHERE rand() % 10 = 0"),
    (
        "INTO",
        "OUTFILE",
        "INTO OUTFILE; download the result instead",
    ),
    ("OUTFILE", "", "INTO OUTFILE; download the result instead"),
    (
        "QUALIFY",
        "",
        "QUALIFY in this place; write it after HAVING and before ORDER BY",
    ),
    ("?", "", "condition ? a : b; use if(condition, a, b)"),
    (
        "WHERE",
        "",
        "WHERE in this place; write it once, before GROUP BY, with AND between conditions",
    ),
    (
        "GROUP",
        "BY",
        "GROUP BY in this place; write it once, after WHERE and before HAVING and ORDER BY",
    ),
    (
        "HAVING",
        "",
        "HAVING in this place; write it once, after GROUP BY and before ORDER BY",
    ),
    (
        "ORDER",
        "BY",
        "ORDER BY in this place; write it once, before LIMIT, EMIT and SETTINGS",
    ),
    (
        "LIMIT",
        "",
        "LIMIT in this place; write it once, before EMIT and SETTINGS",
    ),
];

/// Clauses that the grammar reads and nothing here would do, by the words that they begin with.
const CLAUSES: &[(&[&str], &str)] = &[
    (&["FOR", "UPDATE"], "FOR UPDATE; reading locks nothing"),
    (&["FOR", "SHARE"], "FOR SHARE; reading locks nothing"),
];

/// Refuses such clauses of a query at their place, which its tree does not keep.
pub(super) fn clauses(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    for (index, token) in tokens.iter().enumerate() {
        let begins = |words: &[&str]| {
            tokens.len() >= index + words.len()
                && words
                    .iter()
                    .zip(&tokens[index..])
                    .all(|(word, token)| is_word(&token.token, word))
        };
        let next = |offset: usize| tokens.get(index + offset).map(|token| &token.token);
        let found = match CLAUSES.iter().find(|(words, _)| begins(words)) {
            Some((_, what)) => Some(*what),
            None if begins(&["INTO"])
                && matches!(next(1), Some(Token::Word(_)))
                && next(2).is_some_and(|token| is_word(token, "FROM")) =>
            {
                Some("SELECT INTO; use INSERT INTO s SELECT …")
            }
            None => None,
        };
        if let Some(what) = found {
            return Err(SqlError::unsupported(what, token.span));
        }
    }
    Ok(())
}

/// What stands at `token` where the grammar reads no further, if it is known.
pub(super) fn inside(token: &Token, next: &Token) -> Option<&'static str> {
    let is = |token: &Token, word: &str| is_word(token, word) || token.to_string() == word;
    let mut known = INSIDE.iter();
    let found = known
        .find(|(word, behind, _)| is(token, word) && (behind.is_empty() || is_word(next, behind)));
    found.map(|(_, _, what)| *what)
}

/// For the reference: what is refused, and what to do instead.
pub(crate) fn list() -> impl Iterator<Item = (String, &'static str)> {
    REFUSED
        .iter()
        .map(|(words, instead)| (words.join(" "), *instead))
}
