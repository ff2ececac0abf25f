use std::{borrow::Cow, cmp::Ordering, net::IpAddr};

use crate::{
    cell::Cell,
    format::{Format, Zone},
    json,
    moment::{Moment, Reading},
    number::Exact,
    time::Time,
};

/// What a cell is compared with: a text that is also the number or the moment it can be read as.
#[derive(Debug, Clone)]
pub struct Operand {
    text: String,
    moment: Option<Moment>,
    address: Option<IpAddr>,
    nan: bool,
}

impl Operand {
    pub fn new(text: impl Into<String>, reading: &Reading) -> Self {
        let text = text.into();
        Self {
            moment: Moment::parse(&text, reading),
            address: None,
            nan: is_nan(&text),
            text,
        }
    }

    /// Compared with addresses by value: `10.0.0.9` is below `10.0.0.10`.
    #[must_use]
    pub fn of_addresses(mut self) -> Self {
        self.address = self.text.parse().ok();
        self
    }
}

/// A time is in UTC.
impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self::new(text, &Reading::default())
    }
}

fn is_nan(text: &str) -> bool {
    text.trim().parse().is_ok_and(f64::is_nan)
}

/// What a cell's text or value must be. Null and missing cells only meet the tests for them.
pub enum Test {
    Contains {
        needle: String,
        match_case: bool,
    },
    /// Numbers equal in value (`1.0` is `1`), anything else in text.
    Equals(Operand),
    Compare(Comparison, Operand),
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
    shown: &'a Format,
    needle: String,
    /// What is contained as numbers have it; `None` where none can.
    in_numbers: Option<String>,
    /// What is contained could stand in a time as it is sent.
    in_times: bool,
    number: Option<Exact<'a>>,
    /// The operand where it is an array or an object, whose blanks do not count.
    document: Option<Cow<'a, str>>,
}

impl Test {
    /// `shown`: how times look, for the tests of text.
    pub(super) fn prepare<'a>(&'a self, shown: &'a Format) -> Prepared<'a> {
        let (needle, number) = match self {
            Self::Contains {
                needle,
                match_case: false,
            } => (needle.to_lowercase(), None),
            Self::Contains { needle, .. } => (needle.clone(), None),
            Self::Equals(operand) | Self::Compare(_, operand) => {
                (String::new(), Exact::parse(&operand.text))
            }
            Self::Glob(_) | Self::Null | Self::Missing | Self::Absent | Self::Custom(_) => {
                (String::new(), None)
            }
        };
        let document = match self {
            Self::Equals(operand) | Self::Compare(_, operand) => {
                let text = operand.text.trim();
                text.starts_with(['[', '{']).then(|| json::compact(text))
            }
            _ => None,
        };
        let only = |bytes: &[u8]| needle.bytes().all(|byte| bytes.contains(&byte));
        Prepared {
            test: self,
            shown,
            in_numbers: number_part(&needle, shown.group).map(Cow::into_owned),
            in_times: only(b"0123456789-+:.tTzZ ") || !matches!(shown.zone, Zone::AsSent),
            needle,
            number,
            document,
        }
    }
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
                // Most cells are told by what they are, before they are written out.
                match cell {
                    Cell::Int(_) | Cell::UInt(_) | Cell::Number(_) => {
                        let number = self.in_numbers.as_ref();
                        return number
                            .is_some_and(|number| contains(text_of(cell, scratch), number));
                    }
                    Cell::Time(_) if !self.in_times => return false,
                    _ => {}
                }
                let text = self.text_of(cell, scratch);
                if *match_case {
                    contains(text, &self.needle)
                } else if text.is_ascii() {
                    contains_in_any_case(text, &self.needle)
                } else {
                    contains(&text.to_lowercase(), &self.needle)
                }
            }
            Test::Equals(operand) => {
                let order = self.order(cell, operand, scratch);
                order.is_some_and(Ordering::is_eq) || (operand.nan && cell_is_nan(cell))
            }
            Test::Compare(comparison, operand) => {
                let order = self.order(cell, operand, scratch);
                order.is_some_and(|order| comparison.holds(order))
            }
            Test::Glob(pattern) => glob(pattern, self.text_of(cell, scratch)),
            Test::Custom(test) => test(self.text_of(cell, scratch)),
        }
    }

    /// Numbers by value, times as moments, text by code points; `None` between two of them.
    fn order(&self, cell: &Cell<'_>, operand: &Operand, scratch: &mut String) -> Option<Ordering> {
        if let Cell::Time(time) = cell {
            return operand.moment.map(|moment| time_order(*time, moment));
        }
        if let Some(number) = cell.as_exact() {
            return Some(number.compare(self.number.as_ref()?));
        }
        let text = self.text_of(cell, scratch);
        if let Some(address) = operand.address
            && let Ok(own) = text.parse::<IpAddr>()
        {
            return Some(own.cmp(&address));
        }
        if let Cell::Json(_) = cell {
            // Neither a number nor any other text says something about `nan`.
            if cell_is_nan(cell) || operand.nan {
                return None;
            }
            if let Some(document) = &self.document {
                return Some(json::compact(text).cmp(document));
            }
            // A time in another form than the column's has.
            if let (Some(moment), Some(own)) =
                (operand.moment, Moment::parse(text, &Reading::default()))
            {
                let moment = (moment.seconds, moment.nanos);
                return Some((own.seconds, own.nanos).cmp(&moment));
            }
        }
        Some(text.cmp(operand.text.as_str()))
    }

    /// The text of a cell as it is shown.
    fn text_of<'b>(&self, cell: &Cell<'b>, scratch: &'b mut String) -> &'b str {
        match cell {
            Cell::Time(_) if !matches!(self.shown.zone, Zone::AsSent) => {
                scratch.clear();
                self.shown.write(cell, scratch);
                scratch
            }
            _ => text_of(cell, scratch),
        }
    }
}

fn cell_is_nan(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Json(_)) && cell.as_f64().is_some_and(f64::is_nan)
}

/// A date is the same in every zone: it compares with what the clock shows.
fn time_order(time: Time, moment: Moment) -> Ordering {
    let (seconds, nanos) = time.seconds();
    let of = if time.is_date() {
        moment.wall
    } else {
        moment.seconds
    };
    (seconds, nanos).cmp(&(of, moment.nanos))
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

/// What is looked for as numbers have it that are written out: without the blanks between groups of
/// digits, where they are shown with them.
fn number_part(needle: &str, group: Option<char>) -> Option<Cow<'_, str>> {
    let parts = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
    if needle.chars().all(parts) {
        return Some(needle.into());
    }
    let blank = |c: char| c.is_whitespace() || Some(c) == group;
    let fits = group.is_some() && needle.chars().all(|c| parts(c) || blank(c));
    let bare = || needle.chars().filter(|c| !blank(*c)).collect::<String>();
    fits.then(bare)
        .filter(|bare| !bare.is_empty())
        .map(Cow::Owned)
}

fn contains(text: &str, needle: &str) -> bool {
    let Some((first, rest)) = needle.as_bytes().split_first() else {
        return true;
    };
    let text = text.as_bytes();
    memchr::memchr_iter(*first, text).any(|at| text[at + 1..].starts_with(rest))
}

/// The needle is in lower case.
fn contains_in_any_case(text: &str, needle: &str) -> bool {
    let Some((first, rest)) = needle.as_bytes().split_first() else {
        return true;
    };
    let text = text.as_bytes();
    let is_here = |at: usize| {
        let here = text.get(at + 1..at + 1 + rest.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(rest))
    };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(is_here)
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
        test.prepare(&Format::default())
            .matches(&ring.cell(0, 0), &mut String::new())
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
    fn what_is_no_time_compares_with_none_and_other_forms_of_times_do() {
        let time = "\"2026-03-29T01:59:59Z\"";
        let above = |operand: &str| Test::Compare(Comparison::Above, operand.into());
        assert!(!met("datetime", time, above("2026-03-29 23:00:00+02:00")));
        assert!(met("datetime", time, above("2026-03-29 03:00:00+02:00")));
        assert!(!met("datetime", time, above("1774749600")));
        assert!(met("datetime", time, above("1774749598")));
        for nonsense in ["", "a", "~", "20", "2026-03-29 25:00"] {
            assert!(!met("datetime", time, above(nonsense)), "{nonsense}");
            let below = Test::Compare(Comparison::Below, nonsense.into());
            assert!(!met("datetime", time, below), "{nonsense}");
        }
        // A date has no zone; a time with an offset is kept as it was sent.
        assert!(met(
            "date",
            "\"2026-03-29\"",
            Test::Equals("2026-03-29 00:00+05:00".into())
        ));
        assert!(met(
            "datetime",
            "\"2026-03-29T03:00:00+02:00\"",
            above("2026-03-29 00:59:59")
        ));
    }

    #[test]
    fn not_a_number_equals_only_itself_and_compares_with_nothing() {
        for operand in ["NaN", "nan", "-nan"] {
            assert!(met("float64", "\"nan\"", Test::Equals(operand.into())));
            assert!(met("float64", "\"NaN\"", Test::Equals(operand.into())));
            assert!(!met("float64", "1.5", Test::Equals(operand.into())));
            for comparison in [Comparison::Below, Comparison::AtLeast] {
                assert!(!met(
                    "float64",
                    "\"nan\"",
                    Test::Compare(comparison, operand.into())
                ));
                assert!(!met(
                    "float64",
                    "5",
                    Test::Compare(comparison, operand.into())
                ));
            }
        }
        for (operand, cell) in [("inf", "\"inf\""), ("-Infinity", "\"-inf\"")] {
            assert!(met("float64", cell, Test::Equals(operand.into())));
        }
        assert!(!met(
            "int64",
            "5",
            Test::Compare(Comparison::Below, "abc".into())
        ));
    }

    #[test]
    fn blanks_of_documents_do_not_count_and_addresses_go_by_value() {
        let equals = |operand: &str| Test::Equals(operand.into());
        assert!(met("array(int8)", "[1,2]", equals(" [1, 2] ")));
        assert!(met("array(int8)", "[1, 2]", equals("[1,2]")));
        assert!(met(
            "json",
            r#"{"a": "x  y\" z"}"#,
            equals(r#"{"a":"x  y\" z"}"#)
        ));
        assert!(!met("json", r#"{"a":"x  y"}"#, equals(r#"{"a":"x y"}"#)));
        assert!(met("string", "\"[1, 2]\"", equals("[1, 2]")));
        assert!(!met("string", "\"[1, 2]\"", equals("[1,2]")));
        let below = |operand: Operand| Test::Compare(Comparison::Below, operand);
        let ten = Operand::from("10.0.0.10");
        assert!(met(
            "ipv4",
            "\"10.0.0.9\"",
            below(ten.clone().of_addresses())
        ));
        assert!(!met("string", "\"10.0.0.9\"", below(ten)));
        let long = Operand::from("2001:DB8:0::1").of_addresses();
        assert!(met("ipv6", "\"2001:db8::1\"", Test::Equals(long)));
    }

    #[test]
    fn text_of_times_is_as_shown() {
        let east = Format {
            zone: Zone::In(std::rc::Rc::new(|_| 7_200)),
            ..Format::default()
        };
        let ring = ring(&["datetime"], r#"[["2026-03-29T23:00:00Z"]]"#);
        let found = |needle: &str, shown: &Format| {
            let test = Test::Contains {
                needle: needle.into(),
                match_case: false,
            };
            test.prepare(shown)
                .matches(&ring.cell(0, 0), &mut String::new())
        };
        assert!(found("03-30 01:00", &east));
        assert!(!found("03-29", &east));
        assert!(found("2026-03-29t23", &Format::default()));
    }

    #[test]
    fn digits_are_found_in_the_groups_in_which_they_are_shown() {
        let grouped = Format {
            group: Some('\u{2009}'),
            ..Format::default()
        };
        let ring = ring(&["int64", "decimal(9, 2)"], "[[-1234567,1234.50]]");
        let found = |column: usize, needle: &str, shown: &Format| {
            let test = Test::Contains {
                needle: needle.into(),
                match_case: false,
            };
            test.prepare(shown)
                .matches(&ring.cell(0, column), &mut String::new())
        };
        for needle in [
            "234 567",
            "-1\u{2009}234\u{2009}567",
            "1\u{a0}234",
            "34567",
            "",
        ] {
            assert!(found(0, needle, &grouped), "{needle}");
        }
        assert!(found(1, "1\u{202f}234.5", &grouped));
        for needle in ["1,234", "1 235", " ", "1 234 x"] {
            assert!(!found(0, needle, &grouped), "{needle}");
        }
        assert!(!found(0, "234 567", &Format::default()));
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
        assert!(met("string", "\"xABAbc\"", contains("aBC", false)));
        assert!(!met("string", "\"xABAb\"", contains("abc", false)));
        assert!(!met("string", "\"abc\"", contains("äbc", false)));
        assert!(met("float64", "-0.50", contains("-0.5", false)));
        assert!(!met("float64", "0.5", contains("e", false)));
        assert!(met("float64", "\"inf\"", contains("INF", false)));
        assert!(met(
            "datetime",
            "\"2026-03-29T01:59:59Z\"",
            contains("29t01", false)
        ));
        assert!(!met(
            "datetime",
            "\"2026-03-29T01:59:59Z\"",
            contains("error", false)
        ));
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
