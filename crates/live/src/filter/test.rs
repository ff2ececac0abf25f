use std::cmp::Ordering;

use crate::{cell::Cell, number::Exact, time::Time};

/// What a cell's text or value must be. Null and missing cells only meet the tests for them.
pub enum Test {
    Contains {
        needle: String,
        match_case: bool,
    },
    /// Numbers equal in value (`1.0` is `1`), anything else in text.
    Equals(String),
    Compare(Comparison, String),
    Null,
    /// The row ended before the column.
    Missing,
    /// Null or missing.
    Absent,
    /// The whole text; `*` stands for any text, `?` for one character.
    Glob(String),
    /// The caller's own test of the text, for example the browser's regular expressions.
    Custom(Box<dyn Fn(&str) -> bool>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Below,
    AtMost,
    AtLeast,
    Above,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
        }
    }
}

/// A test whose text has been read once for many cells.
pub(super) struct Prepared<'a> {
    test: &'a Test,
    text: String,
    number: Option<Exact<'a>>,
    time: Option<(i64, u32)>,
}

impl Test {
    pub(super) fn prepare(&self) -> Prepared<'_> {
        let (operand, text) = match self {
            Self::Contains {
                needle,
                match_case: false,
            } => ("", needle.to_lowercase()),
            Self::Contains { needle, .. } => ("", needle.clone()),
            Self::Equals(operand) | Self::Compare(_, operand) => {
                (operand.as_str(), operand.clone())
            }
            Self::Glob(_) | Self::Null | Self::Missing | Self::Absent | Self::Custom(_) => {
                ("", String::new())
            }
        };
        Prepared {
            test: self,
            text,
            number: Exact::parse(operand),
            time: time(operand.trim()),
        }
    }
}

/// A date, with a clock to the minute, the second or a fraction of it, in UTC.
fn time(operand: &str) -> Option<(i64, u32)> {
    let time = Time::parse(operand.as_bytes());
    time.or_else(|| Time::parse(format!("{operand}:00").as_bytes()))
        .map(Time::seconds)
}

impl Prepared<'_> {
    pub(super) fn matches(&self, cell: &Cell<'_>, scratch: &mut String) -> bool {
        match (cell, self.test) {
            (Cell::Null, test) => return matches!(test, Test::Null | Test::Absent),
            (Cell::Missing, test) => return matches!(test, Test::Missing | Test::Absent),
            _ => {}
        }
        match self.test {
            Test::Null | Test::Missing | Test::Absent => false,
            Test::Contains { match_case, .. } => {
                let text = text_of(cell, scratch);
                if *match_case {
                    contains(text, &self.text)
                } else if text.is_ascii() {
                    contains(&text.to_ascii_lowercase(), &self.text)
                } else {
                    contains(&text.to_lowercase(), &self.text)
                }
            }
            Test::Equals(_) => self.order(cell, scratch).is_eq(),
            Test::Compare(comparison, _) => {
                // A number says nothing about text that is none, nor about `nan`.
                let comparable = self.number.is_none()
                    || matches!(cell, Cell::Text(_) | Cell::Time(_))
                    || cell.as_exact().is_some();
                comparable && comparison.holds(self.order(cell, scratch))
            }
            Test::Glob(pattern) => glob(pattern, text_of(cell, scratch)),
            Test::Custom(test) => test(text_of(cell, scratch)),
        }
    }

    fn order(&self, cell: &Cell<'_>, scratch: &mut String) -> Ordering {
        if let (Some(number), Some(operand)) = (cell.as_exact(), &self.number) {
            return number.compare(operand);
        }
        if let (Cell::Time(time), Some(operand)) = (cell, self.time) {
            return time.seconds().cmp(&operand);
        }
        text_of(cell, scratch).cmp(self.text.as_str())
    }
}

fn text_of<'b>(cell: &Cell<'b>, scratch: &'b mut String) -> &'b str {
    match cell.as_str() {
        Some(text) => text,
        None => {
            scratch.clear();
            cell.write_text(scratch);
            scratch
        }
    }
}

fn contains(text: &str, needle: &str) -> bool {
    let Some((first, rest)) = needle.as_bytes().split_first() else {
        return true;
    };
    let text = text.as_bytes();
    memchr::memchr_iter(*first, text).any(|at| text[at + 1..].starts_with(rest))
}

/// Without recursion: on a mismatch the last `*` takes one character more.
fn glob(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let before = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                text = before.clone();
                retry = Some((pattern.clone(), before));
                continue;
            }
            (Some('?'), Some(_)) => continue,
            (Some(wanted), Some(letter)) if wanted == letter => continue,
            _ => {}
        }
        let Some((after_star, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        pattern = after_star.clone();
        text = from.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn met(data_type: &str, token: &str, test: Test) -> bool {
        let ring = ring(&[data_type], &format!("[[{token}]]"));
        test.prepare().matches(&ring.cell(0, 0), &mut String::new())
    }

    #[test]
    fn numbers_compare_by_value_without_rounding() {
        let max = "18446744073709551615";
        assert!(met("uint64", max, Test::Equals(max.into())));
        assert!(!met(
            "uint64",
            max,
            Test::Equals("18446744073709551616".into())
        ));
        assert!(met(
            "uint64",
            max,
            Test::Compare(Comparison::Above, "18446744073709551614.5".into())
        ));
        assert!(met("decimal(10, 2)", "1.50", Test::Equals("1.5".into())));
        assert!(met(
            "uint256",
            "\"99999999999999999999999\"",
            Test::Compare(Comparison::AtLeast, "1e22".into())
        ));
        assert!(met(
            "float64",
            "\"-inf\"",
            Test::Compare(Comparison::Below, "0".into())
        ));
        assert!(!met(
            "float64",
            "\"nan\"",
            Test::Compare(Comparison::Above, "0".into())
        ));
        assert!(!met(
            "int64",
            "5",
            Test::Compare(Comparison::AtMost, "4".into())
        ));
        assert!(!met(
            "int64",
            "null",
            Test::Compare(Comparison::AtMost, "4".into())
        ));
    }

    #[test]
    fn times_compare_as_times_and_text_as_text() {
        let time = "\"2023-02-01T01:02:03.500Z\"";
        let below = |operand: &str| Test::Compare(Comparison::Below, operand.into());
        assert!(met("datetime64(3)", time, below("2023-02-01 01:02:04")));
        assert!(!met("datetime64(3)", time, below("2023-02-01")));
        assert!(met("datetime64(3)", time, below("2023-02-01 01:03")));
        assert!(!met("datetime64(3)", time, below("2023-02-01T01:02")));
        assert!(met("string", "\"abc\"", below("abd")));
    }

    #[test]
    fn text_tests() {
        let contains = |needle: &str, match_case| Test::Contains {
            needle: needle.into(),
            match_case,
        };
        assert!(met("string", "\"Grüße ÄB\"", contains("äb", false)));
        assert!(!met("string", "\"Grüße ÄB\"", contains("äb", true)));
        assert!(met("string", "\"aab\"", contains("ab", true)));
        assert!(met("int64", "1234", contains("23", true)));
        assert!(met("json", r#""a\nb""#, contains("\n", true)));
        assert!(met(
            "string",
            "\"x\"",
            Test::Custom(Box::new(|text| text == "x"))
        ));
        assert!(met("string", "null", Test::Null));
        assert!(!met("string", "\"\"", Test::Null));
    }

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*", "", true),
            ("?", "ä", true),
            ("?", "", false),
            ("*ab*ab", "abxab", true),
            ("*ab*ab", "abx", false),
            ("a?*", "a", false),
            ("", "a", false),
            ("*a*b*c*", "xaybzc", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
