//! How an answer is written: JSON, or XML where `Format=XML` asks for it.

use axum::{
    Json,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::parameters::Parameters;

/// As the vendor's clients compare it.
const XML: &str = "text/xml;charset=utf-8";

pub(super) enum Form {
    Json,
    /// With the operation, which names the outermost element.
    Xml(String),
}

impl Form {
    pub(super) fn of(head: &Parts, body: &[u8]) -> Self {
        let parameters = Parameters::of(head, body);
        match parameters.get("Format") {
            Some(form) if form.eq_ignore_ascii_case("xml") => {
                Self::Xml(parameters.text("Action").to_owned())
            }
            _ => Self::Json,
        }
    }

    pub(super) fn answer(&self, status: StatusCode, body: Value) -> Response {
        match self {
            Self::Json => (status, Json(body)).into_response(),
            Self::Xml(action) => {
                let name = match status.is_success() {
                    true => format!("{action}Response"),
                    false => "Error".to_owned(),
                };
                let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
                write(&mut text, &name, &body);
                (status, [(header::CONTENT_TYPE, XML)], text).into_response()
            }
        }
    }
}

/// A list is its element as often as it has items. Values are what operations answer, so that they
/// are not deep.
fn write(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        for item in items {
            write(text, name, item);
        }
        return;
    }
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                write(text, name, value);
            }
        }
        Value::String(words) => escape(text, words),
        Value::Null => {}
        other => text.push_str(&other.to_string()),
    }
    text.push_str(&format!("</{name}>"));
}

fn escape(text: &mut String, words: &str) {
    for c in words.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            // XML 1.0 has no way to write other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\r' | '\t') => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_repeat_their_element_and_text_is_escaped() {
        let mut text = String::new();
        let body = json!({"Success": true, "Data": {"Apis": [{"Name": "a<b&c"}, {"Name": null}]}});
        write(&mut text, "XResponse", &body);
        assert_eq!(
            text,
            "<XResponse><Data><Apis><Name>a&lt;b&amp;c</Name></Apis><Apis><Name></Name></Apis>\
             </Data><Success>true</Success></XResponse>"
        );
    }
}
