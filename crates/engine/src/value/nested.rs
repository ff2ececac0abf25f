//! Order of arrays and tuples in JSON text: element by element.

use std::cmp::Ordering;

use serde_json::value::RawValue;

/// Numbers in their order, texts by bytes, null last; of two of which one begins the other the
/// shorter first.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    match (rank(left), rank(right)) {
        (Rank::Items, Rank::Items) => items(left, right),
        (Rank::Text, Rank::Text) => match (string(left), string(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left.cmp(right),
        },
        (Rank::Number, Rank::Number) => numbers(left, right),
        (a, b) if a == b => left.cmp(right),
        (a, b) => a.cmp(&b),
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number,
    Text,
    Items,
    Other,
    Null,
}

fn rank(json: &str) -> Rank {
    match json.as_bytes().first() {
        Some(b'[') => Rank::Items,
        Some(b'"') => Rank::Text,
        Some(b'-' | b'0'..=b'9') => Rank::Number,
        Some(b'n') => Rank::Null,
        _ => Rank::Other,
    }
}

fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn items(left: &str, right: &str) -> Ordering {
    let parsed = |json| serde_json::from_str::<Vec<&RawValue>>(json).ok();
    let (Some(left), Some(right)) = (parsed(left), parsed(right)) else {
        return left.cmp(right);
    };
    left.iter()
        .zip(&right)
        .map(|(a, b)| compare(a.get(), b.get()))
        .find(|found| *found != Ordering::Equal)
        .unwrap_or_else(|| left.len().cmp(&right.len()))
}

fn numbers(left: &str, right: &str) -> Ordering {
    let exponent = |json: &str| json.contains(['e', 'E']);
    if !exponent(left) && !exponent(right) {
        return super::wide::compare(left, right);
    }
    let number = |json: &str| json.parse().unwrap_or(f64::NAN);
    number(left).total_cmp(&number(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_compared_one_by_one_and_not_as_text() {
        let order = |left, right| compare(left, right);
        assert_eq!(order("[1,9]", "[1,10]"), Ordering::Less);
        assert_eq!(order("[-2]", "[-1]"), Ordering::Less);
        assert_eq!(order("[1e20]", "[5]"), Ordering::Greater);
        assert_eq!(order(r#"["b"]"#, r#"["a",1]"#), Ordering::Greater);
        assert_eq!(order("[1]", "[1,0]"), Ordering::Less);
        assert_eq!(order("[null]", "[3]"), Ordering::Greater);
        assert_eq!(order("[1.50]", "[1.5]"), Ordering::Equal);
    }
}
