//! Order of decimal digits in text, without parsing them.

use std::cmp::Ordering;

/// Numeric order of canonical decimals (`-12.50`). Text that is not one sorts like its digits.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (None, None) => magnitude(left, right),
        (Some(left), Some(right)) => magnitude(right, left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

fn magnitude(left: &str, right: &str) -> Ordering {
    let (left, left_fraction) = left.split_once('.').unwrap_or((left, ""));
    let (right, right_fraction) = right.split_once('.').unwrap_or((right, ""));
    let whole = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
    whole.then_with(|| {
        left_fraction
            .trim_end_matches('0')
            .cmp(right_fraction.trim_end_matches('0'))
    })
}
