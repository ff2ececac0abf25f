//! The dashboard's time range: how far back streaming panels begin and how much of the time axis
//! is shown. `{{range}}` in a statement is its length.

use crate::live::{bounded, resume};

/// Of the variable that holds the length.
pub const NAME: &str = "range";

/// In the page's address, in words and in seconds. Empty: each panel as it was made.
pub const ALL: [(&str, &str, f64); 8] = [
    ("", "As defined", 0.0),
    ("live", "Live, from now", 0.0),
    ("5m", "Last 5 minutes", 300.0),
    ("15m", "Last 15 minutes", 900.0),
    ("1h", "Last hour", 3_600.0),
    ("6h", "Last 6 hours", 21_600.0),
    ("1d", "Last day", 86_400.0),
    ("7d", "Last 7 days", 604_800.0),
];

/// What stands for the range in a statement where none is chosen.
const USUAL: &str = "1h";

pub fn known(range: &str) -> bool {
    ALL.iter().any(|(id, ..)| *id == range)
}

/// A duration as SQL writes it.
pub fn duration(range: &str) -> &str {
    if range.is_empty() || range == "live" {
        USUAL
    } else {
        range
    }
}

/// Seconds of the time axis to show.
pub fn seconds(range: &str) -> Option<f64> {
    let found = ALL.iter().find(|(id, ..)| *id == range);
    found
        .map(|(.., seconds)| *seconds)
        .filter(|seconds| *seconds > 0.0)
}

/// How far back a panel begins that does not say so itself, where no range is chosen: a page that
/// opens shows something at once.
const FIRST: &str = "-15m";

/// `sql` beginning where the range does. What reads a table, or says itself how far back it goes
/// with `{{range}}`, stays as it is.
pub fn apply(sql: &str, range: &str, own: bool) -> String {
    if own || !bounded::is_endless(sql) {
        return sql.into();
    }
    if range.is_empty() {
        return match sql.to_ascii_lowercase().contains("seek_to") {
            true => sql.into(),
            false => resume::from(sql, FIRST),
        };
    }
    let from = if range == "live" {
        "latest".into()
    } else {
        format!("-{range}")
    };
    resume::from(sql, &from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_begin_where_the_range_does() {
        assert_eq!(
            apply("select * from s", "5m", false),
            "select * from s\nSETTINGS seek_to='-5m'"
        );
        assert_eq!(
            apply("select * from s settings seek_to='-1h'", "live", false),
            "select * from s settings seek_to='latest'"
        );
        assert_eq!(
            apply("select * from s", "", false),
            "select * from s\nSETTINGS seek_to='-15m'"
        );
        for (sql, range, own) in [
            ("select * from s settings seek_to='-1h'", "", false),
            ("select 1", "", false),
            ("select * from table(s)", "5m", false),
            ("select * from s where _tp_time > now() - 5m", "5m", true),
        ] {
            assert_eq!(apply(sql, range, own), sql);
        }
    }

    #[test]
    fn lengths_are_told_in_both_ways() {
        assert_eq!(
            (seconds("1h"), seconds("live"), seconds("x")),
            (Some(3_600.0), None, None)
        );
        assert_eq!(
            [duration(""), duration("live"), duration("6h")],
            ["1h", "1h", "6h"]
        );
    }
}
