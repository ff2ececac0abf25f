//! Lines as each kind of endpoint takes them.

use serde_json::{Value, value::RawValue};

pub(super) enum Shape {
    /// The format around the lines, and what is between them.
    Lines { format: String, separator: String },
    /// `_bulk` of Elasticsearch.
    Bulk,
    /// Events of Splunk, one after the other.
    Events,
    /// A JSON array.
    Array,
}

impl Shape {
    pub(super) fn body(&self, lines: &[String]) -> String {
        match self {
            Self::Lines { format, separator } => format.replace("$dataset", &lines.join(separator)),
            Self::Bulk => {
                let mut body = String::new();
                for line in lines {
                    body.push_str("{\"create\":{}}\n");
                    body.push_str(&record(line, "message"));
                    body.push('\n');
                }
                body
            }
            Self::Events => lines
                .iter()
                .map(|line| format!("{{\"event\":{}}}", value(line)))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::Array => {
                let records: Vec<String> =
                    lines.iter().map(|line| record(line, "message")).collect();
                format!("[{}]", records.join(","))
            }
        }
    }
}

/// A line that is JSON as it is, another one as a text.
fn value(line: &str) -> String {
    match serde_json::from_str::<&RawValue>(line) {
        Ok(json) if !json.get().contains('\n') => json.get().to_string(),
        Ok(json) => serde_json::from_str::<Value>(json.get())
            .unwrap_or_default()
            .to_string(),
        // Text can always be written as JSON.
        Err(_) => serde_json::to_string(line).unwrap_or_default(),
    }
}

/// The same, inside of an object where it is none.
fn record(line: &str, name: &str) -> String {
    let value = value(line);
    match value.starts_with('{') {
        true => value,
        false => format!("{{\"{name}\":{value}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(all: &[&str]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_shape_is_what_its_server_reads() {
        let lines = lines(&[r#"{"a":1}"#, "x \"y\""]);
        let standard = Shape::Lines {
            format: "<$dataset>".into(),
            separator: "|".into(),
        };
        assert_eq!(standard.body(&lines), r#"<{"a":1}|x "y">"#);
        assert_eq!(
            Shape::Bulk.body(&lines),
            "{\"create\":{}}\n{\"a\":1}\n{\"create\":{}}\n{\"message\":\"x \\\"y\\\"\"}\n"
        );
        assert_eq!(
            Shape::Events.body(&lines),
            "{\"event\":{\"a\":1}}\n{\"event\":\"x \\\"y\\\"\"}"
        );
        assert_eq!(
            Shape::Array.body(&lines),
            r#"[{"a":1},{"message":"x \"y\""}]"#
        );
        assert_eq!(value("{\"a\":\n1}"), r#"{"a":1}"#);
    }
}
