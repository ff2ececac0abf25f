//! One test of rows, as a person chooses it.

use serde::{Deserialize, Serialize};
use weir_live::{
    Comparison, Condition, Ring, Test,
    format::{Format, TimeStyle, Zone},
};

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
        let column = self.column.as_deref().unwrap_or("any column");
        let sign = self.operator.sign();
        if self.operator.takes_value() {
            format!("{column} {sign} {}", shorten(&self.value))
        } else {
            format!("{column} {sign}")
        }
    }

    /// `None` where the ring has no such column or the expression is none: the rule then does
    /// nothing and the page says so.
    pub fn condition(&self, ring: &Ring, expressions: Expressions) -> Option<Condition> {
        let column = match &self.column {
            Some(name) => Some(ring.column(name)?),
            None => None,
        };
        let value = self.value.clone();
        let test = match self.operator {
            Operator::Contains | Operator::ContainsNot => Test::Contains {
                needle: value,
                match_case: false,
            },
            Operator::Equals | Operator::EqualsNot => Test::Equals(value),
            Operator::Below => Test::Compare(Comparison::Below, value),
            Operator::AtMost => Test::Compare(Comparison::AtMost, value),
            Operator::AtLeast => Test::Compare(Comparison::AtLeast, value),
            Operator::Above => Test::Compare(Comparison::Above, value),
            Operator::Matches | Operator::MatchesNot => Test::Custom(expressions(&value)?),
            Operator::Null => Test::Null,
            Operator::Missing => Test::Missing,
            Operator::NotNull => Test::Absent,
            Operator::Empty | Operator::NotEmpty => Test::Equals(String::new()),
        };
        Some(Condition {
            column,
            test,
            negated: self.operator.negated(),
        })
    }
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
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Filter, Limits, RingColumn};

    use super::*;

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
        let mut filter = Filter::new(vec![rule.condition(&ring, starts_with_b)?]);
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
}
