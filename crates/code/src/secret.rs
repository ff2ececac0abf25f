//! Secrets never become code: their place is named instead.

use serde_json::Value;

/// Parts of names that hold secrets, in lower case.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "access_key",
    "accesskey",
    "private_key",
    "auth_key",
    "shared_access",
    "sas",
    "authorization",
    "credential",
    "http_header",
    "headers",
];

/// Whether a field of this name holds a secret. Ids of keys are none.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    let id = name.ends_with("_id") || name.ends_with("_url") || name.ends_with("_type");
    !id && NAMES.iter().any(|part| match *part {
        // Short enough to be a part of other words.
        "sas" => name.split(['_', '-', '.']).any(|word| word == "sas"),
        part => name.contains(part),
    })
}

/// Replaces every secret by the name of a variable that has to hold it, for example
/// `${SINK_ORDERS_PASSWORD}`, and says which. Empty ones stay as they are.
pub fn mask(prefix: &str, value: &mut Value) -> Vec<String> {
    let mut names = Vec::new();
    walk(prefix, value, &mut names, 0);
    names
}

/// Deeper than any definition is; what lies deeper is left out.
const DEPTH: usize = 64;

fn walk(path: &str, value: &mut Value, names: &mut Vec<String>, depth: usize) {
    if depth > DEPTH {
        *value = Value::Null;
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = format!("{path}_{name}");
                let empty = matches!(field, Value::Null | Value::Bool(_))
                    || field.as_str().is_some_and(str::is_empty);
                if is_secret(name) && !empty {
                    let variable = variable(&path);
                    *field = Value::String(format!("${{{variable}}}"));
                    names.push(variable);
                } else {
                    walk(&path, field, names, depth + 1);
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                walk(&format!("{path}_{at}"), item, names, depth + 1);
            }
        }
        _ => {}
    }
}

/// A name that shells take.
fn variable(path: &str) -> String {
    let letters = path.chars().map(|c| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_at_any_depth_become_variables_and_nothing_else_does() {
        let mut value = json!({
            "name": "orders",
            "properties": {"password": "hunter2", "username": "u", "client_secret": "x"},
            "endpoints": [{"api_key": "k", "api_key_id": "k1", "token_url": "https://t"}],
            "token": ""
        });
        let names = mask("sink", &mut value);
        assert_eq!(
            names,
            [
                "SINK_ENDPOINTS_0_API_KEY",
                "SINK_PROPERTIES_CLIENT_SECRET",
                "SINK_PROPERTIES_PASSWORD"
            ]
        );
        let text = value.to_string();
        assert!(!text.contains("hunter2") && text.contains("${SINK_PROPERTIES_PASSWORD}"));
        assert!(text.contains(r#""username":"u""#) && text.contains(r#""api_key_id":"k1""#));
        assert!(text.contains(r#""token_url":"https://t""#) && text.contains(r#""token":"""#));
    }

    #[test]
    fn names_that_only_look_alike_are_no_secrets() {
        for name in [
            "sasl_mechanism",
            "access_key_id",
            "columns",
            "oauth_token_url",
            "key",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        for name in [
            "sasl_password",
            "SecretKey",
            "x-api-key",
            "Authorization",
            "sas_token",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }
}
