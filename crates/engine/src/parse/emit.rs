//! `EMIT …`: when a query that follows a stream sends its rows.

use sqlparser::tokenizer::{Span, Token};

use super::{cursor::Cursor, interval};
use crate::SqlError;

/// When an aggregation sends its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Milliseconds between two results, sent if anything has changed.
    Periodic(i64),
    /// The same, sent in any case.
    Repeated(i64),
    /// The groups whose result has changed, at most so often (ms).
    Updates(i64),
    /// The groups whose result has changed, after each row.
    PerEvent,
    /// When the watermark passes a window's end.
    WindowClose,
}

/// `LAST 1h`: results are of the rows of so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) ms: i64,
    /// Counted back from the clock, not from the newest event.
    pub(crate) processing_time: bool,
}

/// `AFTER KEY EXPIRE`: a group is sent and forgotten when its events span too long, or when none
/// has come for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyExpire {
    /// The column that tells the time of an event, `_tp_time` unless named.
    pub(crate) column: String,
    pub(crate) max_span_ms: i64,
    /// Only what spans too long is sent.
    pub(crate) only: bool,
    pub(crate) timeout_ms: Option<i64>,
    /// Of `AFTER SESSION CLOSE` with columns that tell its first and its last event.
    pub(crate) session: Option<SessionClose>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionClose {
    /// None: any event opens a session.
    pub(crate) start: Option<String>,
    /// None: no event closes one.
    pub(crate) end: Option<String>,
    /// An event that could open another one goes on with the one that is open.
    pub(crate) merge: bool,
    /// The event that closes a session belongs to it.
    pub(crate) include_end: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Emit {
    pub(crate) policy: Option<Policy>,
    /// How far the watermark stays behind the newest event (ms).
    pub(crate) delay_ms: i64,
    /// Windows end when no row has come for so long (ms).
    pub(crate) timeout_ms: Option<i64>,
    pub(crate) last: Option<Last>,
    /// What is no longer so is sent again with `_tp_delta` -1.
    pub(crate) changelog: bool,
    pub(crate) key_expire: Option<KeyExpire>,
}

const FORMS: &str = "PERIODIC 5s [REPEAT], ON UPDATE [WITH BATCH 1s], AFTER WINDOW CLOSE, \
                     WITH DELAY 2s, TIMEOUT 5s, PER EVENT, LAST 1h [ON PROCTIME], CHANGELOG, \
                     AFTER KEY EXPIRE and AFTER SESSION CLOSE";

/// All that stands behind `EMIT`.
pub(super) fn emit(cursor: &mut Cursor<'_>) -> Result<Emit, SqlError> {
    let mut emit = Emit::default();
    // By itself it says what holds anyway.
    let mut first = !cursor.accept_word("STREAM");
    while first || !at_end(cursor) {
        if !first {
            cursor.accept_word("AND");
        }
        let span = cursor.span();
        if !clause(cursor, &mut emit)? {
            let what = cursor.rest().first();
            let what = what.map_or("", |token| cursor.source.text(token.span));
            return Err(SqlError::unsupported(
                format!("EMIT {}; use {FORMS}", what.to_uppercase()),
                span,
            ));
        }
        first = false;
    }
    Ok(emit)
}

fn at_end(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        None | Some(Token::RParen) => true,
        Some(token) => super::source::is_word(token, "SETTINGS"),
    }
}

/// One clause; false where there is none.
fn clause(cursor: &mut Cursor<'_>, emit: &mut Emit) -> Result<bool, SqlError> {
    let span = cursor.span();
    if cursor.accept_word("CHANGELOG") {
        emit.changelog = true;
    } else if cursor.accept_word("PERIODIC") {
        let period = bounded(cursor, "EMIT PERIODIC", 100)?;
        let policy = if cursor.accept_word("REPEAT") {
            Policy::Repeated(period)
        } else if cursor.accept_words(&["ON", "UPDATE"]) {
            Policy::Updates(period)
        } else {
            Policy::Periodic(period)
        };
        set(emit, policy, span)?;
    } else if cursor.accept_words(&["ON", "UPDATE"]) {
        let batch = match cursor.accept_words(&["WITH", "BATCH"]) {
            true => bounded(cursor, "WITH BATCH", 1)?,
            false => 0,
        };
        set(emit, Policy::Updates(batch), span)?;
    } else if cursor.accept_words(&["PER", "EVENT"]) {
        set(emit, Policy::PerEvent, span)?;
    } else if cursor.accept_words(&["AFTER", "WATERMARK"])
        || cursor.accept_words(&["AFTER", "WINDOW", "CLOSE"])
    {
        set(emit, Policy::WindowClose, span)?;
    } else if cursor.accept_words(&["AFTER", "KEY", "EXPIRE"]) {
        emit.key_expire = Some(key_expire(cursor, false)?);
    } else if cursor.accept_words(&["AFTER", "SESSION", "CLOSE"]) {
        emit.key_expire = Some(key_expire(cursor, true)?);
    } else if cursor.accept_words(&["WITH", "DELAY"]) || cursor.accept_word("DELAY") {
        emit.delay_ms = bounded(cursor, "WITH DELAY", 1)?;
    } else if cursor.accept_words(&["WITH", "TIMEOUT"]) || cursor.accept_word("TIMEOUT") {
        emit.timeout_ms = Some(bounded(cursor, "TIMEOUT", 1)?);
    } else if cursor.accept_word("LAST") {
        emit.last = Some(Last {
            ms: bounded(cursor, "EMIT LAST", 1)?,
            processing_time: cursor.accept_words(&["ON", "PROCTIME"]),
        });
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// `[IDENTIFIED BY column] WITH [ONLY] MAXSPAN 1s [AND TIMEOUT 2s]`; of sessions also
/// `IDENTIFIED BY (column, start, end)`.
fn key_expire(cursor: &mut Cursor<'_>, sessions: bool) -> Result<KeyExpire, SqlError> {
    let (mut column, mut session) = ("_tp_time".to_string(), None);
    if cursor.accept_words(&["IDENTIFIED", "BY"]) {
        if sessions && cursor.accept(&Token::LParen) {
            column = cursor.name("a column name")?;
            if cursor.accept(&Token::Comma) {
                let start = edge(cursor, "true")?;
                cursor.expect(&Token::Comma)?;
                session = Some(SessionClose {
                    start,
                    end: edge(cursor, "false")?,
                    merge: false,
                    include_end: true,
                });
            }
            cursor.expect(&Token::RParen)?;
        } else {
            column = cursor.name("a column name")?;
        }
    }
    cursor.expect_word("WITH")?;
    let only = cursor.accept_word("ONLY");
    cursor.expect_word("MAXSPAN")?;
    let max_span_ms = bounded(cursor, "MAXSPAN", 1)?;
    let timeout_ms = match cursor.accept_words(&["AND", "TIMEOUT"]) {
        true => Some(bounded(cursor, "TIMEOUT", 1)?),
        false => None,
    };
    Ok(KeyExpire {
        column,
        max_span_ms,
        only,
        timeout_ms,
        session,
    })
}

/// A column, or the word that stands for none.
fn edge(cursor: &mut Cursor<'_>, none: &str) -> Result<Option<String>, SqlError> {
    match cursor.accept_word(none) {
        true => Ok(None),
        false => cursor.name(&format!("a column name or {none}")).map(Some),
    }
}

fn set(emit: &mut Emit, policy: Policy, span: Span) -> Result<(), SqlError> {
    match emit.policy.replace(policy) {
        None => Ok(()),
        Some(_) => Err(SqlError::at(
            "EMIT takes one of PERIODIC, ON UPDATE, PER EVENT and AFTER WINDOW CLOSE",
            span,
        )),
    }
}

/// Milliseconds, a day at most but for what looks back.
fn bounded(cursor: &mut Cursor<'_>, what: &str, least: i64) -> Result<i64, SqlError> {
    let span = cursor.span();
    let ms = interval::read(cursor)?;
    let most = match what {
        "EMIT LAST" => 366 * 86_400_000,
        _ => 86_400_000,
    };
    if (least..=most).contains(&ms) {
        return Ok(ms);
    }
    let most = if what == "EMIT LAST" { "366d" } else { "1d" };
    Err(SqlError::at(
        format!("{what} takes from {least}ms to {most}"),
        span,
    ))
}
