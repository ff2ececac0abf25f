//! How much of what a sink or a source tells of itself is asked for.

use std::time::Duration;

use serde::Deserialize;
use weir_api::property;

use crate::error::HttpError;

const DAY: Duration = Duration::from_secs(24 * 3600);
const TEN_MINUTES: Duration = Duration::from_secs(600);

/// The specification asks for both; without one, a usual one is taken.
#[derive(Deserialize)]
pub(crate) struct Ranges {
    metrics_time_range: Option<String>,
    error_log_time_range: Option<String>,
}

impl Ranges {
    pub(crate) fn metrics(&self) -> Result<Duration, HttpError> {
        range("metrics_time_range", &self.metrics_time_range, TEN_MINUTES)
    }

    pub(crate) fn errors(&self) -> Result<Duration, HttpError> {
        range("error_log_time_range", &self.error_log_time_range, DAY)
    }
}

/// `10m`, `1d`.
fn range(field: &str, text: &Option<String>, usual: Duration) -> Result<Duration, HttpError> {
    let text = text.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(usual);
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    let days = days.map(|days: u32| DAY * days);
    days.or_else(|| property::duration(text)).ok_or_else(|| {
        let words = format!("'{text}' is not a time range like 10m, 2h or 1d");
        HttpError::field(field, words)
    })
}

#[derive(Deserialize)]
pub(crate) struct Lines {
    lines: Option<String>,
}

impl Lines {
    pub(crate) fn count(&self, usual: usize) -> Result<usize, HttpError> {
        match self.lines.as_deref() {
            None | Some("") => Ok(usual),
            Some(text) => text.parse().map_err(|_| {
                HttpError::field("lines", format!("'{text}' is not a number of lines"))
            }),
        }
    }
}
