//! What is looked for among data objects.

use serde::{Deserialize, Serialize};

use crate::{lenient::or_default, word::words};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Search {
    #[serde(deserialize_with = "or_default")]
    pub limit: u32,
    /// Of records.
    #[serde(deserialize_with = "or_default")]
    pub offset: u32,
    /// `create_time` or `update_time`.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub sort_by: String,
    /// `DESC` or `ASC`.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub order: String,
    /// RFC 3339.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub from_date: String,
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub to_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// Named expressions, and how their names are combined: `["a", "and", "b"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Named>,
    #[serde(deserialize_with = "or_default")]
    pub logics: Vec<String>,
}

/// `data` is field, operator and value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    pub name: String,
    pub data: Vec<String>,
}

words! {
    /// How a field is compared.
    #[derive(Default)]
    pub enum Operator {
        #[default]
        Equal = "=",
        Unequal = "!=",
        Contains = "contains",
        /// One of a list with commas.
        In = "in",
        NotIn = "not in",
        AtLeast = ">=",
        AtMost = "<=",
        Above = ">",
        Below = "<",
    }
}

impl Operator {
    pub const ALL: [Self; 9] = [
        Self::Equal,
        Self::Unequal,
        Self::Contains,
        Self::In,
        Self::NotIn,
        Self::AtLeast,
        Self::AtMost,
        Self::Above,
        Self::Below,
    ];

    /// However it is written; one that is not known stays as it is.
    pub fn named(name: &str) -> Self {
        match Self::from(name.to_lowercase().as_str()) {
            Self::Other(_) => name.into(),
            known => known,
        }
    }
}

/// One thing that has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// A path into the object.
    pub field: String,
    pub operator: Operator,
    pub value: String,
}

impl Condition {
    /// All terms have to hold; none: nothing to ask for.
    pub fn all_of(terms: &[Term]) -> Option<Self> {
        let mut condition = Self::default();
        for term in terms {
            // Names are given once each.
            let taken = condition.conditions.iter();
            let times = taken.filter(|named| named.data.first() == Some(&term.field));
            let name = match times.count() {
                0 => term.field.clone(),
                n => format!("{}_{}", term.field, n + 1),
            };
            if !condition.logics.is_empty() {
                condition.logics.push("and".into());
            }
            condition.logics.push(name.clone());
            condition.conditions.push(Named {
                name,
                data: vec![
                    term.field.clone(),
                    term.operator.as_str().into(),
                    term.value.clone(),
                ],
            });
        }
        Some(condition).filter(|condition| !condition.conditions.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_asks_for_nothing() {
        let asked = r#"{"limit":null,"offset":null,"sort_by":null,"order":null,"from_date":null,
            "to_date":null,"condition":{"conditions":null,"logics":null}}"#;
        let search: Search = serde_json::from_str(asked).expect("a search");
        let nothing = Search {
            condition: Some(Condition::default()),
            ..Search::default()
        };
        assert_eq!(search, nothing);
    }

    #[test]
    fn terms_are_written_as_the_vendor_does() {
        let term = |field: &str, operator, value: &str| Term {
            field: field.into(),
            operator,
            value: value.into(),
        };
        assert_eq!(Condition::all_of(&[]), None);
        let condition = Condition::all_of(&[
            term("severity", Operator::In, "Tips,Low"),
            term("count", Operator::AtLeast, "3"),
            term("count", Operator::AtMost, "9"),
        ]);
        let json = serde_json::to_value(condition).expect("JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "conditions": [
                    {"name": "severity", "data": ["severity", "in", "Tips,Low"]},
                    {"name": "count", "data": ["count", ">=", "3"]},
                    {"name": "count_2", "data": ["count", "<=", "9"]},
                ],
                "logics": ["severity", "and", "count", "and", "count_2"],
            })
        );
    }
}
