//! Units of time.

/// A count of calendar or clock units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let one = if lower.len() > 2 {
            lower.strip_suffix('s').unwrap_or(&lower)
        } else {
            &lower
        };
        Some(match one {
            "nanosecond" | "ns" => Self::Nanosecond,
            "microsecond" | "us" => Self::Microsecond,
            "millisecond" | "ms" => Self::Millisecond,
            "second" | "s" => Self::Second,
            "minute" | "m" => Self::Minute,
            "hour" | "h" => Self::Hour,
            "day" | "d" => Self::Day,
            "week" | "w" => Self::Week,
            "month" => Self::Month,
            "quarter" | "q" => Self::Quarter,
            "year" | "y" => Self::Year,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nanosecond => "nanosecond",
            Self::Microsecond => "microsecond",
            Self::Millisecond => "millisecond",
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Nanoseconds, or `None` for units of varying length.
    pub(crate) fn nanos(self) -> Option<i64> {
        Some(match self {
            Self::Nanosecond => 1,
            Self::Microsecond => 1_000,
            Self::Millisecond => 1_000_000,
            Self::Second => 1_000_000_000,
            Self::Minute => 60_000_000_000,
            Self::Hour => 3_600_000_000_000,
            Self::Day => 86_400_000_000_000,
            Self::Week => 604_800_000_000_000,
            Self::Month | Self::Quarter | Self::Year => return None,
        })
    }
}
