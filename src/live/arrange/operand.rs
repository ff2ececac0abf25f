//! What a person writes beside a test, as the column's type spells it.

use std::{borrow::Cow, net::IpAddr};

use weir_api::DataType;
use weir_live::{Exact, Moment, Reading};

use super::Operator;
use crate::text::pasted;

pub const NO_TIME: &str = "Not a time. Enter 2026-03-29 23:00, with an offset or zone if it differs from the one shown; Unix seconds; or now - 1h.";
pub const NO_NUMBER: &str =
    "Not a number. Enter 1500.5 or 1.5e3, with a decimal point and no thousands separators.";
const NO_BOOL: &str = "Enter true or false.";
const NO_DOCUMENT: &str = "Enter it as a cell shows it, for example [1,2] or {\"k\":1}.";
const NO_UUID: &str = "Not a UUID. Enter for example 61f0c404-5cb3-11e7-907b-a6006ad3dba0.";
const NO_ADDRESS: &str = "Not an address. Enter for example 10.0.0.1 or 2001:db8::1.";

/// The operand of a test that compares with values of `data_type`; the error says what to write.
pub fn spelled<'a>(
    value: &'a str,
    data_type: &DataType,
    operator: Operator,
    reading: &Reading,
) -> Result<Cow<'a, str>, &'static str> {
    let text = pasted(value);
    let fits = match data_type.inner() {
        DataType::Bool => return bool_of(&text).map(Cow::Borrowed).ok_or(NO_BOOL),
        // A part of one is enough to order by.
        DataType::Uuid if operator.orders() => return Ok(text.to_ascii_lowercase().into()),
        DataType::Uuid => return uuid_of(&text).map(Cow::Owned).ok_or(NO_UUID),
        kind @ (DataType::Ipv4 | DataType::Ipv6) => {
            let address = address_of(&text, *kind == DataType::Ipv4);
            return address.map(Cow::Owned).ok_or(NO_ADDRESS);
        }
        DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_)
            if !text.starts_with(['[', '{', '(']) =>
        {
            Err(NO_DOCUMENT)
        }
        _ if data_type.is_time() && Moment::parse(&text, reading).is_none() => Err(NO_TIME),
        _ if data_type.is_numeric() && !is_number(&text, operator) => Err(NO_NUMBER),
        _ if data_type.is_time() || data_type.is_numeric() => Ok(()),
        // Blanks and characters without width are part of a text.
        _ => return Ok(Cow::Borrowed(value)),
    };
    fits.map(|()| text)
}

/// With and without hyphens, in braces or as an URN.
fn uuid_of(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_prefix("urn:uuid:").unwrap_or(&text);
    let bare = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let digits = bare.unwrap_or(text).replace('-', "");
    let fits = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    fits.then(|| parts.map(|(from, to)| &digits[from..to]).join("-"))
}

/// Of the column's version: addresses of version 4 have one in version 6.
fn address_of(text: &str, four: bool) -> Option<String> {
    Some(match (text.parse::<IpAddr>().ok()?, four) {
        (IpAddr::V4(address), true) => address.to_string(),
        (IpAddr::V6(address), true) => address.to_ipv4_mapped()?.to_string(),
        (IpAddr::V4(address), false) => address.to_ipv6_mapped().to_string(),
        (IpAddr::V6(address), false) => address.to_string(),
    })
}

fn bool_of(text: &str) -> Option<&'static str> {
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1"]) {
        Some("true")
    } else {
        is(["false", "0"]).then_some("false")
    }
}

fn is_number(text: &str, operator: Operator) -> bool {
    let nan = text.parse().is_ok_and(f64::is_nan);
    Exact::parse(text).is_some() || (nan && !operator.orders())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(data_type: &str, value: &'a str) -> Result<Cow<'a, str>, &'static str> {
        let data_type = DataType::parse(data_type).expect("a type");
        spelled(value, &data_type, Operator::Equals, &Reading::default())
    }

    #[test]
    fn other_spellings_of_a_value_are_that_value() {
        for (data_type, value, expected) in [
            ("bool", "TRUE", "true"),
            ("nullable(bool)", " 0 ", "false"),
            (
                "uuid",
                "61F0C404-5CB3-11E7-907B-A6006AD3DBA0",
                "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
            ),
            (
                "uuid",
                "{61f0c4045cb311e7907ba6006ad3dba0}",
                "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
            ),
            ("ipv4", "10.0.0.1\u{a0}", "10.0.0.1"),
            ("ipv4", "::ffff:10.0.0.1", "10.0.0.1"),
            ("ipv6", "10.0.0.1", "::ffff:10.0.0.1"),
            ("ipv6", "2001:DB8:0:0::1", "2001:db8::1"),
            ("int64", "\u{feff}1001\u{200b}", "1001"),
            ("datetime", "2026-03-29\u{a0}02:00", "2026-03-29 02:00"),
            ("datetime", "2026-03-29\u{202f}02:00\t", "2026-03-29 02:00"),
            ("array(int8)", "[1, 2]", "[1, 2]"),
            ("string", " a\u{a0}b ", " a\u{a0}b "),
            ("json", "a", "a"),
        ] {
            assert_eq!(of(data_type, value).as_deref(), Ok(expected), "{data_type}");
        }
    }

    #[test]
    fn what_no_value_can_be_is_refused() {
        for (data_type, value, expected) in [
            ("bool", "yes", NO_BOOL),
            ("bool", "", NO_BOOL),
            ("float64", "1,5", NO_NUMBER),
            ("int64", "1 001", NO_NUMBER),
            ("datetime", "yesterday", NO_TIME),
            ("array(string)", "a", NO_DOCUMENT),
            ("map(string, int8)", "k", NO_DOCUMENT),
            ("ipv4", "10.0.0", NO_ADDRESS),
            ("ipv4", "2001:db8::1", NO_ADDRESS),
            ("uuid", "nope", NO_UUID),
            ("uuid", "61f0c404-5cb3-11e7-907b", NO_UUID),
        ] {
            assert_eq!(of(data_type, value), Err(expected), "{data_type} {value}");
        }
    }
}
