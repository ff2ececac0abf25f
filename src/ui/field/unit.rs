//! Sizes and durations as people type them: `10 GiB`, `7 d`, `1.5h`.

/// What a quantity is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Bytes on the wire.
    Size,
    /// Milliseconds on the wire.
    Span,
}

/// Shown and typed where there is no limit; -1 on the wire.
pub const UNLIMITED: &str = "unlimited";

const SIZES: &[(&str, i64)] = &[
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];
const MORE_SIZES: &[(&str, i64)] = &[
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("bytes", 1),
];
const SPANS: &[(&str, i64)] = &[
    ("ms", 1),
    ("s", 1_000),
    ("min", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];
const MORE_SPANS: &[(&str, i64)] = &[
    ("m", 60_000),
    ("w", 604_800_000),
    ("sec", 1_000),
    ("hours", 3_600_000),
    ("day", 86_400_000),
    ("days", 86_400_000),
    ("week", 604_800_000),
    ("weeks", 604_800_000),
];

impl Measure {
    /// Units offered for choice, smallest first.
    pub fn units(self) -> &'static [(&'static str, i64)] {
        match self {
            Self::Size => SIZES,
            Self::Span => SPANS,
        }
    }

    /// The unit and its worth; upper and lower case only count where they tell units apart.
    fn find(self, unit: &str) -> Option<(&'static str, i64)> {
        let more = match self {
            Self::Size => MORE_SIZES,
            Self::Span => MORE_SPANS,
        };
        let all = || self.units().iter().chain(more).copied();
        all()
            .find(|(name, _)| *name == unit)
            .or_else(|| all().find(|(name, _)| name.eq_ignore_ascii_case(unit)))
    }

    /// `None` for empty text, -1 for `unlimited`.
    pub fn parse(self, text: &str) -> Result<Option<i64>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.eq_ignore_ascii_case(UNLIMITED) {
            return Ok(Some(-1));
        }
        let (number, unit) = split(text);
        let Some((_, worth)) = self.find(unit) else {
            let names: Vec<_> = self.units().iter().map(|(name, _)| *name).collect();
            return Err(if unit.is_empty() {
                format!("Add a unit: {}", names.join(", "))
            } else {
                format!("'{unit}' is not a unit; use {}", names.join(", "))
            });
        };
        let number = number.replace('_', "");
        if let Ok(whole) = number.parse::<i64>() {
            if whole < 0 {
                return Err("Must not be negative".into());
            }
            return whole
                .checked_mul(worth)
                .map(Some)
                .ok_or_else(|| "Too large".into());
        }
        match number.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= 0.0 => {
                let value = value * worth as f64;
                if value < 9.0e18 {
                    Ok(Some(value.round() as i64))
                } else {
                    Err("Too large".into())
                }
            }
            _ => Err(format!("'{number}' is not a number")),
        }
    }

    /// The shortest text that reads back as `value`; anything not above 0 is unlimited.
    pub fn format(self, value: i64) -> String {
        if value <= 0 {
            return UNLIMITED.into();
        }
        let (unit, worth) = self
            .units()
            .iter()
            .rev()
            .find(|(_, worth)| value % worth == 0)
            .copied()
            .unwrap_or(("", 1));
        format!("{} {unit}", value / worth)
    }
}

/// Number and unit as typed, neither checked.
pub fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    (text[..end].trim(), text[end..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        let spans = [
            "7 d",
            "7d",
            "1.5 h",
            "90m",
            "2 weeks",
            " 250ms ",
            "unlimited",
            "",
        ];
        let read: Vec<_> = spans.iter().map(|text| Measure::Span.parse(text)).collect();
        let wanted = [
            Some(604_800_000),
            Some(604_800_000),
            Some(5_400_000),
            Some(5_400_000),
            Some(1_209_600_000),
            Some(250),
            Some(-1),
            None,
        ];
        assert_eq!(read, wanted.map(Ok));
        assert_eq!(Measure::Size.parse("10 GiB"), Ok(Some(10_737_418_240)));
        assert_eq!(Measure::Size.parse("10gib"), Ok(Some(10_737_418_240)));
        assert_eq!(Measure::Size.parse("1 GB"), Ok(Some(1_000_000_000)));
        assert_eq!(Measure::Size.parse("0.5 KiB"), Ok(Some(512)));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, part) in [
            ("7", "Add a unit"),
            ("7 dogs", "'dogs' is not a unit"),
            ("x", "'x' is not a unit"),
            ("1,5 d", "'1,5' is not a number"),
            ("-3 d", "negative"),
            ("9223372036854775807 d", "Too large"),
        ] {
            let error = Measure::Span.parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for value in [1, 1_000, 5_400_000, 604_800_000, 86_400_001] {
            let text = Measure::Span.format(value);
            assert_eq!(Measure::Span.parse(&text), Ok(Some(value)), "{text}");
        }
        assert_eq!(Measure::Span.format(604_800_000), "7 d");
        assert_eq!(Measure::Size.format(10 << 30), "10 GiB");
        assert_eq!(Measure::Size.format(-1), UNLIMITED);
    }
}
