//! What a person has arranged of the rows held: which of them, in which order, which columns and
//! how cells look. Columns go by name, so that an arrangement stays when a statement runs again,
//! and the whole is short as text, so that it fits into the page's address.

pub mod applied;
pub mod columns;
pub mod look;
pub mod operand;
pub mod rule;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use weir_live::{Moment, Reading};

pub use applied::Applied;
pub use columns::ColumnOrder;
pub use look::Look;
pub use rule::{Operator, Rule};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Rows with a cell that contains it, in any case of letters.
    #[serde(rename = "s", skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Rows that meet all of them.
    #[serde(rename = "f", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    #[serde(rename = "m", skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    #[serde(rename = "c", skip_serializing_if = "ColumnOrder::is_usual")]
    pub columns: ColumnOrder,
    #[serde(rename = "l", skip_serializing_if = "Look::is_usual")]
    pub look: Look,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    #[serde(rename = "c")]
    pub column: String,
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

/// Cells that meet the rule are coloured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    #[serde(flatten)]
    pub rule: Rule,
    /// 1 to [`COLOURS`].
    #[serde(rename = "k")]
    pub colour: u8,
}

/// Colours of marks; as in style/live.css.
pub const COLOURS: u8 = 4;

impl Arrangement {
    /// Rows are left out.
    pub fn filters(&self) -> bool {
        !self.search.is_empty() || !self.rules.is_empty()
    }

    /// As it stands in the address; empty where nothing is arranged.
    pub fn to_text(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What an address says; something else than an arrangement is none.
    pub fn from_text(text: &str) -> Self {
        let mut arrangement: Self = serde_json::from_str(text).unwrap_or_default();
        for mark in &mut arrangement.marks {
            mark.colour = mark.colour.clamp(1, COLOURS);
        }
        arrangement
    }

    /// One more rule; a rule that is there already is not added again.
    pub fn add(&mut self, rule: Rule) {
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    /// Rows whose time in `column` lies in a stretch, instead of what was chosen of it before.
    pub fn between(&mut self, column: &str, from_ms: i64, until_ms: i64) {
        self.anytime(column);
        let rule = |operator, ms| Rule::of(column, operator, rule::instant(ms));
        self.rules.push(rule(Operator::AtLeast, from_ms));
        self.rules.push(rule(Operator::Below, until_ms));
    }

    /// The stretch that [`Self::between`] chose, in milliseconds since 1970.
    pub fn stretch(&self, column: &str) -> Option<Range<i64>> {
        let bound = |operator| {
            let mut rules = self.rules.iter();
            let of =
                |rule: &&Rule| rule.operator == operator && rule.column.as_deref() == Some(column);
            // What is typed by hand may be on other clocks.
            let value = &rules.find(of)?.value;
            let moment = Moment::parse(value, &Reading::default()).filter(|_| value.ends_with('Z'));
            moment.map(|moment| moment.millis())
        };
        Some(bound(Operator::AtLeast)?..bound(Operator::Below)?)
    }

    pub fn anytime(&mut self, column: &str) {
        self.rules.retain(|rule| {
            let bound = matches!(rule.operator, Operator::AtLeast | Operator::Below);
            !(bound && rule.column.as_deref() == Some(column))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_survives_the_address_and_nonsense_is_none() {
        let mut all = Arrangement {
            search: "ä&?".into(),
            sort: Some(Sort {
                column: "n".into(),
                descending: true,
            }),
            marks: vec![Mark {
                rule: Rule::of("s", Operator::Null, ""),
                colour: 3,
            }],
            ..Arrangement::default()
        };
        all.add(Rule::of("s", Operator::Contains, "x"));
        all.add(Rule::of("s", Operator::Contains, "x"));
        all.columns.hide("n");
        all.look.group = true;
        assert_eq!(all.rules.len(), 1);
        assert_eq!(Arrangement::from_text(&all.to_text()), all);
        assert_eq!(Arrangement::default().to_text(), "");
        assert_eq!(Arrangement::from_text("[nonsense"), Arrangement::default());
    }

    #[test]
    fn a_stretch_of_time_replaces_the_one_before() {
        let mut all = Arrangement::default();
        all.add(Rule::of("t", Operator::Above, "2020-01-01"));
        all.between("t", 0, 1_000);
        all.between("t", 1_500, 2_000);
        let words: Vec<String> = all.rules.iter().map(Rule::words).collect();
        assert_eq!(
            words,
            [
                "t > 2020-01-01",
                "t ≥ 1970-01-01T00:00:01.500Z",
                "t < 1970-01-01T00:00:02.000Z"
            ]
        );
        assert_eq!(all.stretch("t"), Some(1_500..2_000));
        all.anytime("t");
        assert_eq!((all.rules.len(), all.stretch("t")), (1, None));
    }
}
