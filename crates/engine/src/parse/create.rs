//! `CREATE …`

use sqlparser::tokenizer::{Span, Token};
use weir_api::{
    DataType,
    timeplus::stream::{ColumnDef, ColumnFamily, Mode, StreamDef},
};

use super::{
    Ddl, cursor::Cursor, dictionary, external, function, index, refused::OWN_COLUMNS,
    source::is_word, view,
};
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
    if cursor.accept_word("DICTIONARY") {
        return dictionary::dictionary(cursor, or_replace);
    }
    if or_replace {
        return Err(cursor.expected("VIEW, FUNCTION, DICTIONARY or FORMAT SCHEMA"));
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
        if external::is_stream(cursor) {
            return external::stream(cursor);
        }
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
             MATERIALIZED VIEW, FUNCTION, DICTIONARY and FORMAT SCHEMA are)",
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
    let mut ttl = Expiry::default();
    while !cursor.at_end() {
        option(cursor, &mut definition, &mut ttl)?;
    }
    ttl.finish(&mut definition, start)?;
    let mutable =
        definition.engine.is_some() || definition.mode.is_some_and(Mode::needs_primary_key);
    for (given, name) in [
        (definition.version_column.is_some(), "version_column"),
        (
            definition.late_insert_overrides.is_some(),
            "late_insert_overrides",
        ),
        (definition.coalesced.is_some(), "coalesced"),
    ] {
        if given && !mutable {
            let what = format!("setting '{name}' of a stream that keeps all rows");
            return Err(SqlError::unsupported(what, start));
        }
    }
    if definition.coalesced == Some(true) && definition.version_column.is_some() {
        let what = "coalesced and version_column in one stream (one of both is)";
        return Err(SqlError::unsupported(what, start));
    }
    if !definition.column_families.is_empty() && definition.coalesced != Some(true) {
        cursor.without_effect("FAMILY without coalesced = true");
    }
    let keyed = definition.mode.is_some_and(Mode::needs_primary_key) || definition.engine.is_some();
    if keyed && definition.primary_key.is_none() {
        return Err(SqlError::at("such a stream needs a PRIMARY KEY", start));
    }
    if !keyed && definition.primary_key.is_some() {
        cursor.without_effect("PRIMARY KEY of a stream that keeps all rows");
    }
    if definition.order_by_expression.is_some() {
        cursor
            .without_effect("ORDER BY of a stream (its rows are in the order in which they come)");
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
    if let Some(text) = index::skipping(cursor) {
        // It is kept with the first column that it names.
        let mut columns = definition.columns.iter_mut();
        if let Some(column) = columns.find(|column| text.contains(&column.name)) {
            column.skipping_index_expression = Some(text);
        }
        return Ok(());
    }
    if cursor.accept_words(&["PRIMARY", "KEY"]) {
        return primary_key(cursor, definition);
    }
    if names(cursor, 0, "INDEX") || names(cursor, 1, "INDEX") {
        definition.secondary_indexes.push(index::index(cursor)?);
        return Ok(());
    }
    let span = cursor.span();
    let column = column(cursor)?;
    // The vendor's own SHOW CREATE has it.
    match OWN_COLUMNS.iter().find(|(own, _)| *own == column.name) {
        Some((own, _)) if matches!(*own, "_tp_sn" | "_tp_shard") => {
            cursor.without_effect(&format!("column {own}"));
        }
        Some((own, instead)) => {
            let what = format!("column '{own}' ({instead})");
            return Err(SqlError::unsupported(what, span));
        }
        None => definition.columns.push(column),
    }
    Ok(())
}

/// Behind `PRIMARY KEY`, among the columns or behind them.
fn primary_key(cursor: &mut Cursor<'_>, definition: &mut StreamDef) -> Result<(), SqlError> {
    let names = match cursor.peek() {
        Some(Token::LParen) => cursor.names()?,
        _ => vec![cursor.name("a column name")?],
    };
    definition.primary_key = Some(names.join(", "));
    Ok(())
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
    DataType::parse(cursor.source.slice(&start[..length]))
        .map_err(|message| SqlError::at(message, span))
}

/// When rows of a mutable stream expire: settings that belong together.
#[derive(Default)]
struct Expiry {
    seconds: Option<i64>,
    column: Option<String>,
}

impl Expiry {
    fn finish(self, definition: &mut StreamDef, at: Span) -> Result<(), SqlError> {
        let column = match (self.seconds, self.column) {
            (None, None) => return Ok(()),
            (None, Some(_)) => {
                return Err(SqlError::at("ttl_column takes ttl_seconds beside it", at));
            }
            (Some(_), Some(column)) => format!("`{column}`"),
            (Some(_), None) => "_tp_time".to_string(),
        };
        let seconds = self.seconds.unwrap_or_default();
        definition.ttl_expression =
            Some(format!("to_datetime({column}) + INTERVAL {seconds} SECOND"));
        Ok(())
    }
}

fn option(
    cursor: &mut Cursor<'_>,
    definition: &mut StreamDef,
    ttl: &mut Expiry,
) -> Result<(), SqlError> {
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
            "mergetree" => cursor.without_effect("ENGINE = MergeTree"),
            "mutablestream" => definition.engine = Some("MutableStream".to_string()),
            _ => {
                return Err(SqlError::unsupported(
                    format!("engine '{engine}' (Stream and MutableStream are)"),
                    span,
                ));
            }
        }
        if cursor.accept(&Token::LParen) {
            if !cursor.until(|_| false).is_empty() {
                cursor.without_effect("what stands in the brackets of ENGINE");
            }
            cursor.expect(&Token::RParen)?;
        }
    } else if cursor.accept_words(&["PRIMARY", "KEY"]) {
        primary_key(cursor, definition)?;
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
        cursor.expression(stop)?;
        cursor.without_effect("PARTITION BY of a stream");
    } else if cursor.accept_word("COMMENT") {
        definition.description = Some(cursor.string("a comment in quotes")?);
    } else if cursor.accept_word("SETTINGS") {
        loop {
            setting(cursor, definition, ttl)?;
            if !cursor.accept(&Token::Comma) {
                break;
            }
        }
    } else {
        return Err(cursor.expected("ENGINE, PRIMARY KEY, ORDER BY, TTL, SETTINGS or COMMENT"));
    }
    Ok(())
}

fn setting(
    cursor: &mut Cursor<'_>,
    definition: &mut StreamDef,
    ttl: &mut Expiry,
) -> Result<(), SqlError> {
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
            ttl.seconds = Some(seconds);
        }
        "ttl_column" => ttl.column = Some(cursor.string("a column's name in quotes")?),
        "version_column" => {
            definition.version_column = Some(cursor.string("a column's name in quotes")?);
        }
        "late_insert_overrides" => definition.late_insert_overrides = Some(flag(cursor)?),
        "coalesced" => definition.coalesced = Some(flag(cursor)?),
        "shards" | "shard" => {
            definition.shards = Some(small(cursor)?);
            if definition.shards != Some(1) {
                cursor.without_effect("setting shards");
            }
        }
        tuning if TUNING.contains(&tuning) => {
            value(cursor)?;
            cursor.without_effect(&format!("setting {tuning}"));
        }
        "replication_factor" => {
            let copies = small(cursor)?;
            definition.replication_factor = Some(copies).filter(|copies| *copies <= 3);
            if copies != 1 {
                cursor.without_effect("setting replication_factor");
            }
        }
        _ => {
            return Err(SqlError::unsupported(
                format!(
                    "setting '{name}' (mode, event_time_column, event_time_timezone, \
                     logstore_retention_ms, logstore_retention_bytes, ttl_seconds, ttl_column, \
                     version_column, late_insert_overrides, coalesced, shards, replication_factor \
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
    "shared_disk",
    "storage_policy",
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

/// `true`, `1`, `false` or `0`
pub(super) fn flag(cursor: &mut Cursor<'_>) -> Result<bool, SqlError> {
    for (word, value) in [("true", true), ("false", false)] {
        if cursor.accept_word(word) {
            return Ok(value);
        }
    }
    let span = cursor.span();
    match cursor.accept_number() {
        Some("1") => Ok(true),
        Some("0") => Ok(false),
        _ => Err(SqlError::at("expected true or false", span)),
    }
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
