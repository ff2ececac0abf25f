//! Deletes what streams no longer keep: by bytes, by age and by TTL expression. Every deletion is
//! a small transaction of its own, so that writers never wait long.

use std::{
    io,
    sync::{
        Arc, Weak,
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::OptionalExtension;

use crate::{
    Store, StoreError,
    define::Ttl,
    meta::{StreamState, lock},
    schema::now_ms,
    segments,
    store::Inner,
    writer::{Job, Scope},
};

const PERIOD: Duration = Duration::from_secs(1);
/// Rows per transaction.
const CHUNK: i64 = 5000;

/// Ends when the sender is dropped.
pub(crate) fn start(store: Weak<Inner>) -> io::Result<(mpsc::Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = mpsc::channel();
    let run = move || {
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(PERIOD) {
            let Some(inner) = store.upgrade() else { return };
            let store = Store::of(inner);
            let kept = store.apply_retention(now_ms());
            if let Err(error) = kept.and_then(|()| store.save_activity(now_ms())) {
                tracing::warn!("retention: {error}");
            }
        }
    };
    let thread = thread::Builder::new()
        .name("weir-retention".into())
        .spawn(run)?;
    Ok((stop, thread))
}

impl Store {
    /// Deletes everything that is due at `now_ms`. Runs by itself once a second. Blocks, so it is
    /// not to be called from an asynchronous task.
    pub fn apply_retention(&self, now_ms: i64) -> Result<(), StoreError> {
        let names: Vec<String> = self
            .inner
            .shared
            .read(|meta| meta.streams.keys().cloned().collect());
        for name in names {
            match self.apply_to(&name, now_ms) {
                // Deleted in the meantime.
                Ok(()) | Err(StoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn apply_to(&self, name: &str, now_ms: i64) -> Result<(), StoreError> {
        let shared = &self.inner.shared;
        while excess(&*shared.written(name)?, now_ms).is_some() {
            let name = name.to_owned();
            self.answered_blocking(Job::alone(move |scope| trim(scope, &name, now_ms), |()| {}))?;
        }
        while let state = shared.written(name)?
            && let Some(ttl) = &state.ttl
            && self.has_expired(&state, ttl, now_ms)?
        {
            let name = name.to_owned();
            self.answered_blocking(Job::alone(
                move |scope| expire(scope, &name, now_ms),
                |()| {},
            ))?;
        }
        Ok(())
    }

    fn has_expired(&self, state: &StreamState, ttl: &Ttl, now_ms: i64) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM {} WHERE ({}) < ?1 LIMIT 1",
            state.info.table, ttl.sql
        );
        self.inner.shared.query(|conn| {
            let found: Option<i64> = conn
                .prepare_cached(&sql)?
                .query_row([ttl.threshold(now_ms)], |row| row.get(0))
                .optional()?;
            Ok(found.is_some())
        })
    }
}

/// Bytes above the limit (0 when only the age is) of a stream that has to be trimmed.
fn excess(state: &StreamState, now_ms: i64) -> Option<i64> {
    let totals = *lock(&state.live.totals);
    let max_bytes = state.stream.logstore_retention_bytes;
    let bytes = if max_bytes > 0 {
        (totals.bytes - max_bytes).max(0)
    } else {
        0
    };
    let old = totals
        .oldest_ms
        .is_some_and(|written| is_old(state, written, now_ms));
    (bytes > 0 || old).then_some(bytes)
}

fn is_old(state: &StreamState, written_ms: i64, now_ms: i64) -> bool {
    let max_ms = state.stream.logstore_retention_ms;
    max_ms > 0 && written_ms < now_ms.saturating_sub(max_ms)
}

/// Deletes the oldest rows, at most a chunk of one segment.
fn trim(scope: &mut Scope<'_>, name: &str, now_ms: i64) -> Result<(), StoreError> {
    let state = scope.shared.written(name)?;
    let Some(excess) = excess(&state, now_ms) else {
        return Ok(());
    };
    let Some(segment) = segments::oldest(scope.tx, state.id)? else {
        // No rows are left, whatever was counted.
        let totals = *lock(&state.live.totals);
        let delta = scope.effects.of(&state);
        delta.dropped = (totals.rows, totals.bytes);
        delta.oldest_ms = Some(None);
        return Ok(());
    };
    let whole = is_old(&state, segment.written_at, now_ms);
    if whole || excess > 0 {
        drop_rows(
            scope,
            &state,
            &segment,
            if whole { i64::MAX } else { excess },
        )?;
    }
    let oldest = segments::oldest(scope.tx, state.id)?;
    scope.effects.of(&state).oldest_ms = Some(oldest.map(|segment| segment.written_at));
    Ok(())
}

/// Until `enough` bytes are freed.
fn drop_rows(
    scope: &mut Scope<'_>,
    state: &Arc<StreamState>,
    segment: &segments::Segment,
    enough: i64,
) -> Result<(), StoreError> {
    let table = &state.info.table;
    let (mut rows, mut bytes, mut last) = (0, 0, segment.seq_from - 1);
    {
        let mut oldest = scope.tx.prepare_cached(&format!(
            "SELECT _seq, _size FROM {table} WHERE _seq BETWEEN ?1 AND ?2 ORDER BY _seq LIMIT ?3"
        ))?;
        let mut found = oldest.query((segment.seq_from, segment.seq_to, CHUNK))?;
        while bytes < enough
            && let Some(row) = found.next()?
        {
            last = row.get(0)?;
            bytes += row.get::<_, i64>(1)?;
            rows += 1;
        }
    }
    if rows < CHUNK && bytes < enough {
        last = segment.seq_to;
    }
    scope
        .tx
        .prepare_cached(&format!("DELETE FROM {table} WHERE _seq BETWEEN ?1 AND ?2"))?
        .execute((segment.seq_from, last))?;
    if last >= segment.seq_to {
        scope
            .tx
            .prepare_cached("DELETE FROM segments WHERE stream_id = ?1 AND seq_from = ?2")?
            .execute((state.id, segment.seq_from))?;
    } else {
        scope
            .tx
            .prepare_cached(
                "UPDATE segments SET seq_from = ?3, rows = rows - ?4, bytes = bytes - ?5
                 WHERE stream_id = ?1 AND seq_from = ?2",
            )?
            .execute((state.id, segment.seq_from, last + 1, rows, bytes))?;
    }
    let delta = scope.effects.of(state);
    delta.dropped.0 += rows;
    delta.dropped.1 += bytes;
    Ok(())
}

/// Deletes a chunk of the rows whose TTL has passed.
fn expire(scope: &mut Scope<'_>, name: &str, now_ms: i64) -> Result<(), StoreError> {
    let state = scope.shared.written(name)?;
    let Some(ttl) = &state.ttl else {
        return Ok(());
    };
    let (table, sql) = (&state.info.table, &ttl.sql);
    let mut expired = Vec::new();
    {
        let mut find = scope.tx.prepare_cached(&format!(
            "SELECT _seq, _size FROM {table} WHERE ({sql}) < ?1 ORDER BY ({sql}) LIMIT ?2"
        ))?;
        let mut found = find.query((ttl.threshold(now_ms), CHUNK))?;
        while let Some(row) = found.next()? {
            expired.push((row.get(0)?, row.get(1)?));
        }
    }
    let mut delete = scope
        .tx
        .prepare_cached(&format!("DELETE FROM {table} WHERE _seq = ?1"))?;
    for (seq, _) in &expired {
        delete.execute([seq])?;
    }
    scope.effects.of(&state).removed.append(&mut expired);
    Ok(())
}
