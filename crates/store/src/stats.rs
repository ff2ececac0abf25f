//! Figures of a stream: sizes and rates from memory, the history from SQLite.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use weir_api::timeplus::{
    metrics::Minute,
    stream::{StatsPoint, StreamStats},
};
use weir_engine::codec::datetime64_text;

use crate::{
    Store, StoreError,
    meta::{Activity, Live, StreamState, lock},
    schema::now_ms,
    writer::Job,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;
const RATE_MINUTES: i64 = 30;
const HISTORY_DAYS: i64 = 7;

impl Store {
    /// Of a stream, or of what a materialized view writes into.
    /// `history_days` from 1 to 7 adds the history, by minutes for one day, else by ten minutes.
    /// The bytes of a stream's rows are given as both historical and streaming data, because
    /// both are served from the same rows.
    pub fn stats(&self, name: &str, history_days: Option<u8>) -> Result<StreamStats, StoreError> {
        let state = self.inner.shared.readable(name)?;
        let totals = *lock(&state.live.totals);
        let mut stats = StreamStats {
            row_count: totals.rows,
            historical_data_bytes: totals.bytes,
            streaming_data_bytes: totals.bytes,
            ..StreamStats::default()
        };
        rates(&mut stats, &state.subject(), now_ms());
        self.inner.shared.query(|conn| {
            let table = &state.info.table;
            for (aggregate, event) in [
                ("min", &mut stats.earliest_event),
                ("max", &mut stats.latest_event),
            ] {
                let sql = format!("SELECT {aggregate}(_tp_time) FROM {table}");
                let time: Option<i64> =
                    conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
                *event = time.map(|ms| datetime64_text(ms, 3));
            }
            if let Some(days) = history_days {
                stats.history = Some(history(conn, &state.subject(), i64::from(days), now_ms())?);
            }
            Ok(())
        })?;
        Ok(stats)
    }

    /// Unix ms of each day of the last week, with the bytes written to all streams there are.
    pub fn written_by_day(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        self.inner.shared.query(|conn| {
            let mut days = conn.prepare_cached(
                "SELECT minute / ?1 AS day, sum(written_bytes) FROM stream_activity
                 GROUP BY day ORDER BY day",
            )?;
            let days = days.query_map([DAY_MINUTES], |row| {
                Ok((row.get::<_, i64>(0)? * DAY_MINUTES * MINUTE_MS, row.get(1)?))
            })?;
            Ok(days.collect::<Result<_, _>>()?)
        })
    }

    /// What queries have read of something outside; how much there is, is not known here.
    pub fn external_stats(
        &self,
        name: &str,
        history_days: Option<u8>,
    ) -> Result<StreamStats, StoreError> {
        let state = self
            .inner
            .shared
            .read(|meta| meta.externals.get(name).cloned())
            .ok_or_else(|| StoreError::NotFound(format!("external stream '{name}'")))?;
        let mut stats = StreamStats::default();
        rates(&mut stats, &state.subject(), now_ms());
        if let Some(days) = history_days {
            let points =
                |conn: &Connection| history(conn, &state.subject(), i64::from(days), now_ms());
            stats.history = Some(self.inner.shared.query(points)?);
        }
        Ok(stats)
    }

    /// Counts what a query read from a stream.
    pub fn note_read(&self, stream: &str, rows: u64, bytes: u64) {
        let live = self.inner.shared.read(|meta| {
            let stream_live = meta.readable(stream).map(|state| state.live.clone());
            stream_live.or_else(|| Some(meta.externals.get(stream)?.live.clone()))
        });
        if let Some(live) = live {
            live.note(now_ms(), |activity| {
                activity.read_rows += i64::try_from(rows).unwrap_or(i64::MAX);
                activity.read_bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
            });
        }
    }

    /// What was written to all streams and read from them in each of the last minutes, oldest
    /// first.
    pub fn activity(&self) -> Vec<Minute> {
        let mut minutes = BTreeMap::<i64, Minute>::new();
        self.inner.shared.read(|meta| {
            for state in meta.streams.values() {
                for (minute, counts) in lock(&state.live.activity).iter() {
                    let all = minutes.entry(*minute).or_insert(Minute {
                        time: minute * MINUTE_MS,
                        ..Minute::default()
                    });
                    all.written_rows += counts.written_rows;
                    all.written_bytes += counts.written_bytes;
                    all.read_rows += counts.read_rows;
                    all.read_bytes += counts.read_bytes;
                }
            }
        });
        minutes.into_values().collect()
    }

    /// Rows that are written to each stream a second: of this minute and the one before.
    pub fn written_now(&self) -> BTreeMap<String, f64> {
        let now = now_ms();
        let from = now.div_euclid(MINUTE_MS) - 1;
        let of = |state: &StreamState| {
            let since = (from * MINUTE_MS).max(state.created_ms);
            let seconds = ((now - since) as f64 / 1000.0).max(1.0);
            let activity = lock(&state.live.activity);
            let rows = activity
                .range(from..)
                .map(|(_, counts)| counts.written_rows);
            rows.sum::<i64>() as f64 / seconds
        };
        self.inner.shared.read(|meta| {
            let all = meta.streams.iter();
            all.map(|(name, state)| (name.clone(), of(state))).collect()
        })
    }

    /// Rows of all streams and their bytes.
    pub fn totals(&self) -> (i64, i64) {
        self.inner.shared.read(|meta| {
            let totals = meta.streams.values().map(|state| *lock(&state.live.totals));
            totals.fold((0, 0), |(rows, bytes), totals| {
                (rows + totals.rows, bytes + totals.bytes)
            })
        })
    }

    /// Bytes of the database's files.
    pub fn storage(&self) -> u64 {
        let file = &self.inner.shared.file;
        let beside = ["-wal", "-shm"].map(|end| {
            let mut path = file.clone().into_os_string();
            path.push(end);
            path
        });
        let files = std::iter::once(file.clone().into_os_string()).chain(beside);
        files
            .filter_map(|path| std::fs::metadata(path).ok())
            .map(|meta| meta.len())
            .sum()
    }

    /// Runs once a second, so a crash loses at most a second of the history.
    pub(crate) fn save_activity(&self, now_ms: i64) -> Result<(), StoreError> {
        let oldest = now_ms.div_euclid(MINUTE_MS) - RATE_MINUTES;
        let mut unsaved = Vec::new();
        self.inner.shared.read(|meta| {
            let streams = meta.streams.values().map(|state| state.subject());
            let externals = meta.externals.values().map(|state| state.subject());
            for state in streams.chain(externals) {
                let mut activity = lock(&state.live.activity);
                for (minute, counts) in activity.iter_mut().filter(|(_, counts)| counts.unsaved) {
                    counts.unsaved = false;
                    unsaved.push((state.id, *minute, *counts));
                }
                activity.retain(|minute, _| *minute >= oldest);
            }
        });
        if unsaved.is_empty() {
            return Ok(());
        }
        let forgotten = now_ms.div_euclid(MINUTE_MS) - HISTORY_DAYS * DAY_MINUTES;
        self.answered_blocking(Job::shared(None, move |scope| {
            save(scope.tx, &unsaved, forgotten)
        }))
    }
}

fn save(
    conn: &Connection,
    unsaved: &[(i64, i64, Activity)],
    forgotten: i64,
) -> Result<(), StoreError> {
    let mut put = conn.prepare_cached(
        "INSERT OR REPLACE INTO stream_activity
         (stream_id, minute, written_rows, written_bytes, read_rows, read_bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut forget =
        conn.prepare_cached("DELETE FROM stream_activity WHERE stream_id = ?1 AND minute < ?2")?;
    for (id, minute, counts) in unsaved {
        put.execute((
            id,
            minute,
            counts.written_rows,
            counts.written_bytes,
            counts.read_rows,
            counts.read_bytes,
        ))?;
        forget.execute((id, forgotten))?;
    }
    Ok(())
}

/// Whose activity it is.
pub(crate) struct Subject<'a> {
    pub(crate) id: i64,
    pub(crate) created_ms: i64,
    pub(crate) live: &'a Live,
}

type ByMinute = BTreeMap<i64, Activity>;

/// What the rates need after a restart, by stream.
pub(crate) fn load_recent(
    conn: &Connection,
    now_ms: i64,
) -> Result<HashMap<i64, ByMinute>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT stream_id, minute, written_rows, written_bytes, read_rows, read_bytes
         FROM stream_activity WHERE minute >= ?1",
    )?;
    let mut rows = statement.query([now_ms.div_euclid(MINUTE_MS) - RATE_MINUTES])?;
    let mut recent: HashMap<i64, ByMinute> = HashMap::new();
    while let Some(row) = rows.next()? {
        let minutes = recent.entry(row.get(0)?).or_default();
        minutes.insert(row.get(1)?, read_counts(row)?);
    }
    Ok(recent)
}

fn read_counts(row: &rusqlite::Row<'_>) -> rusqlite::Result<Activity> {
    Ok(Activity {
        written_rows: row.get("written_rows")?,
        written_bytes: row.get("written_bytes")?,
        read_rows: row.get("read_rows")?,
        read_bytes: row.get("read_bytes")?,
        unsaved: false,
    })
}

/// Averages of the last 30 minutes, or of the stream's life where that is shorter.
fn rates(stats: &mut StreamStats, state: &Subject<'_>, now_ms: i64) {
    let from = now_ms.div_euclid(MINUTE_MS) - RATE_MINUTES + 1;
    let since = (from * MINUTE_MS).max(state.created_ms);
    let seconds = ((now_ms - since) as f64 / 1000.0).max(1.0);
    let mut sum = Activity::default();
    for counts in lock(&state.live.activity)
        .range(from..)
        .map(|(_, counts)| counts)
    {
        sum.add(counts);
    }
    let point = sum.rates(seconds);
    stats.read_bps = point.read_bps;
    stats.read_eps = point.read_eps;
    stats.written_bps = point.written_bps;
    stats.written_eps = point.written_eps;
}

impl Activity {
    fn add(&mut self, other: &Self) {
        self.written_rows += other.written_rows;
        self.written_bytes += other.written_bytes;
        self.read_rows += other.read_rows;
        self.read_bytes += other.read_bytes;
    }

    fn rates(&self, seconds: f64) -> StatsPoint {
        StatsPoint {
            start_time: String::new(),
            read_bps: self.read_bytes as f64 / seconds,
            read_eps: self.read_rows as f64 / seconds,
            written_bps: self.written_bytes as f64 / seconds,
            written_eps: self.written_rows as f64 / seconds,
        }
    }
}

/// From `days` ago, or from the creation where that is later, without gaps.
fn history(
    conn: &Connection,
    state: &Subject<'_>,
    days: i64,
    now_ms: i64,
) -> Result<Vec<StatsPoint>, StoreError> {
    let days = days.clamp(1, HISTORY_DAYS);
    let width = if days == 1 { 1 } else { 10 };
    let bucket = |minute: i64| minute.div_euclid(width) * width;
    let now = now_ms.div_euclid(MINUTE_MS);
    let created = state.created_ms.div_euclid(MINUTE_MS);
    let first = bucket((now - days * DAY_MINUTES + 1).max(created).min(now));

    let mut minutes = ByMinute::new();
    let mut statement = conn.prepare_cached(
        "SELECT stream_id, minute, written_rows, written_bytes, read_rows, read_bytes
         FROM stream_activity WHERE stream_id = ?1 AND minute >= ?2",
    )?;
    let mut rows = statement.query((state.id, first))?;
    while let Some(row) = rows.next()? {
        minutes.insert(row.get(1)?, read_counts(row)?);
    }
    minutes.extend(lock(&state.live.activity).range(first..));

    let mut buckets = ByMinute::new();
    for (minute, counts) in &minutes {
        buckets.entry(bucket(*minute)).or_default().add(counts);
    }
    let starts = (first..=now).step_by(usize::try_from(width).unwrap_or(1));
    Ok(starts
        .map(|start| {
            let from = (start * MINUTE_MS).max(state.created_ms);
            let until = ((start + width) * MINUTE_MS).min(now_ms);
            let seconds = ((until - from) as f64 / 1000.0).max(1.0);
            let counts = buckets.get(&start).copied().unwrap_or_default();
            StatsPoint {
                start_time: datetime64_text(start * MINUTE_MS, 3),
                ..counts.rates(seconds)
            }
        })
        .collect())
}
