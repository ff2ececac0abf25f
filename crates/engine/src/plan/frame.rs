//! Groups of a followed stream: the stage that gathers them, and what bounds them in time.

use super::{
    compiler::{Compiler, Window},
    grouping::Grouping,
    scope::Edge,
    stage::{Aggregation, Frame, SessionBounds, Work},
};
use crate::SqlError;

impl Compiler<'_> {
    /// Makes a stage of the grouping; gives the relation of its results.
    pub(super) fn stage(
        &mut self,
        grouping: &Grouping,
        partition: Vec<usize>,
        keys: &[String],
        rest: &str,
    ) -> Result<String, SqlError> {
        let window = self.window.take();
        let (frame, extras, watermark_sql) = self.frame(grouping, window, &partition)?;
        let mut columns = keys.to_vec();
        columns.extend(extras);
        for (_, args) in &grouping.calls {
            columns.extend(args.iter().map(|arg| arg.sql.clone()));
        }
        if columns.is_empty() {
            columns.push("1".to_string());
        }
        let (keys, calls) = (grouping.keys.len(), grouping.calls.len());
        let delta = self.emit.changelog;
        let names = (0..keys).map(|index| format!("k{index}"));
        let names = names.chain((0..calls).map(|index| format!("a{index}")));
        let names = names.chain(delta.then(|| "delta".to_string()));
        let names: Vec<String> = names.collect();
        let calls = grouping.calls.iter();
        let aggregation = Aggregation {
            keys,
            calls: calls
                .map(|(spec, args)| (spec.clone(), args.len()))
                .collect(),
            frame,
            partition,
            watermark_sql,
            delta,
        };
        Ok(self.push_stage(
            format!("SELECT {}{rest}", columns.join(", ")),
            names.len(),
            Work::Groups(aggregation),
            &names,
            &grouping.alias,
        ))
    }

    /// What bounds the groups in time, what rows carry for it, and the text that gives the newest
    /// time where rows do not.
    fn frame(
        &mut self,
        grouping: &Grouping,
        window: Option<Window>,
        partition: &[usize],
    ) -> Result<(Frame, Vec<String>, Option<String>), SqlError> {
        let edge = |wanted: Edge| {
            let mut keys = grouping.keys.iter();
            keys.position(|key| key.edge == Some(wanted))
        };
        let (start, end) = (edge(Edge::Start), edge(Edge::End));
        if let Some(expire) = self.emit.key_expire.take() {
            let Some(time_sql) = &grouping.expire_time else {
                return Err(SqlError::new(
                    "EMIT AFTER KEY EXPIRE needs the column of its times",
                ));
            };
            let frame = Frame::Expiring {
                max_span_ms: expire.max_span_ms,
                only: expire.only,
                timeout_ms: expire.timeout_ms,
                session: expire.session.map(|session| SessionBounds {
                    // An event that opens one each time would leave sessions of one event.
                    merge: session.merge || session.start.is_none(),
                    include_end: session.include_end,
                }),
            };
            let mut extras = vec![time_sql.clone()];
            if let Some((starts, ends)) = &grouping.session_edges {
                extras.extend([starts.clone(), ends.clone()]);
            }
            return Ok((frame, extras, None));
        }
        let Some(window) = window else {
            return Ok((Frame::None, Vec::new(), None));
        };
        if let Some(session) = window.session {
            if start.is_none() && end.is_none() {
                return Err(SqlError::new(
                    "session() takes GROUP BY with window_start or window_end",
                ));
            }
            let frame = Frame::Session {
                gap_ms: session.gap_ms,
                max_ms: session.max_ms,
                include_end: session.include_end,
                start_key: start,
                end_key: end,
            };
            let extras = vec![window.time_sql, session.starts_sql, session.ends_sql];
            let watermark = partition.is_empty().then_some(window.watermark_sql);
            return Ok((frame, extras, watermark));
        }
        let key = end
            .map(|index| (index, 0))
            .or_else(|| Some((start?, window.size_ms?)));
        let Some((key, offset)) = key else {
            return Ok((Frame::None, Vec::new(), None));
        };
        let frame = Frame::Fixed { key, offset };
        Ok(match partition {
            [] => (frame, Vec::new(), Some(window.watermark_sql)),
            _ => (frame, vec![window.time_sql], None),
        })
    }
}
