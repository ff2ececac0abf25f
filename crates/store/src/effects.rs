//! What the jobs of a batch did to streams: written into the accounts at the end of its
//! transaction, and into memory after the commit.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, atomic::Ordering},
};

use rusqlite::Connection;

use crate::{
    StoreError,
    meta::{StreamState, lock},
    segments::{self, OpenSegment},
};

#[derive(Default)]
pub(crate) struct Effects {
    streams: HashMap<i64, Delta>,
}

pub(crate) struct Delta {
    state: Arc<StreamState>,
    /// Rows and bytes added, with their `_seq`.
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) seq_from: i64,
    pub(crate) seq_to: i64,
    /// `_seq` and bytes of rows deleted, whose segments still count them.
    pub(crate) removed: Vec<(i64, i64)>,
    /// Rows and bytes deleted together with what their segments counted.
    pub(crate) dropped: (i64, i64),
    /// When the oldest segment that is left was written, after looking.
    pub(crate) oldest_ms: Option<Option<i64>>,
}

impl Effects {
    pub(crate) fn of(&mut self, state: &Arc<StreamState>) -> &mut Delta {
        self.streams.entry(state.id).or_insert_with(|| Delta {
            state: state.clone(),
            rows: 0,
            bytes: 0,
            seq_from: 0,
            seq_to: 0,
            removed: Vec::new(),
            dropped: (0, 0),
            oldest_ms: None,
        })
    }

    /// The newest `_seq` that was given out, if any.
    pub(crate) fn head(&self, id: i64) -> Option<i64> {
        let delta = self.streams.get(&id)?;
        (delta.rows > 0).then_some(delta.seq_to)
    }

    /// `later` happened after all that is in here.
    pub(crate) fn merge(&mut self, later: Self) {
        for (id, delta) in later.streams {
            match self.streams.entry(id) {
                Entry::Vacant(vacant) => {
                    vacant.insert(delta);
                }
                Entry::Occupied(mut occupied) => occupied.get_mut().merge(delta),
            }
        }
    }

    /// Inside the transaction: brings the segments up to date.
    pub(crate) fn account(
        &self,
        conn: &Connection,
        now_ms: i64,
    ) -> Result<Vec<(i64, Option<OpenSegment>)>, StoreError> {
        let mut open = Vec::with_capacity(self.streams.len());
        for (id, delta) in &self.streams {
            let mut segment = lock(&delta.state.live.totals).segment;
            if delta.dropped.0 > 0 {
                segment = None;
            }
            if delta.rows > 0 {
                segment = Some(segments::add(conn, *id, segment, delta, now_ms)?);
            }
            segments::release(conn, *id, &delta.removed)?;
            open.push((*id, segment));
        }
        Ok(open)
    }

    /// After the commit.
    pub(crate) fn publish(mut self, open: Vec<(i64, Option<OpenSegment>)>, now_ms: i64) {
        for (id, segment) in open {
            let Some(delta) = self.streams.remove(&id) else {
                continue;
            };
            let live = &delta.state.live;
            let (rows, bytes) = delta.change();
            {
                let mut totals = lock(&live.totals);
                totals.rows += rows;
                totals.bytes += bytes;
                totals.segment = segment;
                if let Some(oldest) = delta.oldest_ms {
                    totals.oldest_ms = oldest;
                }
                if delta.rows > 0 {
                    totals.oldest_ms.get_or_insert(now_ms);
                }
            }
            if delta.rows > 0 {
                live.note(now_ms, |activity| {
                    activity.written_rows += delta.rows;
                    activity.written_bytes += delta.bytes;
                });
                live.head.send_replace(delta.seq_to);
            } else if rows < 0 && delta.state.info.keyed {
                live.deletions.fetch_add(1, Ordering::AcqRel);
                live.head.send_modify(|_| {});
            }
        }
    }
}

impl Delta {
    fn change(&self) -> (i64, i64) {
        let removed_rows = i64::try_from(self.removed.len()).unwrap_or(i64::MAX);
        let removed_bytes: i64 = self.removed.iter().map(|(_, bytes)| bytes).sum();
        (
            self.rows - removed_rows - self.dropped.0,
            self.bytes - removed_bytes - self.dropped.1,
        )
    }

    pub(crate) fn add(&mut self, seq: i64, bytes: i64) {
        if self.rows == 0 {
            self.seq_from = seq;
        }
        self.seq_to = seq;
        self.rows += 1;
        self.bytes += bytes;
    }

    fn merge(&mut self, later: Self) {
        if later.rows > 0 {
            if self.rows == 0 {
                self.seq_from = later.seq_from;
            }
            self.seq_to = later.seq_to;
        }
        self.rows += later.rows;
        self.bytes += later.bytes;
        self.removed.extend(later.removed);
        self.dropped.0 += later.dropped.0;
        self.dropped.1 += later.dropped.1;
        self.oldest_ms = later.oldest_ms.or(self.oldest_ms);
    }
}
