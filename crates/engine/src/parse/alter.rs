//! `ALTER STREAM …`, `ALTER VIEW …`, `SYSTEM …`.

use sqlparser::tokenizer::Token;
use weir_api::timeplus::stream::{ColumnDef, UpdateStream};

use super::{
    ColumnChange, Control, Ddl, column,
    cursor::Cursor,
    index::{self, Altered},
    literal,
    source::is_word,
    stream_options,
};
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
        let known = [
            "ABORT",
            "FLUSH",
            "TRANSFER",
            "DROP",
            "EXEC",
            "RELOAD",
            "START",
            "STOP",
            "INSTALL",
            "UNINSTALL",
            "LIST",
        ];
        let word = cursor
            .rest()
            .first()
            .map_or("", |t| cursor.source.text(t.span));
        if known.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            let what = format!(
                "SYSTEM {}; use PAUSE, RESUME or RECOVER MATERIALIZED VIEW",
                word.to_uppercase()
            );
            return Err(SqlError::unsupported(what, cursor.span()));
        }
        return Err(cursor.expected("PAUSE, RESUME or RECOVER"));
    };
    cursor.expect_word("MATERIALIZED")?;
    cursor.expect_word("VIEW")?;
    let name = cursor.object("the view's name")?;
    // It holds over a restart in any case.
    cursor.accept_word("PERMANENT");
    cursor.expect_end()?;
    Ok(Ddl::ControlMaterializedView { name, control })
}

pub(super) fn alter(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("ALTER")?;
    if cursor.accept_word("VIEW") || cursor.accept_words(&["MATERIALIZED", "VIEW"]) {
        return alter_view(cursor);
    }
    if !cursor.accept_word("STREAM") && !cursor.accept_word("TABLE") {
        return Err(cursor.expected("STREAM or VIEW"));
    }
    let name = cursor.object("the stream's name")?;
    if cursor.accept_word("DELETE") {
        cursor.expect_word("WHERE")?;
        let condition = cursor.expression(|token| is_word(token, "SETTINGS"))?;
        super::show::skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DeleteRows {
            name,
            condition: Some(condition),
            if_exists: false,
        });
    }
    let (mut change, mut columns) = (UpdateStream::default(), Vec::new());
    loop {
        match index::altered(cursor)? {
            Altered::Change(index) => columns.push(index),
            Altered::Nothing => {}
            Altered::Other => match column_change(cursor)? {
                Some(column) => columns.push(column),
                None => modify(cursor, &mut change)?,
            },
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

const COLUMN_COMMENT: &str = "columns have no comments: MODIFY COMMENT is that of the stream";

/// What cannot be changed, and what to do instead.
const REFUSED: &[(&[&str], &str)] = &[
    (&["MATERIALIZE"], "changes apply to all rows at once"),
    (&["CLEAR"], "ALTER STREAM … DELETE WHERE deletes rows"),
    (
        &["DROP", "PARTITION"],
        "DELETE FROM … WHERE and TTL delete rows",
    ),
    (
        &["UPDATE"],
        "INSERT the row again into a stream with a primary key",
    ),
    (&["RESET", "SETTING"], "use MODIFY SETTING with a value"),
    (&["COMMENT", "COLUMN"], COLUMN_COMMENT),
    (
        &["ADD", "CONSTRAINT"],
        "filter the rows in a materialized view",
    ),
    (
        &["MODIFY", "ORDER"],
        "rows are kept in the order of arrival",
    ),
    (&["FREEZE"], "copy the data folder"),
    (&["ATTACH"], "use INSERT INTO … SELECT"),
];

/// `OPTIMIZE STREAM s [FINAL] [DEDUPLICATE]`: rows that expire are deleted every second, and there are no parts.
pub(super) fn optimize(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("OPTIMIZE")?;
    if !cursor.accept_word("STREAM") && !cursor.accept_word("TABLE") {
        return Err(cursor.expected("STREAM and its name"));
    }
    let name = cursor.object("the stream's name")?;
    if cursor.accept_word("PARTITION") {
        cursor.skip();
    }
    cursor.accept_word("FINAL");
    cursor.accept_word("DEDUPLICATE");
    super::show::skip_settings(cursor)?;
    cursor.expect_end()?;
    cursor.without_effect("OPTIMIZE (rows that expire are deleted every second)");
    let change = UpdateStream::default();
    Ok(Ddl::AlterStream { name, change })
}

/// `RENAME STREAM [IF EXISTS] a TO b`
pub(super) fn rename(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("RENAME")?;
    if !cursor.accept_word("STREAM") && !cursor.accept_word("TABLE") {
        let what = "RENAME of anything but a stream; drop it and create it with the new name";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    let from = cursor.object("the stream's name")?;
    cursor.expect_word("TO")?;
    let to = cursor.object("the stream's new name")?;
    if cursor.peek() == Some(&Token::Comma) {
        let what = "RENAME of several streams at once; write a statement for each";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    super::show::skip_settings(cursor)?;
    cursor.expect_end()?;
    Ok(Ddl::RenameStream {
        from,
        to,
        if_exists,
    })
}

/// Behind `MODIFY COLUMN`: a type, a default, or both.
fn modified(cursor: &mut Cursor<'_>) -> Result<ColumnChange, SqlError> {
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    if if_exists {
        let what = "MODIFY COLUMN IF EXISTS; use MODIFY COLUMN";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    let span = cursor.span();
    let next = |n: usize| cursor.rest().get(n).map(|token| &token.token);
    let word = |n: usize, word: &str| next(n).is_some_and(|token| is_word(token, word));
    if word(1, "COMMENT") || word(1, "REMOVE") {
        let what = format!("MODIFY COLUMN … COMMENT or REMOVE; {COLUMN_COMMENT}");
        return Err(SqlError::unsupported(what, span));
    }
    if word(1, "DEFAULT") {
        let name = cursor.name("a column's name")?;
        cursor.expect_word("DEFAULT")?;
        let default =
            cursor.expression(|token| *token == Token::Comma || is_word(token, "SETTINGS"))?;
        let column = ColumnDef {
            name,
            default: Some(default),
            ..ColumnDef::default()
        };
        return Ok(ColumnChange::Modify {
            column,
            typed: false,
        });
    }
    let column = column::column(cursor)?;
    if cursor.accept_word("AFTER") || cursor.accept_word("FIRST") {
        let what = "FIRST and AFTER; a new column comes last";
        return Err(SqlError::unsupported(what, span));
    }
    Ok(ColumnChange::Modify {
        column,
        typed: true,
    })
}

/// `ADD | DROP | RENAME | MODIFY COLUMN …`
fn column_change(cursor: &mut Cursor<'_>) -> Result<Option<ColumnChange>, SqlError> {
    let span = cursor.span();
    if cursor.accept_words(&["ADD", "COLUMN"]) {
        let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
        let column = column::column(cursor)?;
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
        return modified(cursor).map(Some);
    }
    let refused = REFUSED.iter().find(|(words, _)| cursor.accept_words(words));
    match refused {
        Some((words, instead)) => {
            let what = format!("ALTER STREAM … {}; {instead}", words.join(" "));
            Err(SqlError::unsupported(what, span))
        }
        None => Ok(None),
    }
}

fn modify(cursor: &mut Cursor<'_>, change: &mut UpdateStream) -> Result<(), SqlError> {
    if cursor.accept_words(&["REMOVE", "TTL"]) {
        change.ttl_expression = Some(String::new());
        return Ok(());
    }
    let span = cursor.span();
    if cursor.accept_words(&["MODIFY", "QUERY"]) {
        return Err(SqlError::unsupported(
            "a change of a stream's query; use ALTER VIEW … MODIFY QUERY",
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

pub(super) fn setting(cursor: &mut Cursor<'_>, change: &mut UpdateStream) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    match name.as_str() {
        "logstore_retention_ms" => change.logstore_retention_ms = Some(literal::integer(cursor)?),
        "logstore_retention_bytes" => {
            change.logstore_retention_bytes = Some(literal::integer(cursor)?);
        }
        tuning if stream_options::TUNING.contains(&tuning) => {
            literal::value(cursor)?;
            cursor.without_effect(&format!("setting {tuning}"));
        }
        _ => {
            return Err(SqlError::unsupported(
                format!(
                    "setting '{name}'; use logstore_retention_ms, logstore_retention_bytes or a \
                     tuning setting"
                ),
                span,
            ));
        }
    }
    Ok(())
}

/// `ALTER VIEW v MODIFY COMMENT 'c'`, `ALTER VIEW v MODIFY QUERY [SETTING …]`
fn alter_view(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let name = cursor.object("the view's name")?;
    let span = cursor.span();
    if cursor.accept_words(&["MODIFY", "COMMENT"]) {
        let description = cursor.string("a comment in quotes")?;
        cursor.expect_end()?;
        return Ok(Ddl::AlterView { name, description });
    }
    if let Altered::Nothing = index::altered(cursor)? {
        cursor.expect_end()?;
        let change = UpdateStream::default();
        return Ok(Ddl::AlterStream { name, change });
    }
    if cursor.accept_words(&["MODIFY", "QUERY"]) {
        if cursor.at_end() {
            return Err(cursor.expected("a SELECT"));
        }
        let query = super::select(cursor.source, cursor.rest())?.sql;
        return Ok(Ddl::AlterViewQuery { name, query });
    }
    Err(SqlError::unsupported(
        "a change of a view other than MODIFY COMMENT and MODIFY QUERY (its rows are kept as ALTER \
         STREAM says)",
        span,
    ))
}
