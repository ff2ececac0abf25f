//! What is sent because time has come.

use rusqlite::Connection;

use super::{
    Runner, Sink,
    group::Group,
    scripts, sessions,
    state::{Parts, State},
};
use crate::{SqlError, parse::Policy, plan::Frame};

impl Runner {
    /// Sends what is due; gives when something will be (Unix ms).
    pub(super) fn due(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        emit: Sink<'_>,
    ) -> Result<Option<i64>, SqlError> {
        let ends = self.ends_by_time(conn, now_ms, emit)?;
        if self.done {
            return Ok(None);
        }
        let sends = self.result_due(conn, now_ms, emit)?;
        Ok(ends.into_iter().chain(sends).min())
    }

    fn result_due(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        emit: Sink<'_>,
    ) -> Result<Option<i64>, SqlError> {
        let Some(last) = self.plan.last_groups() else {
            return Ok(None);
        };
        let period = match self.plan.emission.policy {
            Policy::Periodic(period) | Policy::Repeated(period) | Policy::Updates(period) => period,
            Policy::PerEvent => 0,
            Policy::WindowClose => return Ok(None),
        };
        let repeated = matches!(self.plan.emission.policy, Policy::Repeated(_));
        // Old rows stop counting as time goes on.
        let ages = self
            .plan
            .emission
            .last
            .is_some_and(|last| last.processing_time);
        let changed =
            matches!(&self.states.get(last), Some(State::Groups(parts)) if parts.changed());
        if !(changed || repeated || ages) {
            return Ok(None);
        }
        if now_ms < self.next_emit_ms {
            return Ok(Some(self.next_emit_ms));
        }
        let anew = self.begins_anew();
        let gone = match anew {
            true => self.make_anew(conn, now_ms)?,
            false => Vec::new(),
        };
        let stage = self.plan.stages.get(last).cloned();
        let delta = stage
            .as_ref()
            .and_then(|stage| stage.aggregation())
            .is_some_and(|groups| groups.delta);
        let updates = delta
            || matches!(
                self.plan.emission.policy,
                Policy::Updates(_) | Policy::PerEvent
            );
        let mut rows = if delta { gone } else { Vec::new() };
        if let Some(State::Groups(parts)) = self.states.get_mut(last) {
            for groups in &mut parts.parts {
                // A PARTITION BY to which nothing has come has no new result.
                if !(groups.changed || repeated || ages) {
                    continue;
                }
                rows.extend(match updates {
                    true => groups.updated(delta)?,
                    false => groups.all()?,
                });
            }
            parts.set_changed(false);
            let empty = parts.parts.iter().all(|groups| groups.count == 0);
            if let (true, false, true, Some(groups)) = (
                empty && anew && !ages && self.version > 0,
                delta,
                rows.is_empty(),
                stage.as_ref().and_then(|stage| stage.aggregation()),
            ) && groups.keys == 0
            {
                // Of no row there is a result, too, once rows were there.
                let library = scripts(self.library.as_ref());
                rows.push(Group::new(groups, 0, Vec::new(), library)?.finish()?);
            }
        }
        self.next_emit_ms = now_ms.saturating_add(period);
        if !(updates && rows.is_empty()) {
            let bounds = self.no_bounds(now_ms);
            self.hand_on(conn, last, &rows, &bounds, emit)?;
        }
        Ok((repeated || ages).then_some(self.next_emit_ms))
    }

    /// Makes the groups of all rows since the start; gives what was sent and is no more.
    fn make_anew(
        &mut self,
        conn: &Connection,
        now_ms: i64,
    ) -> Result<Vec<Vec<rusqlite::types::Value>>, SqlError> {
        let Some(stage) = self.plan.stages.first().cloned() else {
            return Ok(Vec::new());
        };
        let old = match self.states.first_mut() {
            Some(State::Groups(parts)) => std::mem::take(parts),
            _ => return Ok(Vec::new()),
        };
        let bounds = self.all_bounds(now_ms);
        self.feed(conn, 0, &stage, &bounds)?;
        Ok(match self.states.first_mut() {
            Some(State::Groups(parts)) => parts.replaces(old),
            _ => Vec::new(),
        })
    }

    /// Ends windows and keys for which no row has come; gives when the next will end.
    fn ends_by_time(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        emit: Sink<'_>,
    ) -> Result<Option<i64>, SqlError> {
        let mut next = None;
        let timeout = self.plan.emission.timeout_ms;
        for index in 0..self.plan.stages.len() {
            let Some(stage) = self.plan.stages.get(index).cloned() else {
                continue;
            };
            let Some(aggregation) = stage.aggregation().filter(|groups| groups.ends()) else {
                continue;
            };
            let bounds = self.no_bounds(now_ms);
            if matches!(aggregation.frame, Frame::Expiring { .. }) {
                self.close(conn, index, aggregation, None, &bounds, emit)?;
                if let Some(State::Groups(parts)) = self.states.get(index) {
                    let times = parts.parts.iter();
                    let times =
                        times.filter_map(|groups| sessions::next_timeout(groups, aggregation));
                    next = times.chain(next).min();
                }
                continue;
            }
            let Some(timeout) = timeout else {
                continue;
            };
            let due = self.last_row_ms.unwrap_or(now_ms).saturating_add(timeout);
            let open =
                matches!(self.states.get(index), Some(State::Groups(parts)) if has_open(parts));
            if !open {
                continue;
            }
            if now_ms < due {
                next = Some(next.map_or(due, |next: i64| next.min(due)));
                continue;
            }
            let delay = self.plan.emission.delay_ms;
            if let Some(State::Groups(parts)) = self.states.get_mut(index) {
                for groups in &mut parts.parts {
                    let end = match groups.last_window() {
                        Some(end) => Some(end),
                        None => groups
                            .newest
                            .map(|newest| newest.saturating_add(SESSION_OVER)),
                    };
                    let end = end.map(|end| end.saturating_add(delay));
                    groups.newest = groups.newest.max(end);
                }
            }
            self.close(conn, index, aggregation, None, &bounds, emit)?;
        }
        Ok(next)
    }
}

/// Behind any gap that a session may have (ms).
const SESSION_OVER: i64 = 366 * 86_400_000;

fn has_open(parts: &Parts) -> bool {
    parts.parts.iter().any(|groups| groups.count > 0)
}
