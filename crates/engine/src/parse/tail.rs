//! `EMIT …`, `SETTINGS …` and `FORMAT …` at the end of a query.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan},
};

use super::{
    cursor::Cursor,
    emit::{self, Emit},
    literal::flag,
    named::Named,
    source::{Source, is_word},
};
use crate::SqlError;

#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    pub(crate) emit: Option<(Emit, Span)>,
    /// It stands inside a subquery.
    pub(crate) emit_inside: bool,
    pub(crate) seek_to: Option<(String, Span)>,
    /// `query_mode = 'table'`: every stream is read as it is now.
    pub(crate) table_mode: bool,
    /// `asterisk_include_reserved_columns = false`: `*` leaves out `_tp_time` and its kind.
    pub(crate) hides_reserved: bool,
    /// `merge_open_sessions` and `include_session_end`.
    merge_sessions: Option<(bool, Span)>,
    include_end: Option<(bool, Span)>,
    /// Expressions that WITH names.
    pub(crate) named: Vec<Named>,
    /// What was asked for and changes nothing here.
    pub(crate) notices: Vec<String>,
}

/// Settings that make a query faster or safer elsewhere, and never change its rows.
const TUNING: &[&str] = &[
    "aggregate_state_ttl_sec",
    "allow_independent_shard_processing",
    "checkpoint_interval",
    "checkpoint_settings",
    "convert_join_to_asof",
    "cpu_weight",
    "default_hash_join",
    "default_hash_table",
    "dlq_consecutive_failures_limit",
    "dlq_max_message_batch_size",
    "emit_aggregated_during_backfill",
    "emit_during_backfill",
    "enable_backfill_from_historical_store",
    "enable_dlq",
    "enable_idempotent_processing",
    "enable_optimize_predicate_expression",
    "fetch_buffer_size",
    "fetch_threads",
    "force_backfill_in_order",
    "force_drop_big_stream",
    "force_full_scan",
    "group_by_two_level_threshold",
    "group_by_two_level_threshold_bytes",
    "idempotent_id",
    "input_format_ignore_parsing_errors",
    "insert_block_timeout_ms",
    "javascript_max_memory_bytes",
    "javascript_uda_max_concurrency",
    "join_algorithm",
    "join_buffered_data_block_size",
    "join_latency_threshold",
    "join_max_buffered_bytes",
    "join_quiesce_threshold_ms",
    "keep_versions",
    "log_queries",
    "log_stats",
    "max_block_size",
    "max_bytes_before_external_group_by",
    "max_bytes_before_external_sort",
    "max_execution_time",
    "max_hot_keys",
    "max_insert_block_bytes",
    "max_insert_block_size",
    "max_insert_threads",
    "max_memory_usage",
    "max_read_buffer_size",
    "max_threads",
    "memory_weight",
    "min_insert_block_size_rows",
    "mutations_sync",
    "optimize_move_to_prewhere",
    "optimize_read_in_order",
    "precise_float_parsing",
    "preferred_block_size_bytes",
    "preferred_exec_node",
    "priority",
    "query_resource_group",
    "record_consume_batch_count",
    "record_consume_timeout_ms",
    "recovery_policy",
    "recovery_retry_for_same_error",
    "send_logs_level",
    "shards_affinity",
    "show_multi_versions",
    "show_uuid",
    "substreams",
    "two_level_hash",
    "use_index",
    "use_uncompressed_cache",
    "verbose",
];

/// Splits the tokens of a query from its tail. Settings inside brackets are taken out of them: they
/// are those of the whole query.
pub(crate) fn split(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
) -> Result<(Vec<TokenWithSpan>, Tail), SqlError> {
    let mut tail = Tail::default();
    let mut kept = Vec::with_capacity(tokens.len());
    let (mut depth, mut index) = (0usize, 0);
    let mut sides = Vec::new();
    while index < tokens.len() {
        match &tokens[index].token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if starts_tail(tokens, index) => {
                let mut cursor = Cursor::new(source, &tokens[index..]);
                read(&mut cursor, &mut tail, depth > 0)?;
                if depth == 0 {
                    if cursor.peek().is_some_and(|token| is_word(token, "UNION")) {
                        if let Some((_, at)) = tail.emit {
                            let what = "EMIT on one side of a UNION; write it at the end";
                            return Err(SqlError::unsupported(what, at));
                        }
                        index = tokens.len() - cursor.rest().len();
                        continue;
                    }
                    cursor.expect_end()?;
                    sides.push(side(&mut tail, false));
                    same_on_all(&sides, tokens[index].span)?;
                    sessions(&mut tail)?;
                    return Ok((kept, tail));
                }
                if cursor.peek() != Some(&Token::RParen) {
                    return Err(cursor.expected("the end of the subquery"));
                }
                index = tokens.len() - cursor.rest().len();
                continue;
            }
            token if depth == 0 && is_word(token, "UNION") => sides.push(side(&mut tail, true)),
            _ => {}
        }
        kept.push(tokens[index].clone());
        index += 1;
    }
    if sides.iter().any(|side| *side != Side::default()) {
        sides.push(side(&mut tail, false));
        same_on_all(&sides, tokens.last().map_or(Span::empty(), |t| t.span))?;
    }
    sessions(&mut tail)?;
    Ok((kept, tail))
}

/// What settings say of one side of a UNION.
#[derive(Default, PartialEq)]
struct Side {
    seek_to: Option<String>,
    table_mode: bool,
}

/// Of the side that ends here; the next one begins without.
fn side(tail: &mut Tail, more: bool) -> Side {
    let side = Side {
        seek_to: tail.seek_to.as_ref().map(|(text, _)| text.clone()),
        table_mode: tail.table_mode,
    };
    if more {
        tail.seek_to = None;
        tail.table_mode = false;
    }
    side
}

/// Settings at the end of a UNION are those of all its sides; where each side has its own, they are
/// the same.
fn same_on_all(sides: &[Side], at: Span) -> Result<(), SqlError> {
    let Some((last, before)) = sides.split_last() else {
        return Ok(());
    };
    let plain = before.iter().all(|side| *side == Side::default());
    if plain || before.iter().all(|side| side == last) {
        return Ok(());
    }
    let what = "seek_to or query_mode on some sides of a UNION; write it at the end, or the same on \
                all";
    Err(SqlError::unsupported(what, at))
}

/// Gives what settings say of sessions to the `EMIT` that closes them.
fn sessions(tail: &mut Tail) -> Result<(), SqlError> {
    let (merge, include) = (tail.merge_sessions.take(), tail.include_end.take());
    let Some((_, at)) = merge.or(include) else {
        return Ok(());
    };
    let emit = tail.emit.as_mut().map(|(emit, _)| emit);
    let expire = emit.and_then(|emit| emit.key_expire.as_mut());
    let Some(session) = expire.and_then(|expire| expire.session.as_mut()) else {
        return Err(SqlError::at(
            "merge_open_sessions and include_session_end are for EMIT AFTER SESSION CLOSE \
             IDENTIFIED BY (time, start, end)",
            at,
        ));
    };
    if let Some((merge, _)) = merge {
        session.merge = merge;
    }
    if let Some((include, _)) = include {
        session.include_end = include;
    }
    Ok(())
}

fn starts_tail(tokens: &[TokenWithSpan], index: usize) -> bool {
    let next = |offset: usize| tokens.get(index + offset).map(|t| &t.token);
    let after_operand = index > 0
        && match &tokens[index - 1].token {
            Token::Word(word) => !matches!(
                word.keyword,
                Keyword::SELECT | Keyword::AS | Keyword::FROM | Keyword::BY | Keyword::WHERE
            ),
            Token::RParen | Token::RBracket | Token::Number(..) | Token::SingleQuotedString(_) => {
                true
            }
            Token::Mul => true,
            _ => false,
        };
    if !after_operand {
        return false;
    }
    let token = &tokens[index].token;
    if is_word(token, "SETTINGS") {
        matches!(next(1), Some(Token::Word(_))) && next(2) == Some(&Token::Eq)
    } else if is_word(token, "FORMAT") {
        // A format's name and nothing else, or settings.
        matches!(next(1), Some(Token::Word(_)))
            && next(2).is_none_or(|t| *t == Token::RParen || is_word(t, "SETTINGS"))
    } else {
        is_word(token, "EMIT")
            && next(1).is_some_and(|t| {
                // Behind an alias called so.
                let other = [
                    "JOIN", "WHERE", "ON", "LEFT", "INNER", "GROUP", "ORDER", "LIMIT", "FROM",
                ];
                matches!(t, Token::Word(_)) && !other.iter().any(|word| is_word(t, word))
                    || (is_word(t, "ON") && next(2).is_some_and(|t| is_word(t, "UPDATE")))
            })
    }
}

fn read(cursor: &mut Cursor<'_>, tail: &mut Tail, inside: bool) -> Result<(), SqlError> {
    let span = cursor.span();
    if cursor.accept_word("EMIT") {
        if tail.emit.is_some() {
            let words = "this query has two EMIT, the first in a subquery";
            return Err(SqlError::at(words, span));
        }
        tail.emit = Some((emit::emit(cursor)?, span));
        tail.emit_inside = inside;
    }
    format(cursor, tail)?;
    if cursor.accept_word("SETTINGS") {
        settings(cursor, tail)?;
        format(cursor, tail)?;
    }
    Ok(())
}

fn format(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    if cursor.accept_word("FORMAT") {
        let name = cursor.name("a format's name")?;
        tail.notices.push(format!(
            "FORMAT {name} has no effect here: rows come as whoever asks reads them"
        ));
    }
    Ok(())
}

fn settings(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    loop {
        setting(cursor, tail)?;
        if !cursor.accept(&Token::Comma) {
            return Ok(());
        }
    }
}

fn setting(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    let value_span = cursor.span();
    match name.to_ascii_lowercase().as_str() {
        "seek_to" => tail.seek_to = Some((cursor.string("a time in quotes")?, value_span)),
        "query_mode" => {
            tail.table_mode = match cursor.string("'table' or 'streaming'")?.as_str() {
                "table" => true,
                "streaming" => false,
                other => {
                    let message = format!("query_mode is 'table' or 'streaming', not '{other}'");
                    return Err(SqlError::at(message, value_span));
                }
            };
        }
        "merge_open_sessions" => tail.merge_sessions = Some((flag(cursor)?, span)),
        "include_session_end" => tail.include_end = Some((flag(cursor)?, span)),
        "asterisk_include_reserved_columns" => tail.hides_reserved = !flag(cursor)?,
        "join_use_nulls" => {
            if !flag(cursor)? {
                let what = "join_use_nulls = false; a row without a partner has NULL";
                return Err(SqlError::unsupported(what, span));
            }
        }
        tuning if TUNING.contains(&tuning) => {
            value(cursor)?;
            tail.notices
                .push(format!("setting {tuning} has no effect here"));
        }
        _ => {
            return Err(SqlError::unsupported(
                format!("setting '{name}'; use seek_to, query_mode or a tuning setting"),
                span,
            ));
        }
    }
    Ok(())
}

/// A setting of a statement that is no query, which changes nothing here.
pub(super) fn tuning(cursor: &mut Cursor<'_>) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    // Rows with the same id would be left out.
    if name == "idempotent_id" || !TUNING.contains(&name.as_str()) {
        return Err(SqlError::unsupported(
            format!("setting '{name}'; use a tuning setting"),
            span,
        ));
    }
    cursor.accept(&Token::Minus);
    match cursor.rest().split_first() {
        Some((token, _)) if !matches!(token.token, Token::Comma | Token::LParen) => {
            cursor.skip();
            cursor.without_effect(&format!("setting {name}"));
            Ok(())
        }
        _ => Err(cursor.expected("a value")),
    }
}

/// Names of the settings, for `system.settings`.
pub(crate) fn setting_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = [
        (
            "asterisk_include_reserved_columns",
            "whether * includes _tp_time, true by default",
        ),
        (
            "include_session_end",
            "whether the event that closes a session belongs to it",
        ),
        (
            "merge_open_sessions",
            "whether an event that opens a session goes on with an open one",
        ),
        ("query_mode", "'table' reads every stream as it is now"),
        (
            "seek_to",
            "where following begins: 'earliest', 'latest', '-1h', a time",
        ),
    ];
    let tuning = TUNING
        .iter()
        .map(|name| (*name, "accepted, no effect here"));
    own.into_iter().chain(tuning)
}

/// A number, a text or a word.
fn value(cursor: &mut Cursor<'_>) -> Result<(), SqlError> {
    let tokens = cursor.until(|token| {
        *token == Token::Comma
            || *token == Token::RParen
            || is_word(token, "EMIT")
            || is_word(token, "FORMAT")
    });
    match tokens {
        [only] if !matches!(only.token, Token::Comma) => Ok(()),
        [minus, _] if minus.token == Token::Minus => Ok(()),
        _ => Err(cursor.expected("a value")),
    }
}
