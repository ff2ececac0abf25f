//! Rows through the stages of a plan, from one temporary table to the next.

use std::{ops::ControlFlow, time::Instant};

use rusqlite::{
    Connection, params_from_iter,
    types::{Value, ValueRef},
};

use super::{Runner, Sink, each::each, scripts, sessions, state::State, stats::elapsed};
use crate::{
    SqlError,
    parse::Policy,
    plan::{Aggregation, Frame, Stage, Work},
};

impl Runner {
    /// Takes the rows within `bounds` (or those that the stage before has handed on) into the
    /// `index`-th stage, and what comes of it through all behind it.
    pub(super) fn take_in(
        &mut self,
        conn: &Connection,
        index: usize,
        bounds: &[i64],
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        if self.done {
            return Ok(());
        }
        let Some(stage) = self.plan.stages.get(index).cloned() else {
            return self.send(conn, bounds, emit);
        };
        match &stage.work {
            Work::Groups(aggregation) => {
                self.feed(conn, index, &stage, bounds)?;
                let newest = self.newest(conn, aggregation, bounds)?;
                self.close(conn, index, aggregation, newest, bounds, emit)
            }
            Work::Rows(passing) => {
                let (started, now_ms) = (Instant::now(), bounds[2]);
                let mut out = Vec::new();
                let library = self.library.clone();
                let Some(State::Rows(memory)) = self.states.get_mut(index) else {
                    return Ok(());
                };
                each(conn, &stage.sql, bounds, library.as_ref(), &mut |values| {
                    memory.take(passing, values, now_ms, &mut out)?;
                    Ok(ControlFlow::Continue(()))
                })?;
                self.counters.work_ns += elapsed(started);
                self.hand_on(conn, index, &out, bounds, emit)
            }
        }
    }

    /// Takes new rows into the groups of a stage.
    pub(super) fn feed(
        &mut self,
        conn: &Connection,
        index: usize,
        stage: &Stage,
        bounds: &[i64],
    ) -> Result<(), SqlError> {
        let (started, now_ms) = (Instant::now(), bounds[2]);
        let library = self.library.clone();
        let (Some(State::Groups(parts)), Some(aggregation)) =
            (self.states.get_mut(index), stage.aggregation())
        else {
            return Ok(());
        };
        let counters = &mut self.counters;
        let simple = aggregation.partition.is_empty();
        each(conn, &stage.sql, bounds, library.as_ref(), &mut |values| {
            counters.passed_rows += i64::from(index == 0);
            let groups = match parts.parts.first_mut() {
                Some(only) if simple => only,
                _ => parts.of(aggregation, values)?,
            };
            let library = scripts(library.as_ref());
            if !groups.add(aggregation, values, now_ms, library)? {
                counters.late_rows += 1;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        self.counters.work_ns += elapsed(started);
        Ok(())
    }

    /// The newest event time of the rows within `bounds`, where the stage asks for it.
    fn newest(
        &mut self,
        conn: &Connection,
        aggregation: &Aggregation,
        bounds: &[i64],
    ) -> Result<Option<i64>, SqlError> {
        let Some(sql) = aggregation
            .watermark_sql
            .as_ref()
            .filter(|_| aggregation.ends())
        else {
            return Ok(None);
        };
        let mut newest = None;
        let library = self.library.as_ref();
        each(conn, sql, bounds, library, &mut |values| {
            if let [ValueRef::Integer(time)] = values {
                newest = Some(*time);
            }
            Ok(ControlFlow::Break(()))
        })?;
        Ok(newest)
    }

    /// Moves the watermarks and sends what they have passed, window after window.
    pub(super) fn close(
        &mut self,
        conn: &Connection,
        index: usize,
        aggregation: &Aggregation,
        newest: Option<i64>,
        bounds: &[i64],
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        if !aggregation.ends() {
            return Ok(());
        }
        let last = self.plan.last_groups() == Some(index);
        let emission = &self.plan.emission;
        let delay = if last { emission.delay_ms } else { 0 };
        let only_updated = last && matches!(emission.policy, Policy::Updates(_) | Policy::PerEvent);
        let mut part = 0;
        loop {
            let Some(State::Groups(parts)) = self.states.get_mut(index) else {
                return Ok(());
            };
            let Some(groups) = parts.parts.get_mut(part) else {
                return Ok(());
            };
            let time = match aggregation.watermark_sql {
                Some(_) => groups.newest.max(newest),
                None => groups.newest,
            };
            groups.newest = time;
            let watermark = time.map(|time| time.saturating_sub(delay));
            if let Some(watermark) = watermark.filter(|_| index == 0) {
                self.counters.watermark = self.counters.watermark.max(watermark);
            }
            let out = match (&aggregation.frame, watermark) {
                (Frame::Session { .. } | Frame::Expiring { .. }, _) => {
                    let ended = sessions::take_ended(groups, aggregation, watermark, bounds[2])?;
                    Some(ended).filter(|ended| !ended.is_empty())
                }
                (_, Some(watermark)) => groups.take_window(watermark, only_updated)?,
                (_, None) => None,
            };
            match out {
                Some(rows) => self.hand_on(conn, index, &rows, bounds, emit)?,
                None => part += 1,
            }
            if self.done {
                return Ok(());
            }
        }
    }

    /// Hands the rows of a stage to what is behind it.
    pub(super) fn hand_on(
        &mut self,
        conn: &Connection,
        index: usize,
        rows: &[Vec<Value>],
        bounds: &[i64],
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        let Some(stage) = self.plan.stages.get(index).cloned() else {
            return Ok(());
        };
        // A result of no rows is one too: what stands above may still give rows.
        if rows.is_empty() && stage.aggregation().is_none() {
            return Ok(());
        }
        let mut bounds = bounds.to_vec();
        if self.plan.last_groups() == Some(index) {
            bounds[4] = self.version;
            self.version += 1;
        }
        let columns: Vec<_> = (0..stage.width).map(|index| format!("c{index}")).collect();
        let list = match columns.is_empty() {
            true => "_none".to_string(),
            false => columns.join(", "),
        };
        conn.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS temp.{} ({list})",
            stage.table
        ))?;
        // Rolled back afterwards, which empties the table whatever happens in between.
        conn.execute_batch(&format!("SAVEPOINT {}", stage.table))?;
        let filled = fill(conn, &stage.table, stage.width, rows);
        let result = filled.and_then(|()| self.take_in(conn, index + 1, &bounds, emit));
        conn.execute_batch(&format!("ROLLBACK TO {0}; RELEASE {0}", stage.table))?;
        result
    }
}

fn fill(conn: &Connection, table: &str, width: usize, rows: &[Vec<Value>]) -> Result<(), SqlError> {
    let places = vec!["?"; width.max(1)].join(", ");
    let mut insert = conn.prepare_cached(&format!("INSERT INTO temp.{table} VALUES ({places})"))?;
    for row in rows {
        match width {
            0 => insert.execute([rusqlite::types::Null])?,
            _ => insert.execute(params_from_iter(row))?,
        };
    }
    Ok(())
}
