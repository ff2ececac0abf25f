//! When results are sent: what `EMIT` says, checked against what the query does.

use sqlparser::tokenizer::Span;

use super::{
    compiler::Compiler,
    seek::Seek,
    stage::{Frame, Work},
};
use crate::{
    SqlError,
    parse::{Emit, Last, Policy},
};

/// Milliseconds between two results of an aggregation without windows.
const DEFAULT_PERIOD_MS: i64 = 2_000;

/// When the result of the last aggregation is sent.
#[derive(Debug, Clone)]
pub(crate) struct Emission {
    pub(crate) policy: Policy,
    /// How far the watermark stays behind the newest event (ms).
    pub(crate) delay_ms: i64,
    /// Windows end when no row has come for so long (ms).
    pub(crate) timeout_ms: Option<i64>,
    /// Each result is made anew of the rows of so long.
    pub(crate) last: Option<Last>,
}

impl Default for Emission {
    fn default() -> Self {
        Self {
            policy: Policy::Periodic(DEFAULT_PERIOD_MS),
            delay_ms: 0,
            timeout_ms: None,
            last: None,
        }
    }
}

impl Compiler<'_> {
    /// `span`: where EMIT stands, if it does. `inside`: in a subquery.
    pub(super) fn emission(
        &mut self,
        streaming: bool,
        span: Option<Span>,
        inside: bool,
    ) -> Result<Emission, SqlError> {
        let emit = std::mem::take(&mut self.emit);
        let groups: Vec<_> = self.stages.iter().filter_map(|s| s.aggregation()).collect();
        let frame = groups.last().map(|groups| &groups.frame);
        let windows = frame.is_some_and(|frame| *frame != Frame::None);
        let default = match windows {
            true => Policy::WindowClose,
            false => Policy::Periodic(DEFAULT_PERIOD_MS),
        };
        let keyed = self.leaves.iter().find(|leaf| leaf.keyed);
        if let (Some(leaf), true, None) = (keyed, emit.changelog, frame) {
            let message = format!(
                "EMIT CHANGELOG over rows of '{}' with DISTINCT, lag, dedup or a stream without a key \
                 is not supported: use it over the rows alone, over a join with other streams \
                 that have a key, or over an aggregation",
                leaf.stream
            );
            return Err(SqlError::at(message, span.unwrap_or(Span::empty())));
        }
        let parted = groups
            .last()
            .is_some_and(|groups| !groups.partition.is_empty());
        if let Some(span) = span {
            check(&emit, streaming, frame, span)?;
            if inside && groups.len() > 1 {
                return Err(SqlError::at(
                    "EMIT inside a subquery whose rows are aggregated again is not supported: \
                     put it at the end of the query",
                    span,
                ));
            }
        }
        if emit.timeout_ms.is_some() && !windows {
            self.notices
                .push("TIMEOUT has no effect on an aggregation without windows".into());
        }
        // Over such streams each result is made anew: parts without a change are not sent again.
        let policy = match emit.policy.unwrap_or(default) {
            Policy::Periodic(period) if keyed.is_some() && parted => Policy::Updates(period),
            other => other,
        };
        Ok(Emission {
            policy,
            delay_ms: emit.delay_ms,
            timeout_ms: emit.timeout_ms.filter(|_| windows),
            // Windows are of their own rows; the query begins so far back.
            last: emit.last.filter(|_| frame.is_some() && !windows),
        })
    }

    /// Where to begin because of `EMIT LAST`.
    pub(super) fn last_seek(emit: &Emit, now_ms: i64) -> Option<Seek> {
        let last = emit.last?;
        Some(Seek::Time(now_ms.saturating_sub(last.ms)))
    }

    /// Whether rows come only once, so that what is made of them can be added up: no stage sends a
    /// result that takes the place of another.
    pub(super) fn rows_stay(&self) -> bool {
        let mut works = self.stages.iter().map(|stage| &stage.work);
        works.all(|work| match work {
            Work::Groups(groups) => groups.ends(),
            Work::Rows(_) => true,
        })
    }
}

fn check(emit: &Emit, streaming: bool, frame: Option<&Frame>, span: Span) -> Result<(), SqlError> {
    let failed = |message: &str| Err(SqlError::at(message, span));
    let windows = frame.is_some_and(|frame| *frame != Frame::None);
    if !streaming {
        return failed("EMIT is for queries that follow a stream");
    }
    if emit.changelog && windows {
        return failed("EMIT CHANGELOG is for aggregations without windows");
    }
    if frame.is_none() && emit.key_expire.is_some() {
        return failed(
            "EMIT AFTER KEY EXPIRE and AFTER SESSION CLOSE are for an aggregation with GROUP BY",
        );
    }
    if frame.is_none() && (emit.policy.is_some() || emit.delay_ms > 0) {
        return failed(
            "this EMIT is for aggregations; rows are sent as they come (EMIT CHANGELOG and LAST \
             are for rows)",
        );
    }
    let session = matches!(frame, Some(Frame::Session { .. } | Frame::Expiring { .. }));
    match emit.policy {
        Some(Policy::WindowClose) if !windows => failed(
            "EMIT AFTER WINDOW CLOSE takes GROUP BY window_start or window_end of tumble, hop or \
             session",
        ),
        Some(Policy::Periodic(_) | Policy::Repeated(_) | Policy::Updates(_) | Policy::PerEvent)
            if session =>
        {
            failed("sessions are sent when they end: EMIT AFTER WINDOW CLOSE")
        }
        _ if emit.delay_ms > 0 && !windows => {
            failed("WITH DELAY takes GROUP BY window_start or window_end of tumble, hop or session")
        }
        _ => Ok(()),
    }
}
