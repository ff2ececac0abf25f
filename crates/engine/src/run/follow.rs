//! Following streams: what was committed since the last step, and what is due.

use std::{sync::Arc, time::Instant};

use rusqlite::Connection;

use super::{Runner, Sink, Step, stats::elapsed};
use crate::{
    SqlError,
    parse::Policy,
    plan::{
        Leaf,
        stage::{ALL, PARAMETERS},
    },
    typed::quote_name,
};

impl Runner {
    pub(super) fn follow(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        max_rows: u32,
        emit: Sink<'_>,
    ) -> Result<Step, SqlError> {
        if self.plan.leaves.is_empty() {
            return Ok(Step::Done);
        }
        let most = match self.plan.emission.policy {
            Policy::PerEvent => 1,
            _ => max_rows,
        };
        let leaves: Vec<Leaf> = self
            .plan
            .leaves
            .iter()
            .map(|(leaf, _)| leaf.clone())
            .collect();
        let mut read = Vec::with_capacity(leaves.len());
        for (index, leaf) in leaves.iter().enumerate() {
            read.push(self.measure(conn, index, leaf, most)?);
        }
        let new: Vec<i64> = read.iter().map(|(_, last)| *last).collect();
        let full = read.iter().any(|(rows, _)| *rows >= i64::from(most));
        let any = leaves
            .iter()
            .zip(&read)
            .any(|(leaf, (rows, _))| *rows > 0 && !leaf.looked_up);
        if any || self.last_row_ms.is_none() {
            self.last_row_ms = Some(now_ms);
        }
        let anew = self.begins_anew();
        let mut order: Vec<usize> = (0..leaves.len()).collect();
        if self.plan.keeps_unmatched {
            // As if the rows of the right side had come before those of the left.
            order.reverse();
        }
        for index in order {
            let leaf = &leaves[index];
            if read[index].0 == 0 || leaf.looked_up || self.done || anew {
                continue;
            }
            let bounds = self.bounds(&leaves, index, &new, now_ms);
            self.take_in(conn, 0, &bounds, emit)?;
        }
        for (cursor, last) in self.cursors.iter_mut().zip(&new) {
            cursor.position = *last;
        }
        if any && anew {
            self.set_changed(true);
        }
        let wake_at_ms = if self.done {
            None
        } else {
            self.due(conn, now_ms, emit)?
        };
        Ok(match () {
            () if self.done => Step::Done,
            () if full => Step::More,
            () => Step::Idle { wake_at_ms },
        })
    }

    /// Parameters for the new rows of the `fresh`-th stream: those before it among the streams that
    /// it meets are read as they were, those behind it with their new rows, and what is on another
    /// side of a UNION not at all. Over all streams each pair of rows meets once.
    fn bounds(&self, leaves: &[Leaf], fresh: usize, new: &[i64], now_ms: i64) -> Vec<i64> {
        let mut bounds = self.no_bounds(now_ms);
        bounds[5] = i64::try_from(fresh).unwrap_or(ALL);
        for (index, cursor) in self.cursors.iter().enumerate() {
            let range = match () {
                () if index == fresh => (cursor.position, new[index]),
                () if leaves[index].is_apart(&leaves[fresh]) => (0, 0),
                () if index < fresh && !leaves[index].looked_up => (cursor.start, cursor.position),
                () => (cursor.start, new[index]),
            };
            set(&mut bounds, index, range);
        }
        bounds
    }

    /// Parameters for all rows since the start.
    pub(super) fn all_bounds(&self, now_ms: i64) -> Vec<i64> {
        let mut bounds = self.no_bounds(now_ms);
        for (index, cursor) in self.cursors.iter().enumerate() {
            set(&mut bounds, index, (cursor.start, cursor.position));
        }
        bounds
    }

    /// Parameters that read no row.
    pub(super) fn no_bounds(&self, now_ms: i64) -> Vec<i64> {
        let mut bounds = vec![0; PARAMETERS + 2 * self.cursors.len().saturating_sub(1)];
        bounds[2] = now_ms;
        bounds[3] = self.last_from(now_ms);
        bounds[4] = self.version;
        bounds[5] = ALL;
        bounds
    }

    /// The event time from which on `EMIT LAST` lets rows through.
    fn last_from(&self, now_ms: i64) -> i64 {
        match self.plan.emission.last {
            None => i64::MIN,
            Some(last) if last.processing_time => now_ms.saturating_sub(last.ms),
            Some(last) => self.counters.last_event_time.saturating_sub(last.ms),
        }
    }

    /// How many rows to read now, and the `_seq` of the last.
    fn measure(
        &mut self,
        conn: &Connection,
        index: usize,
        leaf: &Leaf,
        max_rows: u32,
    ) -> Result<(i64, i64), SqlError> {
        let started = Instant::now();
        let position = self.cursors.get(index).map_or(0, |cursor| cursor.position);
        let table = quote_name(&leaf.table);
        let limit = match leaf.looked_up {
            true => i64::MAX,
            false => max_rows.into(),
        };
        let mut statement = conn.prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(_size), 0), coalesce(max(_seq), 0), coalesce(max(_tp_time), 0) \
             FROM (SELECT _size, _seq, _tp_time FROM {table} WHERE _seq > ?1 ORDER BY _seq LIMIT ?2)"
        ))?;
        let (rows, bytes, last, newest): (i64, i64, i64, i64) = statement
            .query_row([position, limit], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        if leaf.looked_up {
            return Ok((0, last.max(position)));
        }
        self.counters.scanned_rows += rows;
        self.counters.scanned_bytes += bytes;
        self.counters.last_event_time = self.counters.last_event_time.max(newest);
        self.counters.read_ns += elapsed(started);
        Ok((rows, last.max(position)))
    }

    /// Whether each result is made of all rows since the start: where a row takes the place of the
    /// one before it with the same key, adding it would count both; and where old rows no longer
    /// count nothing can be taken away.
    pub(super) fn begins_anew(&self) -> bool {
        let keyed = self.plan.leaves.iter().any(|(leaf, _)| leaf.keyed);
        let only = self.plan.last_groups() == Some(0);
        let stage = self.plan.stages.first().cloned();
        let ends = stage
            .as_ref()
            .and_then(|stage: &Arc<_>| stage.aggregation())
            .is_some_and(|groups| groups.ends());
        only && !ends && (keyed || self.plan.emission.last.is_some())
    }
}

fn set(bounds: &mut [i64], index: usize, (after, last): (i64, i64)) {
    let (first, second) = crate::plan::stage::bounds(index);
    for (number, value) in [(first, after), (second, last)] {
        if let Some(slot) = bounds.get_mut(number - 1) {
            *slot = value;
        }
    }
}
