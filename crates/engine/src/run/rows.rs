//! Running SQLite text and handing its rows on.

use std::{ops::ControlFlow, time::Instant};

use rusqlite::{Connection, Rows, Statement};

use super::{Runner, Sink, each::each, stats::elapsed};
use crate::{SqlError, typed::quote_name};

pub(super) fn bind<'s>(
    statement: &'s mut Statement<'_>,
    bounds: &[i64],
) -> Result<Rows<'s>, SqlError> {
    for (index, value) in (1..=statement.parameter_count()).zip(bounds) {
        statement.raw_bind_parameter(index, *value)?;
    }
    Ok(statement.raw_query())
}

impl Runner {
    /// Sends the rows of the plan's own text. `bounds`: the values of its parameters, see
    /// [`crate::plan::stage`].
    pub(super) fn send(
        &mut self,
        conn: &Connection,
        bounds: &[i64],
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        let started = Instant::now();
        let mut sent = 0;
        let library = self.library.as_ref();
        let steps = each(conn, &self.plan.sql, bounds, library, &mut |values| {
            sent += 1;
            let flow = emit(values);
            let last = self.remaining.as_mut().is_some_and(|remaining| {
                *remaining = remaining.saturating_sub(1);
                *remaining == 0
            });
            if last || flow.is_break() {
                self.done = true;
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if !self.plan.streaming {
            // Steps forward: one less than rows.
            self.counters.scanned_rows += steps + i64::from(steps > 0);
        }
        self.counters.emitted_rows += sent;
        if self.plan.last_groups().is_none() {
            self.counters.passed_rows += sent;
        }
        self.counters.output_ns += elapsed(started);
        Ok(())
    }

    pub(super) fn history(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        emit: Sink<'_>,
    ) -> Result<(), SqlError> {
        self.send(conn, &[0, 0, now_ms, i64::MIN, 0], emit)?;
        if let Some(table) = self.plan.tables.first() {
            let table = quote_name(table);
            let sql = format!(
                "SELECT coalesce(avg(_size), 0), coalesce(max(_tp_time), 0) \
                 FROM (SELECT _size, _tp_time FROM {table} ORDER BY _seq DESC LIMIT 100)"
            );
            let (size, newest): (f64, i64) =
                conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.counters.scanned_bytes = (size * self.counters.scanned_rows as f64) as i64;
            self.counters.last_event_time = newest;
        }
        Ok(())
    }
}
