//! Secrets never become code: their place is named instead.

use serde_json::Value;
use weir_api::{azion::endpoint, property::words, timeplus::types};

/// What servers and forms put in the place of a secret that they do not tell.
pub const WITHHELD: &str = "******";

/// Parts of names that hold secrets, in lower case.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "access_key",
    "accesskey",
    "private_key",
    "auth_key",
    "auth_value",
    "key_value",
    "routing_key",
    "integration_key",
    "client_key",
    "service_account",
    "shared_access",
    "sas",
    "pass",
    "pwd",
    "authorization",
    "credential",
    "auth_params",
    "dsn",
    "jwt",
    "seed",
    "shared_key",
    "webhook",
    "http_header",
    "headers",
    "account_key",
    "encryption_key",
    "signing_key",
    "connection_string",
    "connectionstring",
    "passcode",
    "bearer",
    "cookie",
    "mnemonic",
];

/// Fields whose text is SQL or code: assignments in it are no settings.
const CODE: &[&str] = &[
    "query",
    "sql",
    "trigger_sql",
    "resolve_sql",
    "source",
    "viz_content",
    "content",
];

/// Whether a field of this name holds a secret. Ids of keys are none.
pub fn is_secret(name: &str) -> bool {
    let name = words(name).join("_");
    let id = name.ends_with("_id") || name.ends_with("_type");
    let address = name.ends_with("_url") && !name.contains("webhook");
    !id && !address
        && NAMES.iter().any(|part| match *part {
            // Short enough to be a part of other words.
            "sas" | "pass" | "pwd" => name.split('_').any(|word| word == *part),
            part => name.contains(part),
        })
}

/// A secret that was taken out, and the variable in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// For example `SINK_ORDERS_PASSWORD`; stands as `${SINK_ORDERS_PASSWORD}`.
    pub variable: String,
    pub secret: String,
}

/// Replaces every secret by the name of a variable that has to hold it, and says which. Empty ones
/// stay as they are. Looks at names of fields, at pairs of `key` and `value`, at passwords and
/// parameters of addresses, and at settings written as `name=value`.
pub fn mask(prefix: &str, value: &mut Value) -> Vec<Masked> {
    let mut found = Vec::new();
    walk(prefix, value, &mut found, false, &[], 0);
    found
}

/// Deeper than any definition is; what lies deeper is left out.
const DEPTH: usize = 64;

/// Keys that hold secrets for the type that `fields` names: addresses of some types prove who calls.
fn of_type(fields: &serde_json::Map<String, Value>) -> Vec<&'static str> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let settings = fields.get("settings").and_then(Value::as_array);
    let set = settings
        .into_iter()
        .flatten()
        .find(|one| one["key"] == "type");
    let set = set.and_then(|one| one["value"].as_str());
    let Some(name) = text("type").or(text("action")).or(set) else {
        return Vec::new();
    };
    let tables = [
        types::sources::TYPES,
        types::sinks::TYPES,
        types::external_streams::TYPES,
        types::external_tables::TYPES,
        types::alert_actions::TYPES,
        endpoint::TYPES,
    ];
    let kinds = tables.into_iter().flatten().filter(|one| one.name == name);
    kinds.flat_map(|one| one.secrets()).collect()
}

/// `known` are names that hold secrets besides those that look so.
fn walk(
    path: &str,
    value: &mut Value,
    found: &mut Vec<Masked>,
    secret: bool,
    known: &[&str],
    depth: usize,
) {
    if depth > DEPTH {
        *value = Value::Null;
        return;
    }
    match value {
        Value::Object(fields) => {
            let pair = fields.get("key").and_then(Value::as_str);
            let pair = pair.map(str::to_owned);
            let of_type = of_type(fields);
            let known = if of_type.is_empty() { known } else { &of_type };
            for (name, field) in fields {
                let named = match (&pair, name.as_str()) {
                    (Some(key), "value") => key.clone(),
                    _ => name.clone(),
                };
                if CODE.contains(&named.as_str()) && !secret {
                    continue;
                }
                let path = format!("{path}_{named}");
                let secret = secret || is_secret(&named) || known.contains(&named.as_str());
                walk(&path, field, found, secret, known, depth + 1);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                let path = format!("{path}_{at}");
                walk(&path, item, found, secret, known, depth + 1);
            }
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if secret || text == WITHHELD => {
            *text = take(path, std::mem::take(text), found);
        }
        Value::Number(number) if secret => *value = take(path, number.to_string(), found).into(),
        Value::String(text) => within(path, text, found),
        _ => {}
    }
}

fn take(path: &str, secret: String, found: &mut Vec<Masked>) -> String {
    let variable = variable(path);
    let reference = format!("${{{variable}}}");
    found.push(Masked { variable, secret });
    reference
}

/// A password before the host of an address, and parameters or settings with names of secrets.
fn within(path: &str, text: &mut String, found: &mut Vec<Masked>) {
    if let Some((scheme, rest)) = text.split_once("://") {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let user = rest[..end].rfind('@').map(|at| &rest[..at]);
        if let Some((name, password)) = user.and_then(|user| user.split_once(':'))
            && !password.is_empty()
        {
            let tail = &rest[name.len() + 1 + password.len()..];
            let masked = take(&format!("{path}_password"), password.into(), found);
            *text = format!("{scheme}://{name}:{masked}{tail}");
        }
    }
    let address = text.contains("://");
    if text.contains(char::is_whitespace) || !text.contains('=') {
        return;
    }
    let mut all = String::new();
    for part in text.split_inclusive(['?', '&', ';', ',', '#']) {
        let sign = part.chars().last().filter(|c| "?&;,#".contains(*c));
        let body = part.trim_end_matches(['?', '&', ';', ',', '#']);
        match body.split_once('=') {
            Some((name, secret)) if !secret.is_empty() && is_setting(name, address) => {
                let masked = take(&format!("{path}_{name}"), secret.into(), found);
                all += &format!("{name}={masked}");
            }
            _ => all += body,
        }
        all.extend(sign);
    }
    *text = all;
}

/// In addresses shorter names are usual.
fn is_setting(name: &str, address: bool) -> bool {
    let short = ["key", "sig", "signature", "code", "pwd"];
    is_secret(name) || address && short.contains(&name.to_lowercase().as_str())
}

/// A name that shells take.
fn variable(path: &str) -> String {
    let letters = path.chars().map(|c| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    });
    letters.collect()
}

/// The name in `${NAME}`, where that is all of the text.
pub fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.is_empty() && name.bytes().all(in_name)).then_some(name)
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

/// Names of all variables in the texts of `value`, each once and in their order.
pub fn variables(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    texts(value, 0, &mut |text| {
        for part in text.split("${").skip(1) {
            let name = part.split('}').next().unwrap_or_default();
            let whole = part.len() > name.len() && !name.is_empty() && name.bytes().all(in_name);
            if whole && names.iter().all(|known| known != name) {
                names.push(name.into());
            }
        }
    });
    names
}

fn texts(value: &Value, depth: usize, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) if depth < DEPTH => {
            for item in items {
                texts(item, depth + 1, visit);
            }
        }
        Value::Object(fields) if depth < DEPTH => {
            for field in fields.values() {
                texts(field, depth + 1, visit);
            }
        }
        _ => {}
    }
}

/// Puts what the variables hold in their places. Those without a value stay.
pub fn fill(value: &mut Value, held: &dyn Fn(&str) -> Option<String>) {
    let names = variables(value);
    let given: Vec<(String, String)> = names
        .into_iter()
        .filter_map(|name| held(&name).map(|secret| (format!("${{{name}}}"), secret)))
        .collect();
    fill_in(value, &given, 0);
}

fn fill_in(value: &mut Value, given: &[(String, String)], depth: usize) {
    match value {
        Value::String(text) => {
            for (reference, secret) in given {
                if text.contains(reference) {
                    *text = text.replace(reference, secret);
                }
            }
        }
        Value::Array(items) if depth < DEPTH => {
            for item in items {
                fill_in(item, given, depth + 1);
            }
        }
        Value::Object(fields) if depth < DEPTH => {
            for field in fields.values_mut() {
                fill_in(field, given, depth + 1);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(mut value: Value) -> (Vec<String>, Value) {
        let names = mask("sink", &mut value);
        (names.into_iter().map(|one| one.variable).collect(), value)
    }

    #[test]
    fn secrets_at_any_depth_become_variables_and_nothing_else_does() {
        let (names, value) = masked(json!({
            "name": "orders",
            "properties": {"password": "hunter2", "username": "u", "client_secret": "x"},
            "endpoints": [{"api_key": "k", "api_key_id": "k1", "token_url": "https://t"}],
            "token": ""
        }));
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
    fn secrets_are_found_in_pairs_addresses_settings_and_headers() {
        let (names, value) = masked(json!({
            "settings": [{"key": "password", "value": "a1"}, {"key": "address", "value": "h:1"}],
            "url": "https://u:b2@h/x?sig=c3&page=1",
            "config": "security.protocol=SASL_SSL;sasl.password=d4",
            "http_header": {"X-Any": "e5"},
            "other": "******",
            "query": "select token='f6' from s"
        }));
        let text = value.to_string();
        for secret in ["a1", "b2", "c3", "d4", "e5", "******"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        for kept in ["h:1", "page=1", "security.protocol=SASL_SSL;", "token='f6'"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        assert_eq!(names.len(), 6, "{names:?}");
    }

    #[test]
    fn every_secret_that_the_tables_of_types_know_is_one() {
        for (table, field) in [
            (types::sources::TYPES, "type"),
            (types::sinks::TYPES, "type"),
            (types::alert_actions::TYPES, "action"),
        ] {
            for kind in table {
                for key in kind.secrets() {
                    let (_, value) =
                        masked(json!({field: kind.name, "properties": {key: "s3cret"}}));
                    assert!(!value.to_string().contains("s3cret"), "{value}");
                }
            }
        }
        for kind in types::external_streams::TYPES
            .iter()
            .chain(types::external_tables::TYPES)
        {
            for key in kind.secrets() {
                let set = |key: &str, value: &str| json!({"key": key, "value": value});
                let (_, value) =
                    masked(json!({"settings": [set("type", kind.name), set(key, "s3cret")]}));
                assert!(!value.to_string().contains("s3cret"), "{value}");
            }
        }
    }

    #[test]
    fn names_that_only_look_alike_are_no_secrets() {
        for name in [
            "sasl_mechanism",
            "access_key_id",
            "columns",
            "oauth_token_url",
            "tokenUrl",
            "accessKeyId",
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
            "routingKey",
            "privateKey",
            "PRIVATE-KEY",
            "sasl.client.PassWord",
            "connectionString",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_was_masked_can_be_filled_in_again() {
        let whole = json!({"a": {"password": "p1"}, "url": "nats://u:p2@h", "n": 1});
        let mut value = whole.clone();
        let found = mask("x", &mut value);
        assert_eq!(variables(&value), ["X_A_PASSWORD", "X_URL_PASSWORD"]);
        fill(&mut value, &|name| {
            let one = found.iter().find(|one| one.variable == name)?;
            Some(one.secret.clone())
        });
        assert_eq!(value, whole);
        assert_eq!(reference("${A_1}"), Some("A_1"));
        assert_eq!([reference("${a}"), reference("${A}b")], [None, None]);
    }
}
