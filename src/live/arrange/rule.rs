//! One test of rows, as a person chooses it.

use serde::{Deserialize, Serialize};
use weir_api::DataType;
use weir_live::{
    Cell, Comparison, Condition, Moment, Operand, Reading, Ring, Test,
    format::{Format, TimeStyle, Zone},
};

use super::{Look, operand::spelled};
use crate::text::{visible, write_visible};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    #[default]
    Contains,
    ContainsNot,
    Equals,
    EqualsNot,
    Below,
    AtMost,
    AtLeast,
    Above,
    /// Regular expression.
    Matches,
    MatchesNot,
    Null,
    /// The row ended before the column.
    Missing,
    /// Neither null nor missing.
    NotNull,
    Empty,
    NotEmpty,
}

impl Operator {
    pub const ALL: [Self; 15] = [
        Self::Contains,
        Self::ContainsNot,
        Self::Equals,
        Self::EqualsNot,
        Self::Below,
        Self::AtMost,
        Self::AtLeast,
        Self::Above,
        Self::Matches,
        Self::MatchesNot,
        Self::Null,
        Self::Missing,
        Self::NotNull,
        Self::Empty,
        Self::NotEmpty,
    ];

    /// As in a list of choices.
    pub fn words(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::ContainsNot => "does not contain",
            Self::Equals => "equals",
            Self::EqualsNot => "differs from",
            Self::Below => "below",
            Self::AtMost => "at most",
            Self::AtLeast => "at least",
            Self::Above => "above",
            Self::Matches => "matches expression",
            Self::MatchesNot => "does not match expression",
            Self::Null => "is null",
            Self::Missing => "is missing",
            Self::NotNull => "has a value",
            Self::Empty => "is empty text",
            Self::NotEmpty => "is not empty text",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::EqualsNot => "≠",
            Self::Below => "<",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Above => ">",
            Self::Matches => "~",
            Self::MatchesNot => "!~",
            other => other.words(),
        }
    }

    pub fn takes_value(self) -> bool {
        !matches!(
            self,
            Self::Null | Self::Missing | Self::NotNull | Self::Empty | Self::NotEmpty
        )
    }

    /// Takes a value of the column's own kind, not just a piece of text.
    fn compares(self) -> bool {
        self.orders() || matches!(self, Self::Equals | Self::EqualsNot)
    }

    pub fn orders(self) -> bool {
        matches!(
            self,
            Self::Below | Self::AtMost | Self::AtLeast | Self::Above
        )
    }

    fn negated(self) -> bool {
        matches!(
            self,
            Self::ContainsNot | Self::EqualsNot | Self::MatchesNot | Self::NotNull | Self::NotEmpty
        )
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `None`: any column.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(rename = "o", default)]
    pub operator: Operator,
    #[serde(rename = "v", default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// Whether a text matches.
pub type Matcher = Box<dyn Fn(&str) -> bool>;

/// Compiles a regular expression; the browser's, so that none is carried along.
pub type Expressions = fn(&str) -> Option<Matcher>;

impl Rule {
    pub fn of(column: &str, operator: Operator, value: impl Into<String>) -> Self {
        Self {
            column: Some(column.to_string()),
            operator,
            value: value.into(),
        }
    }

    /// For example `status ≥ 500`.
    pub fn words(&self) -> String {
        let column = visible(self.column.as_deref().unwrap_or("any column"));
        let sign = self.operator.sign();
        if self.operator.takes_value() {
            format!("{column} {sign} {}", shorten(&self.value))
        } else {
            format!("{column} {sign}")
        }
    }

    /// Why the rule cannot be used on this result.
    pub fn problem(&self, ring: &Ring, reading: &Reading) -> Option<&'static str> {
        let name = self.column.as_ref()?;
        let Some(column) = ring.column(name) else {
            return Some("not in this result");
        };
        let data_type = &ring.columns()[column].data_type;
        if !self.operator.compares() {
            return None;
        }
        spelled(&self.value, data_type, self.operator, reading).err()
    }

    /// `now - 1h` of a column of times becomes the moment that it is when it is typed: a filter
    /// does not move with the clock.
    pub fn settle(&mut self, ring: &Ring, look: &Look, now: i64) {
        let of_time = self.column.as_ref().is_some_and(|name| {
            ring.column(name)
                .is_some_and(|at| ring.columns()[at].data_type.is_time())
        });
        let word = self
            .value
            .trim_start()
            .get(..3)
            .is_some_and(|word| word.eq_ignore_ascii_case("now"));
        if of_time
            && word
            && self.operator.compares()
            && let Some(moment) = Moment::parse(&self.value, &look.reading(Some(now)))
        {
            let format = Format {
                style: TimeStyle::Iso,
                ..look.format()
            };
            self.value.clear();
            format.write_millis(moment.millis(), &mut self.value);
        }
    }

    /// The reason where the rule can do nothing here; the page then says so.
    pub fn condition(
        &self,
        ring: &Ring,
        look: &Look,
        expressions: Expressions,
    ) -> Result<Condition, &'static str> {
        let reading = look.reading(None);
        if let Some(problem) = self.problem(ring, &reading) {
            return Err(problem);
        }
        let column = self.column.as_ref().and_then(|name| ring.column(name));
        let data_type = column.map(|at| &ring.columns()[at].data_type);
        let value = self.value.clone();
        let operand = || {
            let text = match data_type {
                Some(data_type) => spelled(&self.value, data_type, self.operator, &reading)?,
                None => self.value.as_str().into(),
            };
            let operand = Operand::new(text, &reading);
            Ok::<_, &'static str>(match data_type.map(DataType::inner) {
                Some(DataType::Ipv4 | DataType::Ipv6) => operand.of_addresses(),
                _ => operand,
            })
        };
        let compare = |comparison| Ok::<_, &'static str>(Test::Compare(comparison, operand()?));
        let test = match self.operator {
            Operator::Contains | Operator::ContainsNot => Test::Contains {
                needle: value,
                match_case: false,
            },
            Operator::Equals | Operator::EqualsNot => Test::Equals(operand()?),
            Operator::Below => compare(Comparison::Below)?,
            Operator::AtMost => compare(Comparison::AtMost)?,
            Operator::AtLeast => compare(Comparison::AtLeast)?,
            Operator::Above => compare(Comparison::Above)?,
            Operator::Matches | Operator::MatchesNot => {
                Test::Custom(expressions(&value).ok_or(NO_EXPRESSION)?)
            }
            Operator::Null => Test::Null,
            Operator::Missing => Test::Missing,
            Operator::NotNull => Test::Absent,
            Operator::Empty | Operator::NotEmpty => Test::Equals("".into()),
        };
        Ok(Condition {
            column,
            test,
            negated: self.operator.negated(),
            shown: look.format(),
        })
    }
}

pub const NO_EXPRESSION: &str = "Not a valid regular expression.";

/// A cell's value as that of a rule; a time without offset gets the `Z` that it means.
pub fn value_of(cell: &Cell<'_>) -> String {
    let mut text = cell.text();
    if let Cell::Time(time) = cell
        && !time.is_date()
        && !text.ends_with('Z')
        && !text.ends_with("+00:00")
    {
        text.push('Z');
    }
    text
}

/// The same of a cell's text and its column's type.
pub fn value_of_text(text: &str, data_type: &DataType) -> String {
    let time = data_type.is_time() && *data_type.inner() != DataType::Date;
    let naked = text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains('+');
    if time && naked && Moment::parse(text, &Reading::default()).is_some() {
        return format!("{text}Z");
    }
    text.to_string()
}

/// Milliseconds since 1970 as a rule's value, for example `2023-02-01T01:02:03.456Z`.
pub fn instant(ms: i64) -> String {
    let mut text = String::new();
    let utc = Format {
        zone: Zone::Utc,
        style: TimeStyle::Iso,
        group: None,
    };
    utc.write_millis(ms, &mut text);
    text
}

/// Characters of a value among other words.
const MOST: usize = 60;

pub fn shorten(text: &str) -> String {
    let mut out = String::new();
    write_visible(text, MOST, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Filter, Limits, RingColumn};

    use super::{
        super::operand::{NO_NUMBER, NO_TIME},
        *,
    };

    fn ring() -> Ring {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("n", DataType::Int(64)),
            column("s", DataType::String),
        ];
        let mut ring = Ring::new(columns, Limits::default());
        ring.push(br#"[[1,"Alpha"],[2,""],[3,null],[10,"beta"],[11]]"#)
            .expect("rows");
        ring
    }

    fn starts_with_b(text: &str) -> Option<Matcher> {
        (text == "^b").then(|| Box::new(|text: &str| text.starts_with('b')) as _)
    }

    fn rows(rule: Rule) -> Option<Vec<u64>> {
        let ring = ring();
        let condition = rule
            .condition(&ring, &Look::default(), starts_with_b)
            .ok()?;
        let mut filter = Filter::new(vec![condition]);
        filter.update(&ring, u64::MAX);
        Some(filter.matches().iter().copied().collect())
    }

    #[test]
    fn every_operator_picks_its_rows() {
        let of = |operator, value: &str| rows(Rule::of("s", operator, value));
        assert_eq!(of(Operator::Contains, "A"), Some(vec![0, 3]));
        assert_eq!(of(Operator::ContainsNot, "A"), Some(vec![1, 2, 4]));
        assert_eq!(of(Operator::Empty, ""), Some(vec![1]));
        assert_eq!(of(Operator::NotEmpty, ""), Some(vec![0, 2, 3, 4]));
        assert_eq!(of(Operator::Null, ""), Some(vec![2]));
        assert_eq!(of(Operator::Missing, ""), Some(vec![4]));
        assert_eq!(of(Operator::NotNull, ""), Some(vec![0, 1, 3]));
        assert_eq!(of(Operator::Matches, "^b"), Some(vec![3]));
        assert_eq!(of(Operator::MatchesNot, "^b"), Some(vec![0, 1, 2, 4]));
        let numbers = |operator| rows(Rule::of("n", operator, "3"));
        assert_eq!(numbers(Operator::Below), Some(vec![0, 1]));
        assert_eq!(numbers(Operator::AtMost), Some(vec![0, 1, 2]));
        assert_eq!(numbers(Operator::AtLeast), Some(vec![2, 3, 4]));
        assert_eq!(numbers(Operator::Above), Some(vec![3, 4]));
        assert_eq!(numbers(Operator::Equals), Some(vec![2]));
        assert_eq!(numbers(Operator::EqualsNot), Some(vec![0, 1, 3, 4]));
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(shorten("short"), "short");
        let long = "ä".repeat(MOST + 1);
        assert_eq!(shorten(&long), format!("{}…", "ä".repeat(MOST)));
    }

    #[test]
    fn a_rule_without_its_column_or_with_a_broken_expression_is_none() {
        assert_eq!(rows(Rule::of("gone", Operator::Equals, "1")), None);
        assert_eq!(rows(Rule::of("s", Operator::Matches, "(")), None);
        let any = Rule {
            value: "1".into(),
            ..Rule::default()
        };
        assert_eq!(any.words(), "any column contains 1");
        assert_eq!(rows(any), Some(vec![0, 3, 4]));
    }

    #[test]
    fn operands_that_are_no_time_or_number_are_refused_where_the_column_has_them() {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type: DataType::parse(data_type).expect("a type"),
        };
        let columns = vec![
            column("t", "nullable(datetime64(3))"),
            column("d", "date"),
            column("n", "decimal(10, 2)"),
            column("f", "float64"),
            column("s", "string"),
        ];
        let ring = Ring::new(columns, Limits::default());
        let reading = Reading::default();
        let problem = |column, operator, value: &str| {
            Rule::of(column, operator, value).problem(&ring, &reading)
        };
        for operator in [Operator::Above, Operator::Equals, Operator::EqualsNot] {
            for time in ["t", "d"] {
                assert_eq!(problem(time, operator, "yesterday"), Some(NO_TIME));
                assert_eq!(problem(time, operator, "2026-03-29 23+02"), None);
            }
            assert_eq!(problem("n", operator, "1,5"), Some(NO_NUMBER));
            assert_eq!(problem("n", operator, "1.5e3"), None);
            assert_eq!(problem("s", operator, "1,5"), None);
        }
        assert_eq!(problem("f", Operator::Equals, "NaN"), None);
        assert_eq!(problem("f", Operator::Above, "NaN"), Some(NO_NUMBER));
        assert_eq!(problem("f", Operator::Above, "-inf"), None);
        assert_eq!(problem("t", Operator::Contains, "yesterday"), None);
        assert_eq!(problem("t", Operator::Null, ""), None);
        assert_eq!(problem("x", Operator::Null, ""), Some("not in this result"));
    }

    #[test]
    fn now_is_fixed_when_it_is_typed_and_values_of_cells_name_their_offset() {
        let column = RingColumn {
            name: "t".into(),
            data_type: DataType::parse("datetime").expect("a type"),
        };
        let mut ring = Ring::new(vec![column], Limits::default());
        ring.push(br#"[["2026-03-29 01:59:59"],["2026-03-29T01:59:59Z"],["2026-03-29"]]"#)
            .expect("rows");
        let values: Vec<String> = (0..3).map(|row| value_of(&ring.cell(row, 0))).collect();
        assert_eq!(
            values,
            ["2026-03-29 01:59:59Z", "2026-03-29T01:59:59Z", "2026-03-29"]
        );
        let data_type = &ring.columns()[0].data_type;
        assert_eq!(
            value_of_text("2026-03-29 01:59:59.5", data_type),
            "2026-03-29 01:59:59.5Z"
        );
        assert_eq!(value_of_text("x", data_type), "x");
        let mut rule = Rule::of("t", Operator::AtLeast, "now - 1h");
        rule.settle(&ring, &Look::default(), 3_600_500);
        assert_eq!(rule.value, "1970-01-01T00:00:00.500Z");
        rule.settle(&ring, &Look::default(), 0);
        assert_eq!(rule.value, "1970-01-01T00:00:00.500Z");
    }
}
