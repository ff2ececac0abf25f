//! `CREATE …`

use sqlparser::tokenizer::Token;
use weir_api::{
    DataType,
    timeplus::stream::{ColumnDef, ColumnFamily, Mode, SecondaryIndex, StreamDef},
};

use super::{Ddl, cursor::Cursor, external, function, source::is_word, view};
use crate::SqlError;

pub(super) fn create(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("CREATE")?;
    let or_replace = cursor.accept_words(&["OR", "REPLACE"]);
    if cursor.accept_word("VIEW") {
        return view::view(cursor, or_replace);
    }
    if let Some(kind) = function::kind(cursor) {
        return function::function(cursor, kind, or_replace);
    }
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        return external::schema(cursor, or_replace);
    }
    if or_replace {
        return Err(cursor.expected("VIEW, FUNCTION or FORMAT SCHEMA"));
    }
    if cursor.accept_words(&["EXTERNAL", "STREAM"]) {
        return external::stream(cursor);
    }
    if cursor.accept_words(&["EXTERNAL", "TABLE"]) {
        return external::table(cursor);
    }
    if cursor.accept_words(&["MATERIALIZED", "VIEW"]) {
        return view::materialized(cursor);
    }
    if cursor.accept_word("STREAM") {
        return stream(cursor, None);
    }
    if cursor.accept_words(&["RANDOM", "STREAM"]) {
        return external::random(cursor);
    }
    if cursor.accept_words(&["MUTABLE", "STREAM"]) {
        return stream(cursor, Some("MutableStream".to_string()));
    }
    let what = cursor
        .rest()
        .first()
        .map_or("", |token| cursor.source.text(token.span));
    Err(SqlError::unsupported(
        format!(
            "CREATE {} (STREAM, MUTABLE STREAM, EXTERNAL STREAM, EXTERNAL TABLE, VIEW, \
             MATERIALIZED VIEW, FUNCTION and FORMAT SCHEMA are)",
            what.to_uppercase()
        ),
        cursor.span(),
    ))
}

fn stream(cursor: &mut Cursor<'_>, engine: Option<String>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut definition = StreamDef {
        engine,
        ..StreamDef::default()
    };
    let start = cursor.span();
    definition.name = cursor.object("the stream's name")?;
    if cursor.peek().is_some_and(|token| is_word(token, "AS")) {
        let what = "CREATE STREAM … AS (CREATE STREAM with columns, and INSERT INTO … SELECT, are)";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    cursor.expect(&Token::LParen)?;
    while !cursor.accept(&Token::RParen) {
        element(cursor, &mut definition)?;
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    while !cursor.at_end() {
        option(cursor, &mut definition)?;
    }
    let keyed = definition.mode.is_some_and(Mode::needs_primary_key) || definition.engine.is_some();
    if keyed && definition.primary_key.is_none() {
        return Err(SqlError::at("such a stream needs a PRIMARY KEY", start));
    }
    Ok(Ddl::CreateStream {
        definition,
        if_not_exists,
    })
}

/// A column, a family or an index.
fn element(cursor: &mut Cursor<'_>, definition: &mut StreamDef) -> Result<(), SqlError> {
    if names(cursor, 0, "FAMILY") {
        cursor.expect_word("FAMILY")?;
        let name = cursor.name("the family's name")?;
        let columns = cursor.names()?;
        definition
            .column_families
            .push(ColumnFamily { name, columns });
        return Ok(());
    }
    if skipping_index(cursor) {
        // Only makes reading faster elsewhere.
        cursor.until(|token| *token == Token::Comma);
        return Ok(());
    }
    if names(cursor, 0, "INDEX") || names(cursor, 1, "INDEX") {
        let unique = cursor.accept_word("UNIQUE");
        cursor.accept_word("SECONDARY");
        cursor.expect_word("INDEX")?;
        let name = cursor.name("the index's name")?;
        let columns = cursor.names()?;
        let unique = unique | cursor.accept_word("UNIQUE");
        let storing = if cursor.accept_word("STORING") {
            cursor.names()?
        } else {
            Vec::new()
        };
        definition.secondary_indexes.push(SecondaryIndex {
            name,
            columns,
            storing,
            unique,
        });
        return Ok(());
    }
    definition.columns.push(column(cursor)?);
    Ok(())
}

/// `INDEX name expression TYPE …`
fn skipping_index(cursor: &Cursor<'_>) -> bool {
    let rest = cursor.rest();
    let mut depth = 0usize;
    let end = rest.iter().position(|token| match token.token {
        Token::LParen => {
            depth += 1;
            false
        }
        Token::RParen if depth == 0 => true,
        Token::RParen => {
            depth -= 1;
            false
        }
        Token::Comma => depth == 0,
        _ => false,
    });
    let inside = &rest[..end.unwrap_or(rest.len())];
    inside.len() > 3
        && is_word(&inside[0].token, "INDEX")
        && inside[2..]
            .iter()
            .any(|token| is_word(&token.token, "TYPE"))
}

/// `INDEX name (`: a column called so would be followed by its type.
fn names(cursor: &Cursor<'_>, skip: usize, word: &str) -> bool {
    let Some([first, second, third]) = cursor.rest().get(skip..skip + 3) else {
        return false;
    };
    let is_name = matches!(&second.token, Token::Word(w) if DataType::parse(&w.value).is_err());
    is_word(&first.token, word) && is_name && third.token == Token::LParen
}

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
            cursor.expect(&Token::RParen)?;
        } else if cursor.accept_words(&["NOT", "NULL"]) {
        } else if cursor.accept_word("NULL") {
            if !data_type.is_nullable() {
                column.data_type = format!("nullable({data_type})");
            }
        } else if cursor.accept_word("COMMENT") {
            cursor.string("a comment in quotes")?;
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
    DataType::parse(cursor.source.slice(&start[..length]))
        .map_err(|message| SqlError::at(message, span))
}

fn option(cursor: &mut Cursor<'_>, definition: &mut StreamDef) -> Result<(), SqlError> {
    let stop = |token: &Token| {
        [
            "SETTINGS",
            "COMMENT",
            "TTL",
            "PRIMARY",
            "ORDER",
            "ENGINE",
            "PARTITION",
            "DELETE",
        ]
        .iter()
        .any(|w| is_word(token, w))
    };
    if cursor.accept_word("ENGINE") {
        cursor.accept(&Token::Eq);
        let span = cursor.span();
        let engine = cursor.name("an engine's name")?;
        match engine.to_ascii_lowercase().as_str() {
            "stream" => {}
            "mutablestream" => definition.engine = Some("MutableStream".to_string()),
            _ => {
                return Err(SqlError::unsupported(
                    format!("engine '{engine}' (Stream and MutableStream are)"),
                    span,
                ));
            }
        }
        if cursor.accept(&Token::LParen) {
            cursor.until(|_| false);
            cursor.expect(&Token::RParen)?;
        }
    } else if cursor.accept_words(&["PRIMARY", "KEY"]) {
        let names = if cursor.peek() == Some(&Token::LParen) {
            cursor.names()?
        } else {
            vec![cursor.name("a column name")?]
        };
        definition.primary_key = Some(names.join(", "));
    } else if cursor.accept_words(&["ORDER", "BY"]) {
        definition.order_by_expression = Some(cursor.expression(stop)?);
    } else if cursor.accept_word("TTL") {
        let span = cursor.span();
        definition.ttl_expression = Some(cursor.expression(|token| {
            stop(token)
                || *token == Token::Comma
                || ["TO", "RECOMPRESS", "WHERE"]
                    .iter()
                    .any(|word| is_word(token, word))
        })?);
        cursor.accept_word("DELETE");
        let more = ["TO", "RECOMPRESS", "WHERE"];
        if cursor.peek() == Some(&Token::Comma)
            || cursor
                .peek()
                .is_some_and(|t| more.iter().any(|word| is_word(t, word)))
        {
            let what = "a TTL that does more than delete each row of a time (TTL expression is)";
            return Err(SqlError::unsupported(what, span));
        }
    } else if cursor.accept_words(&["PARTITION", "BY"]) {
        // Rows are not apart by it here.
        cursor.expression(stop)?;
    } else if cursor.accept_word("COMMENT") {
        definition.description = Some(cursor.string("a comment in quotes")?);
    } else if cursor.accept_word("SETTINGS") {
        loop {
            setting(cursor, definition)?;
            if !cursor.accept(&Token::Comma) {
                break;
            }
        }
    } else {
        return Err(cursor.expected("ENGINE, PRIMARY KEY, ORDER BY, TTL, SETTINGS or COMMENT"));
    }
    Ok(())
}

fn setting(cursor: &mut Cursor<'_>, definition: &mut StreamDef) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    match name.to_ascii_lowercase().as_str() {
        "mode" => {
            let span = cursor.span();
            let text = cursor.string("a mode in quotes")?;
            let mode = Mode::ALL.into_iter().find(|mode| mode.as_str() == text);
            definition.mode = Some(mode.ok_or_else(|| {
                let names = Mode::ALL.each_ref().map(Mode::as_str).join(", ");
                SqlError::at(format!("'{text}' is not a mode: use one of {names}"), span)
            })?);
        }
        "event_time_column" => {
            definition.event_time_column = Some(cursor.string("an expression in quotes")?)
        }
        "event_time_timezone" => {
            definition.event_time_timezone = Some(cursor.string("a time zone in quotes")?)
        }
        "logstore_retention_ms" => definition.logstore_retention_ms = Some(integer(cursor)?),
        "logstore_retention_bytes" => definition.logstore_retention_bytes = Some(integer(cursor)?),
        "ttl_seconds" => {
            let seconds = integer(cursor)?;
            if !(1..=100 * 366 * 86_400).contains(&seconds) {
                return Err(SqlError::at(
                    "ttl_seconds is from 1 to a hundred years",
                    span,
                ));
            }
            definition.ttl_expression =
                Some(format!("to_datetime(_tp_time) + INTERVAL {seconds} SECOND"));
        }
        "shards" | "shard" => definition.shards = Some(small(cursor)?),
        tuning if TUNING.contains(&tuning) => value(cursor)?,
        "replication_factor" => definition.replication_factor = Some(small(cursor)?),
        _ => {
            return Err(SqlError::unsupported(
                format!(
                    "setting '{name}' (mode, event_time_column, event_time_timezone, \
                     logstore_retention_ms, logstore_retention_bytes, shards, replication_factor \
                     and what only tunes are)"
                ),
                span,
            ));
        }
    }
    Ok(())
}

/// Settings of a stream that say how rows are stored or moved elsewhere, never which.
pub(super) const TUNING: &[&str] = &[
    "auto_cf",
    "checkpoint_interval",
    "distributed_ingest_mode",
    "enable_hash_index",
    "fetch_threads",
    "flush_threshold_bytes",
    "flush_threshold_count",
    "flush_threshold_ms",
    "index_granularity",
    "ingest_batch_max_bytes",
    "ingest_batch_timeout_ms",
    "ingest_mode",
    "kvstore_codec",
    "kvstore_options",
    "log_kvstore",
    "logstore_codec",
    "logstore_flush_messages",
    "logstore_flush_ms",
    "min_bytes_for_wide_part",
    "min_rows_for_wide_part",
    "placement_policies",
    "sharding_expr",
    "storage_type",
    "write_final_mark",
];

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

fn small(cursor: &mut Cursor<'_>) -> Result<u32, SqlError> {
    let span = cursor.span();
    let number = integer(cursor)?;
    u32::try_from(number).map_err(|_| SqlError::at(format!("{number} is out of range"), span))
}
