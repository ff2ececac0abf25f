//! Numbers in panels: exact where they are whole, with as many digits as asked for otherwise.

use weir_live::Cell;

use super::options::Unit;

/// With thousands apart; whole numbers of any size stay exact.
pub fn words(cell: Cell<'_>, digits: Option<usize>) -> String {
    let value = cell.as_f64().filter(|_| !matches!(cell, Cell::Time(_)));
    written(cell.text(), value, digits)
}

/// A number that is known as text and, as far as a double holds it, as value.
pub fn written(text: String, value: Option<f64>, digits: Option<usize>) -> String {
    if is_whole(&text) && digits.unwrap_or(0) == 0 {
        return grouped(&text);
    }
    match value {
        Some(value) if value.is_finite() => short(value, digits),
        _ => text,
    }
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `digits` behind the point, or as many as tell something.
pub fn short(value: f64, digits: Option<usize>) -> String {
    let size = value.abs();
    if digits.is_none() && size > 0.0 && !(1e-6..1e21).contains(&size) {
        return format!("{value:.4e}");
    }
    let digits = digits.unwrap_or_else(|| match size {
        0.0 => 0,
        v if v.fract() == 0.0 && v < 1e15 => 0,
        v if v >= 100.0 => 1,
        v if v >= 1.0 => 2,
        v if v >= 1e-3 => 4,
        _ => 8,
    });
    grouped(&format!("{value:.digits$}"))
}

fn grouped(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

pub fn with_unit(text: &str, unit: &Unit) -> String {
    // A word is set apart, a sign is not.
    let space = if unit.after.starts_with(char::is_alphabetic) {
        " "
    } else {
        ""
    };
    format!("{}{text}{space}{}", unit.before, unit.after)
}

/// `+1.2`, `−0.5`, `±0`.
pub fn difference(value: f64, digits: Option<usize>) -> String {
    let size = short(value.abs(), digits);
    if size.bytes().all(|b| matches!(b, b'0' | b'.' | b',')) {
        return "±0".into();
    }
    format!("{}{size}", if value < 0.0 { '−' } else { '+' })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_and_others_short() {
        assert_eq!(
            words(Cell::UInt(u64::MAX), None),
            "18,446,744,073,709,551,615"
        );
        assert_eq!(words(Cell::Int(-1_234), None), "-1,234");
        assert_eq!(words(Cell::Int(7), Some(2)), "7.00");
        assert_eq!(words(Cell::Text("up"), Some(2)), "up");
        assert_eq!(words(Cell::Null, None), "");
        assert_eq!(
            [12.3456, 1234.56, 0.012_345, 0.0, 5.0].map(|v| short(v, None)),
            ["12.35", "1,234.6", "0.0123", "0", "5"]
        );
        assert_eq!(
            [1e-10, -2.5e-8, 1e300].map(|v| short(v, None)),
            ["1.0000e-10", "-2.5000e-8", "1.0000e300"]
        );
    }

    #[test]
    fn differences_have_a_sign() {
        assert_eq!(
            [1.25, -0.5, 0.0].map(|v| difference(v, Some(1))),
            ["+1.2", "−0.5", "±0"]
        );
    }

    #[test]
    fn words_are_set_apart_from_the_number() {
        let unit = |before: &str, after: &str| Unit {
            before: before.into(),
            after: after.into(),
        };
        assert_eq!(with_unit("5", &unit("$", "")), "$5");
        assert_eq!(with_unit("5", &unit("", "%")), "5%");
        assert_eq!(with_unit("5", &unit("", "ms")), "5 ms");
    }
}
