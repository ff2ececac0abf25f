//! JSON without blanks, its texts and floats in one way of many.

use crate::value::float_digits;

/// `{"a": [1.50, "\\u00e9"]}` as `{"a":[1.5,"é"]}`. What is no JSON stays as it is.
pub(super) fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => text_length(rest),
            '-' | '0'..='9' => {
                let number = |c: char| matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
                rest.find(|c| !number(c)).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        rest = behind;
        match first {
            '"' => match serde_json::from_str::<String>(token) {
                Ok(text) => out.push_str(&serde_json::Value::from(text).to_string()),
                Err(_) => out.push_str(token),
            },
            '-' | '0'..='9' if token.contains(['.', 'e', 'E']) => match token.parse::<f64>() {
                Ok(number) => out.push_str(&float_digits(number)),
                Err(_) => out.push_str(token),
            },
            blank if blank.is_whitespace() => {}
            _ => out.push_str(token),
        }
    }
    out
}

/// Bytes of the text that `json` begins with.
fn text_length(json: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    json.len()
}
