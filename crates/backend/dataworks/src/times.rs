//! Times as the vendor writes them.

use crate::clock;

/// Now as `2020-06-23T00:21:01+0000`.
pub(crate) fn now() -> String {
    time(clock::now_ms())
}

pub(crate) fn time(ms: i64) -> String {
    chrono::DateTime::<chrono::Utc>::from_timestamp_millis(ms)
        .unwrap_or_default()
        .format("%Y-%m-%dT%H:%M:%S%z")
        .to_string()
}
