//! Conditions in the page's address and in words.

use weir_api::secmaster::search::{Operator, Term};

pub(super) fn write_terms(terms: &[Term]) -> String {
    let all: Vec<[&str; 3]> = terms
        .iter()
        .map(|term| [term.field.as_str(), term.operator.as_str(), &term.value])
        .collect();
    match all.is_empty() {
        true => String::new(),
        false => serde_json::to_string(&all).unwrap_or_default(),
    }
}

pub(super) fn read_terms(text: &str) -> Vec<Term> {
    let all: Vec<[String; 3]> = serde_json::from_str(text).unwrap_or_default();
    let term = |[field, operator, value]: [String; 3]| Term {
        operator: Operator::named(&operator),
        field,
        value,
    };
    all.into_iter().map(term).collect()
}

pub(super) fn words(operator: &Operator) -> &str {
    match operator {
        Operator::Equal => "is",
        Operator::Unequal => "is not",
        Operator::Contains => "contains",
        Operator::In => "is one of (a,b)",
        Operator::NotIn => "is none of (a,b)",
        Operator::AtLeast => "is at least",
        Operator::AtMost => "is at most",
        Operator::Above => "is above",
        Operator::Below => "is below",
        Operator::Other(word) => word.as_str(),
    }
}
