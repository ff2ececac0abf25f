//! What a sink has done lately.

use std::time::Duration;

use weir_api::timeplus::sink::{LoggedError, SinkStats, Throughput};

use super::{Entry, Sinks};
use crate::{clock, error::HttpError};

/// Of an average rate.
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

impl Sinks {
    /// Bytes per second that all of them write.
    pub(crate) fn rate(&self) -> f64 {
        self.0.runners.rate()
    }

    /// How far back throughput and errors go.
    pub(crate) fn stats(
        &self,
        id: &str,
        throughput: Duration,
        errors: Duration,
    ) -> Result<SinkStats, HttpError> {
        let entry = self.0.all.entry(id)?;
        let runners = &self.0.runners;
        let (delivered, failed) = entry.state.counts();
        let uptime_ms = runners.report(id).uptime_ms;
        let recent = runners.throughput(id, HALF_AN_HOUR);
        let points = recent.len().max(1) as f64;
        let errors = self.errors(&entry, errors);
        let point = |(at, value)| Throughput {
            time: clock::iso(at),
            value,
        };
        Ok(SinkStats {
            success_count: delivered as f64,
            failure_count: failed as f64,
            last_error_message: errors.first().map(|error| error.message.clone()),
            errors,
            throughput: runners
                .throughput(id, throughput)
                .into_iter()
                .map(point)
                .collect(),
            uptime: uptime_ms as f64,
            written_eps: None,
            written_bps: Some(recent.iter().fold(0.0, |all, (_, value)| all + value) / points),
        })
    }

    /// Of rows and of the query, the newest first.
    fn errors(&self, entry: &Entry, within: Duration) -> Vec<LoggedError> {
        let within_ms = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
        let since = clock::now_ms().saturating_sub(within_ms);
        let of_query = self.0.runners.errors(&entry.record().id, within);
        let of_query = of_query.into_iter().map(|one| (one.time_ms, one.message));
        let mut all = entry.state.errors();
        all.extend(of_query);
        all.retain(|(at, _)| *at >= since);
        all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let errors = all.into_iter().map(|(at, message)| LoggedError {
            message,
            time: clock::iso(at),
        });
        errors.collect()
    }

    pub(crate) fn logs(&self, id: &str, lines: usize) -> Result<Vec<String>, HttpError> {
        self.0.all.entry(id)?;
        Ok(self.0.runners.logs(id, lines))
    }
}
