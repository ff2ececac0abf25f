//! Groups that end by their own rows: sessions, and keys that expire.

use rusqlite::types::{Value, ValueRef};

use super::{
    group::Group,
    groups::{Groups, NO_WINDOW},
};
use crate::{
    SqlError,
    plan::{Aggregation, Frame, SessionBounds},
};

/// Keys that are a session's start and end.
pub(super) fn edges(frame: &Frame) -> (Option<usize>, Option<usize>) {
    match frame {
        Frame::Session {
            start_key, end_key, ..
        } => (*start_key, *end_key),
        _ => (None, None),
    }
}

/// Before a row is added: ends the session that it does not belong to. False where the row belongs
/// to none.
pub(super) fn admit(
    groups: &mut Groups,
    aggregation: &Aggregation,
    key: &[u8],
    time: i64,
    extras: &[ValueRef<'_>],
) -> Result<bool, SqlError> {
    if let Frame::Expiring {
        session: Some(bounds),
        ..
    } = aggregation.frame
    {
        return opened(groups, aggregation, key, bounds, extras);
    }
    let Frame::Session {
        gap_ms,
        max_ms,
        include_end,
        ..
    } = aggregation.frame
    else {
        return Ok(true);
    };
    let left_out = is_true(extras.get(2)) && !include_end;
    let open = groups
        .windows
        .get(&NO_WINDOW)
        .and_then(|open| open.get(key));
    if let Some(group) = open {
        let (first, last, _) = group.span;
        let apart = time >= last.saturating_add(gap_ms)
            || time >= first.saturating_add(max_ms)
            || time.saturating_add(gap_ms) <= first;
        if !apart && left_out {
            end(groups, aggregation, key, Some(time))?;
            return Ok(false);
        }
        if !apart {
            return Ok(true);
        }
        // A row of before the session is late.
        if time < first {
            return Ok(false);
        }
        end(groups, aggregation, key, None)?;
    }
    let late = groups
        .closed
        .is_some_and(|closed| time.saturating_add(gap_ms) <= closed);
    Ok(!late && !left_out && is_true(extras.get(1)))
}

/// Whether a row belongs to the session of its key that is open, or opens one.
fn opened(
    groups: &mut Groups,
    aggregation: &Aggregation,
    key: &[u8],
    bounds: SessionBounds,
    extras: &[ValueRef<'_>],
) -> Result<bool, SqlError> {
    let open = groups.windows.get(&NO_WINDOW);
    let open = open.is_some_and(|open| open.contains_key(key));
    let (starts, ends) = (is_true(extras.get(1)), is_true(extras.get(2)));
    if ends && !bounds.include_end {
        end(groups, aggregation, key, None)?;
        return Ok(false);
    }
    if open && starts && !bounds.merge {
        end(groups, aggregation, key, None)?;
    }
    Ok(open || starts)
}

/// After a row was added: ends its session where the row ends it, and a key that spans too long.
pub(super) fn settle(
    groups: &mut Groups,
    aggregation: &Aggregation,
    key: &[u8],
    extras: &[ValueRef<'_>],
) -> Result<(), SqlError> {
    match aggregation.frame {
        Frame::Session { .. } if is_true(extras.get(2)) => {
            let open = groups.windows.get(&NO_WINDOW);
            let last = open
                .and_then(|open| open.get(key))
                .map(|group| group.span.1);
            let over = last.map(|last| last.saturating_add(1));
            end(groups, aggregation, key, over)
        }
        Frame::Expiring {
            session: Some(_), ..
        } if is_true(extras.get(2)) => end(groups, aggregation, key, None),
        Frame::Expiring { max_span_ms, .. } => {
            let open = groups
                .windows
                .get(&NO_WINDOW)
                .and_then(|open| open.get(key));
            match open.map(|group| group.span) {
                Some((first, last, _)) if last.saturating_sub(first) >= max_span_ms => {
                    end(groups, aggregation, key, None)
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Ends what `watermark` has passed, and keys of which no row has come for a while; gives what has
/// ended so far.
pub(super) fn take_ended(
    groups: &mut Groups,
    aggregation: &Aggregation,
    watermark: Option<i64>,
    now_ms: i64,
) -> Result<Vec<Vec<Value>>, SqlError> {
    let over = |group: &Group| {
        let (first, last, came) = group.span;
        match aggregation.frame {
            Frame::Session { gap_ms, max_ms, .. } => watermark
                .is_some_and(|watermark| session_end(first, last, gap_ms, max_ms) <= watermark),
            Frame::Expiring { timeout_ms, .. } => {
                timeout_ms.is_some_and(|timeout| came.saturating_add(timeout) <= now_ms)
            }
            _ => false,
        }
    };
    let open = groups.windows.get(&NO_WINDOW);
    let mut keys: Vec<(u64, Vec<u8>)> = open
        .into_iter()
        .flatten()
        .filter(|(_, group)| over(group))
        .map(|(key, group)| (group.number, key.clone()))
        .collect();
    keys.sort_unstable();
    for (_, key) in keys {
        end(groups, aggregation, &key, None)?;
    }
    if matches!(aggregation.frame, Frame::Session { .. }) {
        groups.closed = groups.closed.max(watermark);
    }
    Ok(std::mem::take(&mut groups.ended))
}

/// When the next key expires because no row has come (Unix ms).
pub(super) fn next_timeout(groups: &Groups, aggregation: &Aggregation) -> Option<i64> {
    let Frame::Expiring {
        timeout_ms: Some(timeout),
        ..
    } = aggregation.frame
    else {
        return None;
    };
    let open = groups.windows.get(&NO_WINDOW)?.values();
    let first = open.map(|group| group.span.2).min()?;
    Some(first.saturating_add(timeout))
}

fn session_end(first: i64, last: i64, gap_ms: i64, max_ms: i64) -> i64 {
    last.saturating_add(gap_ms)
        .min(first.saturating_add(max_ms))
}

/// Takes the open group of `key` out; it waits to be sent. `over`: when it ended, where an event
/// says so.
fn end(
    groups: &mut Groups,
    aggregation: &Aggregation,
    key: &[u8],
    over: Option<i64>,
) -> Result<(), SqlError> {
    let open = groups.windows.get_mut(&NO_WINDOW);
    let Some(mut group) = open.and_then(|open| open.remove(key)) else {
        return Ok(());
    };
    groups.count -= 1;
    groups.bytes = groups.bytes.saturating_sub(group.bytes(key.len()));
    let (first, last, _) = group.span;
    match aggregation.frame {
        Frame::Session {
            gap_ms,
            max_ms,
            start_key,
            end_key,
            ..
        } => {
            let over = over.unwrap_or_else(|| session_end(first, last, gap_ms, max_ms));
            for (place, edge) in [(start_key, first), (end_key, over)] {
                if let Some(slot) = place.and_then(|place| group.keys.get_mut(place)) {
                    *slot = Value::Integer(edge);
                }
            }
        }
        Frame::Expiring {
            max_span_ms,
            only: true,
            ..
        } if last.saturating_sub(first) < max_span_ms => return Ok(()),
        _ => {}
    }
    groups.ended.push(group.finish()?);
    Ok(())
}

fn is_true(value: Option<&ValueRef<'_>>) -> bool {
    matches!(value, Some(ValueRef::Integer(number)) if *number != 0)
}
