//! Accounts of which rows were written when, so that sizes and ages are known without counting
//! rows.

use rusqlite::{Connection, OptionalExtension};

use crate::{StoreError, effects::Delta};

const AGE_MS: i64 = 10_000;
const BYTES: i64 = 1 << 20;

/// The segment that a stream's next rows may join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenSegment {
    seq_from: i64,
    started_ms: i64,
    bytes: i64,
}

/// Adds the rows of a batch to the open segment or to a new one, which is then the open one.
pub(crate) fn add(
    conn: &Connection,
    id: i64,
    open: Option<OpenSegment>,
    delta: &Delta,
    now_ms: i64,
) -> Result<OpenSegment, StoreError> {
    let joins = |open: &OpenSegment| {
        (0..AGE_MS).contains(&(now_ms - open.started_ms)) && open.bytes < BYTES
    };
    let mut segment = open.filter(joins).unwrap_or(OpenSegment {
        seq_from: delta.seq_from,
        started_ms: now_ms,
        bytes: 0,
    });
    segment.bytes += delta.bytes;
    conn.prepare_cached(
        "INSERT INTO segments (stream_id, seq_from, seq_to, rows, bytes, written_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (stream_id, seq_from) DO UPDATE SET
             seq_to = excluded.seq_to, rows = rows + excluded.rows,
             bytes = bytes + excluded.bytes, written_at = excluded.written_at",
    )?
    .execute((
        id,
        segment.seq_from,
        delta.seq_to,
        delta.rows,
        delta.bytes,
        now_ms,
    ))?;
    Ok(segment)
}

/// Takes single rows (`_seq`, bytes) out of the segments that count them.
pub(crate) fn release(
    conn: &Connection,
    id: i64,
    removed: &[(i64, i64)],
) -> Result<(), StoreError> {
    let mut removed = removed.to_vec();
    removed.sort_unstable();
    let mut rest = removed.as_slice();
    while let Some((first, _)) = rest.first() {
        let segment: Option<(i64, i64)> = conn
            .prepare_cached(
                "SELECT seq_from, seq_to FROM segments WHERE stream_id = ?1 AND seq_from <= ?2
                 ORDER BY seq_from DESC LIMIT 1",
            )?
            .query_row((id, first), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((seq_from, seq_to)) = segment else {
            rest = &rest[1..];
            continue;
        };
        let inside = rest.partition_point(|(seq, _)| *seq <= seq_to).max(1);
        let bytes: i64 = rest[..inside].iter().map(|(_, bytes)| bytes).sum();
        let rows = i64::try_from(inside).unwrap_or(i64::MAX);
        shrink(conn, id, seq_from, rows, bytes)?;
        rest = &rest[inside..];
    }
    Ok(())
}

/// A segment without rows is forgotten.
pub(crate) fn shrink(
    conn: &Connection,
    id: i64,
    seq_from: i64,
    rows: i64,
    bytes: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE segments SET rows = rows - ?3, bytes = bytes - ?4
         WHERE stream_id = ?1 AND seq_from = ?2",
    )?
    .execute((id, seq_from, rows, bytes))?;
    conn.prepare_cached(
        "DELETE FROM segments WHERE stream_id = ?1 AND seq_from = ?2 AND rows <= 0",
    )?
    .execute((id, seq_from))?;
    Ok(())
}

pub(crate) struct Segment {
    pub(crate) seq_from: i64,
    pub(crate) seq_to: i64,
    pub(crate) written_at: i64,
}

pub(crate) fn oldest(conn: &Connection, id: i64) -> Result<Option<Segment>, StoreError> {
    let segment = conn
        .prepare_cached(
            "SELECT seq_from, seq_to, written_at FROM segments WHERE stream_id = ?1
             ORDER BY seq_from LIMIT 1",
        )?
        .query_row([id], |row| {
            Ok(Segment {
                seq_from: row.get(0)?,
                seq_to: row.get(1)?,
                written_at: row.get(2)?,
            })
        })
        .optional()?;
    Ok(segment)
}
