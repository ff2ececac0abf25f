//! What stands behind the columns of a stream: its key, TTL and settings.

use sqlparser::tokenizer::{Span, Token};
use weir_api::timeplus::stream::{Mode, StreamDef};

use super::{
    cursor::Cursor,
    literal::{flag, integer, value},
    source::is_word,
};
use crate::SqlError;

/// When rows of a mutable stream expire: settings that belong together.
#[derive(Default)]
pub(super) struct Expiry {
    seconds: Option<i64>,
    column: Option<String>,
}

impl Expiry {
    pub(super) fn finish(self, definition: &mut StreamDef, at: Span) -> Result<(), SqlError> {
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

pub(super) fn option(
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
            "mergetree" | "memory" | "log" | "tinylog" | "stripelog" => {
                cursor.without_effect(&format!("ENGINE = {engine}"));
            }
            "mutablestream" => definition.engine = Some("MutableStream".to_string()),
            _ => {
                return Err(SqlError::unsupported(
                    format!("engine '{engine}'; use Stream or MutableStream"),
                    span,
                ));
            }
        }
        if cursor.accept(&Token::LParen) {
            if !cursor.until(|_| false).is_empty() {
                cursor.without_effect("the arguments of ENGINE");
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
            let what = "a TTL that does more than delete each row of a time; use TTL expression";
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
                    "setting '{name}'; use mode, event_time_column, event_time_timezone, \
                     logstore_retention_ms, logstore_retention_bytes, ttl_seconds, ttl_column, \
                     version_column, late_insert_overrides, coalesced, shards, replication_factor \
                     or a tuning setting"
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

/// Behind `PRIMARY KEY`, among the columns or behind them.
pub(super) fn primary_key(
    cursor: &mut Cursor<'_>,
    definition: &mut StreamDef,
) -> Result<(), SqlError> {
    let names = match cursor.peek() {
        Some(Token::LParen) => cursor.names()?,
        _ => vec![cursor.name("a column name")?],
    };
    definition.primary_key = Some(names.join(", "));
    Ok(())
}

fn small(cursor: &mut Cursor<'_>) -> Result<u32, SqlError> {
    let span = cursor.span();
    let number = integer(cursor)?;
    u32::try_from(number).map_err(|_| SqlError::at(format!("{number} is out of range"), span))
}
