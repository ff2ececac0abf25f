//! Where a streaming query starts: `SETTINGS seek_to = '…'`.

use crate::{codec, typed::Unit};

/// Where a streaming query starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// With the rows that come after the start.
    Latest,
    Earliest,
    /// With the first row whose `_tp_time` is at least this (Unix ms).
    Time(i64),
}

impl Seek {
    /// `latest`, `earliest`, `-1h`, or a time.
    pub(super) fn parse(text: &str, now_ms: i64) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "latest" => return Ok(Self::Latest),
            "earliest" => return Ok(Self::Earliest),
            _ => {}
        }
        if let Some(length) = text.trim().strip_prefix('-') {
            let end = length
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(length.len());
            let (number, unit) = length.split_at(end);
            let nanos = Unit::parse(unit.trim()).and_then(Unit::nanos);
            if let (Ok(number), Some(nanos)) = (number.parse::<i64>(), nanos)
                && let Some(total) = number.checked_mul(nanos)
            {
                return Ok(Self::Time(now_ms.saturating_sub(total / 1_000_000)));
            }
        }
        let Some((seconds, nanos)) = codec::parse_instant(text) else {
            return Err(format!(
                "'{text}' is not 'earliest', 'latest', a time back like '-1h', or a time"
            ));
        };
        Ok(Self::Time(
            seconds
                .saturating_mul(1000)
                .saturating_add(i64::from(nanos / 1_000_000)),
        ))
    }
}
