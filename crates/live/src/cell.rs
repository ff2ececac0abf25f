use crate::{
    json,
    number::{Exact, Scaled},
    time::Time,
};

/// One value of a result, exactly as the server sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The row was shorter than the header, or is not held.
    Missing,
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    /// Float or decimal with the digits that were sent.
    Number(Scaled),
    Time(Time),
    Text(&'a str),
    /// JSON as sent: arrays, maps, tuples, json, integers over 64 bits, and any value that does
    /// not fit its column's type.
    Json(&'a str),
}

impl<'a> Cell<'a> {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    /// What a person reads; nothing for null and missing, a JSON string without its quotes.
    pub fn write_text(&self, out: &mut String) {
        match self {
            Self::Missing | Self::Null => {}
            Self::Text(text) => out.push_str(text),
            Self::Time(time) => time.write(out),
            Self::Json(token) => match inside(token) {
                Some(inside) => json::unescape(inside, out),
                None => out.push_str(token),
            },
            Self::Bool(_) | Self::Int(_) | Self::UInt(_) | Self::Number(_) => self.write_json(out),
        }
    }

    /// A JSON value; `null` for missing.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Missing | Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(itoa::Buffer::new().format(*value)),
            Self::UInt(value) => out.push_str(itoa::Buffer::new().format(*value)),
            Self::Number(value) => value.write(out),
            Self::Time(time) => {
                out.push('"');
                time.write(out);
                out.push('"');
            }
            Self::Text(text) => json::quote(text, out),
            Self::Json(token) => out.push_str(token),
        }
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    pub fn json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// The text without building it, where it is held as text: strings, and JSON that is not a
    /// string with escapes.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(token) => match inside(token) {
                Some(inside) if inside.contains('\\') => None,
                Some(inside) => Some(inside),
                None => Some(token),
            },
            _ => None,
        }
    }

    /// The nearest double of a number, also of one sent as a string (`"nan"`, wide integers);
    /// milliseconds since 1970 of a time; 0 or 1 of a bool.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Int(value) => Some(*value as f64),
            Self::UInt(value) => Some(*value as f64),
            Self::Number(value) => Some(value.to_f64()),
            Self::Time(time) => {
                let (seconds, nanos) = time.seconds();
                Some(seconds as f64 * 1e3 + f64::from(nanos) / 1e6)
            }
            Self::Json(_) => self.as_str()?.parse().ok(),
            Self::Missing | Self::Null | Self::Text(_) => None,
        }
    }

    /// A number for comparison without rounding; `None` also for `"nan"`.
    pub fn as_exact(&self) -> Option<Exact<'a>> {
        match self {
            Self::Int(value) => Some(Exact::Int(i128::from(*value))),
            Self::UInt(value) => Some(Exact::Int(i128::from(*value))),
            Self::Number(value) => Some(Exact::Scaled(*value)),
            Self::Json(_) => Exact::parse(self.as_str()?),
            _ => None,
        }
    }

    /// Milliseconds since 1970-01-01 UTC of a time.
    pub fn as_millis(&self) -> Option<i64> {
        match self {
            Self::Time(time) => Some(time.millis()),
            _ => None,
        }
    }
}

/// What stands between the quotes of a JSON string.
fn inside(token: &str) -> Option<&str> {
    token.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_json_of_every_kind() {
        let number = Scaled {
            mantissa: -150,
            scale: 2,
        };
        let time = Time::parse(b"2023-02-01T01:02:03.4Z").expect("time");
        for (cell, text, json) in [
            (Cell::Missing, "", "null"),
            (Cell::Null, "", "null"),
            (Cell::Bool(true), "true", "true"),
            (
                Cell::Int(i64::MIN),
                "-9223372036854775808",
                "-9223372036854775808",
            ),
            (
                Cell::UInt(u64::MAX),
                "18446744073709551615",
                "18446744073709551615",
            ),
            (Cell::Number(number), "-1.50", "-1.50"),
            (
                Cell::Time(time),
                "2023-02-01T01:02:03.4Z",
                "\"2023-02-01T01:02:03.4Z\"",
            ),
            (Cell::Text("a\"b\n"), "a\"b\n", r#""a\"b\n""#),
            (Cell::Json(r#""n\"an""#), "n\"an", r#""n\"an""#),
            (Cell::Json("[1, 2]"), "[1, 2]", "[1, 2]"),
        ] {
            assert_eq!((cell.text().as_str(), cell.json().as_str()), (text, json));
        }
    }

    #[test]
    fn numbers_sent_as_strings_are_numbers() {
        assert_eq!(Cell::Json("\"-inf\"").as_f64(), Some(f64::NEG_INFINITY));
        assert!(Cell::Json("\"nan\"").as_f64().is_some_and(f64::is_nan));
        assert!(Cell::Json("\"nan\"").as_exact().is_none());
        assert_eq!(Cell::Json("1e3").as_f64(), Some(1000.0));
        let wide = Cell::Json("\"340282366920938463463374607431768211455\"").as_exact();
        let one_less = Exact::parse("340282366920938463463374607431768211454");
        let order = wide.zip(one_less).map(|(a, b)| a.compare(&b));
        assert_eq!(order, Some(std::cmp::Ordering::Greater));
    }
}
