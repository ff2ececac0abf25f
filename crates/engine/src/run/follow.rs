//! Following a stream: what was committed since the last step, and what is due.

use std::{ops::ControlFlow, time::Instant};

use rusqlite::{
    Connection, params_from_iter,
    types::{Value, ValueRef},
};

use super::{
    Runner, Sink, Step, each::each, groups::Groups, rows::Bounds, scripts, stats::elapsed,
};
use crate::{SqlError, parse::Emit, plan::Stage, typed::quote_name};

impl Runner {
    pub(super) fn follow(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        max_rows: u32,
        emit: Sink<'_>,
    ) -> Result<Step, SqlError> {
        let Some(leaf) = &self.plan.leaf else {
            return Ok(Step::Done);
        };
        let table = quote_name(&leaf.table);
        let (rows, last) = self.measure(conn, &table, max_rows)?;
        if rows > 0 {
            let bounds = [self.position, last, now_ms];
            self.position = last;
            if self.begins_anew() {
                self.groups.changed = true;
            } else if let Some(stage) = self.plan.stage.take() {
                let result = self.feed(conn, &stage, bounds);
                self.plan.stage = Some(stage);
                result?;
                self.close_windows(conn, bounds, emit)?;
            } else {
                self.send(conn, bounds, emit)?;
            }
        }
        let wake_at_ms = if self.done {
            None
        } else {
            self.due(conn, now_ms, emit)?
        };
        Ok(match () {
            () if self.done => Step::Done,
            () if rows >= i64::from(max_rows) => Step::More,
            () => Step::Idle { wake_at_ms },
        })
    }

    /// How many rows to read now, and the `_seq` of the last.
    fn measure(
        &mut self,
        conn: &Connection,
        table: &str,
        max_rows: u32,
    ) -> Result<(i64, i64), SqlError> {
        let started = Instant::now();
        let mut statement = conn.prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(_size), 0), coalesce(max(_seq), 0), coalesce(max(_tp_time), 0) \
             FROM (SELECT _size, _seq, _tp_time FROM {table} WHERE _seq > ?1 ORDER BY _seq LIMIT ?2)"
        ))?;
        let (rows, bytes, last, newest): (i64, i64, i64, i64) = statement
            .query_row([self.position, max_rows.into()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        self.counters.scanned_rows += rows;
        self.counters.scanned_bytes += bytes;
        self.counters.last_event_time = self.counters.last_event_time.max(newest);
        self.counters.read_ns += elapsed(started);
        Ok((rows, last))
    }

    /// Whether each result is made of all rows since the start: where a row takes the place of the
    /// one before it with the same key, adding it would count both.
    fn begins_anew(&self) -> bool {
        let keyed = self.plan.leaf.as_ref().is_some_and(|leaf| leaf.keyed);
        keyed && self.plan.window.is_none() && self.plan.stage.is_some()
    }

    /// Takes the new rows into the state.
    fn feed(&mut self, conn: &Connection, stage: &Stage, bounds: Bounds) -> Result<(), SqlError> {
        let started = Instant::now();
        let library = self.library.clone();
        each(conn, &stage.sql, bounds, library.as_ref(), &mut |values| {
            self.counters.passed_rows += 1;
            if !self.groups.add(stage, values, scripts(library.as_ref()))? {
                self.counters.late_rows += 1;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        self.counters.work_ns += elapsed(started);
        Ok(())
    }

    /// Moves the watermark and sends the windows that it has passed, one after the other.
    fn close_windows(
        &mut self,
        conn: &Connection,
        bounds: Bounds,
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        let windowed = self
            .plan
            .stage
            .as_ref()
            .is_some_and(|stage| stage.window_key.is_some());
        let Some(window) = self.plan.window.as_ref().filter(|_| windowed) else {
            return Ok(());
        };
        let delay = match self.plan.emit {
            Emit::AfterWatermark(delay) => delay,
            Emit::Periodic(_) | Emit::Repeated(_) | Emit::Updates(_) => 0,
        };
        let mut newest = None;
        let library = self.library.as_ref();
        each(
            conn,
            &window.watermark_sql,
            bounds,
            library,
            &mut |values| {
                if let [ValueRef::Integer(time)] = values {
                    newest = Some(*time);
                }
                Ok(ControlFlow::Break(()))
            },
        )?;
        if let Some(newest) = newest {
            self.counters.watermark = self.counters.watermark.max(newest.saturating_sub(delay));
        }
        while !self.done
            && let Some(groups) = self.groups.take_window(self.counters.watermark)?
        {
            self.send_groups(conn, &groups, bounds, emit)?;
        }
        Ok(())
    }

    /// Sends the result of an aggregation without windows if it is time and something has changed.
    fn due(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        emit: Sink<'_>,
    ) -> Result<Option<i64>, SqlError> {
        let period = match self.plan.emit {
            Emit::Periodic(period) | Emit::Repeated(period) | Emit::Updates(period) => period,
            Emit::AfterWatermark(_) => return Ok(None),
        };
        let repeated = matches!(self.plan.emit, Emit::Repeated(_));
        if self.plan.stage.is_none() || !(self.groups.changed || repeated) {
            return Ok(None);
        }
        if now_ms < self.next_emit_ms {
            return Ok(Some(self.next_emit_ms));
        }
        if self.begins_anew()
            && let Some(stage) = self.plan.stage.take()
        {
            self.groups = Groups::default();
            let result = self.feed(conn, &stage, [self.start, self.position, now_ms]);
            self.plan.stage = Some(stage);
            result?;
        }
        let groups = match self.plan.emit {
            Emit::Updates(_) => self.groups.updated()?,
            _ => self.groups.all()?,
        };
        self.groups.changed = false;
        self.next_emit_ms = now_ms.saturating_add(period);
        self.send_groups(conn, &groups, [0, 0, now_ms], emit)?;
        Ok(repeated.then_some(self.next_emit_ms))
    }

    /// Runs the plan's text over these groups.
    fn send_groups(
        &mut self,
        conn: &Connection,
        groups: &[Vec<Value>],
        bounds: Bounds,
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        let Some(stage) = &self.plan.stage else {
            return Ok(());
        };
        let table = stage.table();
        let width = stage.keys + stage.calls.len();
        let columns: Vec<_> = (0..width).map(|index| format!("c{index}")).collect();
        conn.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table} ({})",
            columns.join(", ")
        ))?;
        // Rolled back afterwards, which empties the table whatever happens in between.
        conn.execute_batch("SAVEPOINT _weir_groups")?;
        let result = fill(conn, &table, width, groups).and_then(|()| self.send(conn, bounds, emit));
        conn.execute_batch("ROLLBACK TO _weir_groups; RELEASE _weir_groups")?;
        result
    }
}

fn fill(
    conn: &Connection,
    table: &str,
    width: usize,
    groups: &[Vec<Value>],
) -> Result<(), SqlError> {
    let places = vec!["?"; width].join(", ");
    let mut insert = conn.prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))?;
    for group in groups {
        insert.execute(params_from_iter(group))?;
    }
    Ok(())
}
