//! A definition in Terraform's language, as the vendors' providers take it.

mod providers;

use serde_json::Value;

use crate::secret::reference;
use providers::{Argument, RESOURCES, Shape, Type};

/// The `resource` block of a definition of this kind; `None` where the vendor's provider has no
/// resource of the kind. Variables of secrets (`${NAME}`) become inputs (`var.name`) that are
/// declared above it. Fields that the provider does not take are named in a comment.
pub fn terraform(kind: &str, name: &str, value: &Value) -> Option<String> {
    let Value::Object(fields) = value else {
        return None;
    };
    let found = RESOURCES.iter().find(|one| one.is(kind, fields))?;
    let mut variables = Vec::new();
    let mut body = String::new();
    let mut left: Vec<&str> = Vec::new();
    for (field, value) in fields {
        let argument = found.arguments.iter().find(|one| one.field == field);
        match argument {
            Some(argument) => body += &written(found, argument, value, fields, &mut variables),
            None if found.taken.contains(&field.as_str()) => {}
            None => left.push(field),
        }
    }
    let mut text = String::new();
    variables.sort();
    variables.dedup();
    for variable in variables {
        text += &format!(
            "variable \"{variable}\" {{\n  type      = string\n  sensitive = true\n}}\n\n"
        );
    }
    if !left.is_empty() {
        text += &format!("# The provider does not take: {}\n", left.join(", "));
    }
    let name = identifier(name);
    Some(text + &format!("resource \"{}\" \"{name}\" {{\n{body}}}\n", found.name))
}

type Fields = serde_json::Map<String, Value>;

fn written(
    found: &Type,
    argument: &Argument,
    value: &Value,
    fields: &Fields,
    variables: &mut Vec<String>,
) -> String {
    let name = argument.name;
    match argument.shape {
        Shape::Plain => format!("  {name} = {}\n", expression(value, 1, variables)),
        Shape::Json => format!(
            "  {name} = jsonencode({})\n",
            expression(value, 1, variables)
        ),
        Shape::Blocks => {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let blocks = items.iter().map(|item| {
                let mut body = String::new();
                for (key, field) in item.as_object().into_iter().flatten() {
                    if found.block.contains(&key.as_str()) {
                        body += &format!("    {key} = {}\n", expression(field, 2, variables));
                    }
                }
                for flag in marks(item, fields) {
                    body += &format!("    {flag} = true\n");
                }
                format!("  {name} {{\n{body}  }}\n")
            });
            blocks.collect()
        }
    }
}

/// What the vendor's API says beside the columns, and the provider in them.
fn marks(item: &Value, fields: &Fields) -> Vec<&'static str> {
    let Some(name) = item.get("name").and_then(Value::as_str) else {
        return Vec::new();
    };
    let text = |field: &str| {
        fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut marks = Vec::new();
    let keys = text("primary_key").trim_matches(['(', ')']).split(',');
    if keys.into_iter().any(|key| key.trim() == name) {
        marks.push("primary_key");
    }
    if text("event_time_column") == name {
        marks.push("use_as_event_time");
    }
    marks
}

/// Deeper than any definition is.
const DEPTH: usize = 64;

fn expression(value: &Value, depth: usize, variables: &mut Vec<String>) -> String {
    let indent = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    match value {
        _ if depth > DEPTH => "null".into(),
        Value::Null => "null".into(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => match reference(text) {
            Some(name) => {
                let name = name.to_lowercase();
                let reference = format!("var.{name}");
                variables.push(name);
                reference
            }
            None => string(text),
        },
        Value::Array(items) if items.is_empty() => "[]".into(),
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| format!("{indent}{},\n", expression(item, depth + 1, variables)));
            let items: String = items.collect();
            format!("[\n{items}{end}]")
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, field)| {
                format!(
                    "{indent}{} = {}\n",
                    string(key),
                    expression(field, depth + 1, variables)
                )
            });
            let fields: String = fields.collect();
            format!("{{\n{fields}{end}}}")
        }
    }
}

/// Templates (`${`, `%{`) in texts are not to be read as such.
fn string(text: &str) -> String {
    let json = Value::String(text.into()).to_string();
    json.replace("${", "$${").replace("%{", "%%{")
}

/// Letters, digits, `_` and `-`; begins with a letter or `_`.
fn identifier(name: &str) -> String {
    let mut all: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if !all.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        all.insert(0, '_');
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sink_as_the_provider_takes_it() {
        let value = json!({
            "name": "1st out", "type": "http", "query": "select '${y} %{z}'\n\"q\"",
            "properties": {"url": "https://x", "password": "${SINK_PASSWORD}"}, "later": 1
        });
        let text = terraform("sink", "1st out", &value).expect("a resource");
        assert_eq!(
            text,
            "variable \"sink_password\" {\n  type      = string\n  sensitive = true\n}\n\n\
             # The provider does not take: later\n\
             resource \"timeplus_sink\" \"_1st_out\" {\n  \
             name = \"1st out\"\n  \
             properties = jsonencode({\n    \"password\" = var.sink_password\n    \"url\" = \"https://x\"\n  })\n  \
             query = \"select '$${y} %%{z}'\\n\\\"q\\\"\"\n  \
             type = \"http\"\n}\n"
        );
    }

    #[test]
    fn columns_are_blocks_that_hold_key_and_event_time() {
        let value = json!({
            "name": "s", "mode": "versioned_kv", "primary_key": "(id)", "event_time_column": "at",
            "columns": [{"name": "id", "type": "int"}, {"name": "at", "type": "datetime64(3)"}],
            "logstore_retention_ms": 5, "ttl_expression": "x"
        });
        let text = terraform("stream", "s", &value).expect("a resource");
        assert!(text.contains(
            "  column {\n    name = \"id\"\n    type = \"int\"\n    primary_key = true\n  }\n"
        ));
        assert!(text.contains("use_as_event_time = true") && text.contains("retention_ms = 5"));
        assert!(text.contains("history_ttl = \"x\"") && !text.contains("does not take"));
    }

    #[test]
    fn functions_are_told_apart_and_what_no_provider_has_is_not_written() {
        let function = |kind: &str| json!({"name": "f", "type": kind, "arguments": []});
        let text = |kind| terraform("function", "f", &function(kind)).expect("a resource");
        assert!(text("javascript").contains("\"timeplus_javascript_function\""));
        assert!(text("remote").contains("\"timeplus_remote_function\""));
        assert_eq!(terraform("pipeline", "p", &json!({"name": "p"})), None);
    }
}
