//! A definition in Terraform's language.

use serde_json::Value;

/// A `resource` block: fields become arguments, objects and lists their expressions, variables of
/// secrets (`${NAME}`) inputs (`var.name`) that are declared above it.
pub fn terraform(kind: &str, name: &str, value: &Value) -> String {
    let mut text = String::new();
    let mut variables = Vec::new();
    let mut body = String::new();
    if let Value::Object(fields) = value {
        for (key, field) in fields {
            body += &format!(
                "  {} = {}\n",
                identifier(key),
                expression(field, 1, &mut variables)
            );
        }
    }
    for variable in variables {
        text += &format!(
            "variable \"{variable}\" {{\n  type      = string\n  sensitive = true\n}}\n\n"
        );
    }
    text + &format!(
        "resource \"{kind}\" \"{}\" {{\n{body}}}\n",
        identifier(name)
    )
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
        Value::String(text) => match variable(text) {
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

fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
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
    fn a_block_that_terraform_reads() {
        let value = json!({
            "name": "1st out", "on": true, "n": 3, "list": [], "columns": [{"name": "a"}],
            "body": "{{.x}} ${y} %{z}\n\"q\"", "password": "${SINK_PASSWORD}"
        });
        let text = terraform("timeplus_sink", "1st out", &value);
        assert_eq!(
            text,
            "variable \"sink_password\" {\n  type      = string\n  sensitive = true\n}\n\n\
             resource \"timeplus_sink\" \"_1st_out\" {\n  \
             body = \"{{.x}} $${y} %%{z}\\n\\\"q\\\"\"\n  \
             columns = [\n    {\n      \"name\" = \"a\"\n    },\n  ]\n  \
             list = []\n  n = 3\n  name = \"1st out\"\n  on = true\n  \
             password = var.sink_password\n}\n"
        );
    }
}
