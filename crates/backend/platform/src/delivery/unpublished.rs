//! Properties that no published name describes: what of them is a secret, and what of them says
//! where something goes.

use std::net::IpAddr;

use serde_json::Value;
use weir_api::property::{Map, TypeOf, is_address, words};

use super::masked::{MASK, header_pairs, is_secret_name, masked_headers, masked_url};

/// Words that name a secret only where nothing else is known of a name.
const SECRET_WORDS: &[&str] = &[
    "auth",
    "basic",
    "cred",
    "creds",
    "hmac",
    "kennwort",
    "license",
    "otp",
    "pat",
    "pin",
    "sig",
    "signature",
    "sk",
];

/// What is said of a secret and is none.
const ABOUT: &[&str] = &[
    "id",
    "type",
    "method",
    "mode",
    "mechanism",
    "timeout",
    "enabled",
    "name",
];

/// What stands before `key` where a key is no secret.
const OPEN_KEYS: &[&str] = &[
    "primary",
    "partition",
    "message",
    "order",
    "sort",
    "group",
    "public",
    "row",
    "object",
    "record",
    "field",
    "json",
    "map",
    "cache",
    "foreign",
    "dedup",
    "shard",
    "event",
];

/// How a header that proves somebody begins.
const SCHEMES: &[&str] = &[
    "basic ", "bearer ", "token ", "digest ", "splunk ", "apikey ", "aws4-",
];

/// Published texts in which a caller may sign in to the server that they are sent to.
const SIGNING_IN: &[&str] = &["open_message", "init_sql"];

/// Words of such a text that does.
const SIGNS_IN: &[&str] = &[
    "apikey",
    "auth",
    "authenticate",
    "authentication",
    "authorization",
    "authorize",
    "identified",
    "login",
];

pub(super) fn is_headers(key: &str) -> bool {
    let words = words(key);
    words
        .iter()
        .any(|word| matches!(word.as_str(), "header" | "headers"))
}

fn is_secret(key: &str) -> bool {
    let words = words(key);
    let about = words
        .last()
        .is_some_and(|word| ABOUT.contains(&word.as_str()));
    let key_alone = match words.as_slice() {
        [.., of, last] if last == "key" => !OPEN_KEYS.contains(&of.as_str()),
        [only] => only == "key",
        _ => false,
    };
    let named = words
        .iter()
        .any(|word| SECRET_WORDS.contains(&word.as_str()));
    is_secret_name(key) || key_alone || named && !about && !is_address(key)
}

/// Masks what is a secret in a property. `path` is that of `key` from the top; `inside`: it is in
/// what is a secret as a whole. JSON that was read is not deeper than its reader allows.
pub(super) fn mask(kind: &TypeOf, path: &str, key: &str, value: &mut Value, inside: bool) {
    if is_headers(key) {
        masked_headers(value);
        return;
    }
    let unpublished = kind.property(path).is_none();
    let secret = inside || unpublished && is_secret(key);
    let message = SIGNING_IN.contains(&key);
    match value {
        Value::Number(_) if secret && (inside || is_secret_name(key)) => *value = MASK.into(),
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if secret => *text = MASK.into(),
        Value::String(text) => match masked_url(text) {
            Some(masked) => *text = masked,
            None if unpublished && holds_secret(text) || message && signs_in(text) => {
                *text = MASK.into();
            }
            None => {}
        },
        Value::Array(items) => {
            // `--password`, and the next item is the password.
            let mut told = false;
            for item in items {
                let name = item.as_str().is_some_and(is_secret);
                mask(kind, path, key, item, secret || told && unpublished);
                told = name;
            }
        }
        Value::Object(map) => {
            let named = ["name", "key", "header"].iter();
            let pair = named.filter_map(|of| map.get(*of)?.as_str()).any(is_secret);
            let valued = map.keys().any(|name| name.starts_with("value"));
            for (name, item) in map {
                let told = pair && name.starts_with("value") && unpublished;
                // Beside its value, a key is a name.
                let as_if = if valued && name == "key" {
                    "name"
                } else {
                    name
                };
                mask(kind, &format!("{path}.{name}"), as_if, item, secret || told);
            }
        }
        _ => {}
    }
}

fn signs_in(text: &str) -> bool {
    let told = words(text);
    holds_secret(text) || told.iter().any(|word| SIGNS_IN.contains(&word.as_str()))
}

/// A key as text, the value of a header that proves somebody, or settings with a secret in them.
fn holds_secret(text: &str) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    if text.contains("PRIVATE KEY-----") || SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
        return true;
    }
    let in_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut rest = text;
    while let Some(start) = rest.find(in_name) {
        let name = &rest[start..];
        let end = name.find(|c| !in_name(c)).unwrap_or(name.len());
        let (name, behind) = name.split_at(end);
        rest = behind;
        let behind = behind.trim_start_matches(['"', '\'', ' ', '\t', '\\']);
        let value = behind
            .strip_prefix(['=', ':'])
            .unwrap_or(match name.starts_with('-') {
                true => behind,
                false => "",
            });
        if is_secret_name(name) && !value.trim_start().is_empty() {
            return true;
        }
    }
    false
}

/// Everything that has no published name and says where something goes, by its name or by what it
/// looks like; and headers that do, as `Host` among servers of one address.
pub(super) fn leading(kind: &TypeOf, properties: &Map) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (key, value) in properties {
        lead(kind, key, key, value, &mut found);
    }
    found.sort();
    found
}

fn lead(kind: &TypeOf, path: &str, key: &str, value: &Value, found: &mut Vec<(String, String)>) {
    if is_headers(key) {
        let all = header_pairs(value).into_iter();
        let leading = all.filter(|(name, _)| is_address(name));
        found.extend(leading.map(|(name, value)| (format!("{path}.{name}"), value)));
    }
    if kind.property(path).is_some() {
        return;
    }
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                lead(kind, &format!("{path}.{at}"), key, item, found);
            }
        }
        Value::Object(map) => {
            for (name, item) in map {
                lead(kind, &format!("{path}.{name}"), name, item, found);
            }
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if is_address(key) || looks_like_an_address(text) => {
            found.push((path.into(), text.clone()));
        }
        Value::Number(_) | Value::Bool(_) if is_address(key) => {
            found.push((path.into(), value.to_string()));
        }
        _ => {}
    }
}

/// `scheme://…`, `//host`, `user@host`, `host:port`, an address in numbers, a name with a domain;
/// also one in a list of others.
fn looks_like_an_address(text: &str) -> bool {
    let separates = |c: char| c.is_whitespace() || ",;|=\"'<>{}()".contains(c);
    let one = |part: &str| {
        let in_host = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let host = part.split('/').next().unwrap_or_default();
        let port = host.rsplit_once(':').map(|(_, port)| port);
        let port =
            port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
        let domain = host
            .trim_end_matches('.')
            .rsplit_once('.')
            .is_some_and(|(name, top)| {
                let letters = top.chars().all(char::is_alphabetic) && top.chars().count() > 1;
                !name.is_empty() && letters && host.chars().all(in_host)
            });
        let number = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        part.contains("://") || part.contains('@') || port || domain || number
    };
    text.starts_with("//") || text.starts_with("\\\\") || text.split(separates).any(one)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::property::OTHER;

    use super::*;

    fn hidden(value: &Value) -> bool {
        let mut shown = json!({"a": value});
        for (key, value) in shown.as_object_mut().expect("object") {
            mask(&OTHER, key, key, value, false);
        }
        !shown.to_string().contains("hush")
    }

    #[test]
    fn secrets_are_found_however_they_are_called_and_written() {
        for secret in [
            json!({"routingKey": "hush"}),
            json!({"privateKey": "hush"}),
            json!({"s3": {"key": "hush"}}),
            json!({"encryption_key": "hush"}),
            json!({"otp": "hush"}),
            json!({"Cookie": "hush"}),
            json!({"connection_string": "host=a;AccountKey=hush"}),
            json!({"conf": "host=a password=hush user=b"}),
            json!({"conf": "output:\n  password: hush\n"}),
            json!({"conf": "{\"password\": \"hush\"}"}),
            json!({"sasl.jaas.config": "x required username=\"u\" password=\"hush\";"}),
            json!({"pem": "-----BEGIN PRIVATE KEY-----\nhush"}),
            json!({"h": [["Authorization", "hush"]]}),
            json!({"h": [{"name": "Authorization", "value": "hush"}]}),
            json!({"h": [{"key": "X-Token", "values": ["hush"]}]}),
            json!({"how": "Bearer hush"}),
            json!({"args": ["--password", "hush"]}),
            json!({"args": "--password hush"}),
            json!({"env": ["PASSWORD=hush"]}),
            json!({"u": "https://hooks.slack.com/services/T0/B0/hush"}),
            json!({"u": "https://discord.com/api/webhooks/1/hush"}),
            json!({"u": "https://api.telegram.org/bot1:hush/sendMessage"}),
            json!({"u": "https://a.example/hook/aB3hushD4eF5gH6iJ7kL8m"}),
            json!({"u": "https://a.example/?k=hush"}),
            json!({"u": "jdbc:mysql://h/db?user=u&password=hush"}),
            json!({"open_message": "{\"action\":\"auth\",\"params\":\"hush\"}"}),
            json!({"open_message": "LOGIN hush"}),
            json!({"init_sql": "CREATE USER a IDENTIFIED BY 'hush'"}),
        ] {
            assert!(hidden(&secret), "{secret}");
        }
        for open in [
            json!({"partition_key": "hush"}),
            json!({"access_key_id": "hush"}),
            json!({"note": "the token of hush"}),
            json!({"retries": "hush"}),
            json!({"open_message": "{\"subscribe\":\"hush\"}"}),
            json!({"u": "https://a.example/hush/orders-of-2024-and-more?page=1"}),
        ] {
            assert!(!hidden(&open), "{open}");
        }
    }

    #[test]
    fn an_address_is_one_by_its_name_and_by_what_it_looks_like() {
        for named in [
            "tokenUrl",
            "token_url",
            "URL",
            "baseurl",
            "proxyHost",
            "PROXYHOST",
            "kafkaBrokers",
            "bootstrap.servers",
            "hostname",
            "skipVerify",
            "useTLS",
            "gateway",
            "dnsServer",
        ] {
            assert!(is_address(named), "{named}");
        }
        for named in [
            "security",
            "retries",
            "duration",
            "topic",
            "transport",
            "name",
        ] {
            assert!(!is_address(named), "{named}");
        }
        for text in [
            "http://a",
            "a:9092",
            "a:1,b:2",
            "10.0.0.1",
            "[::1]",
            "::1",
            "evil.example",
            "u@a",
            "//a/b",
            "\\\\a\\b",
            "evil.example/x",
            "to evil.example",
            "x=evil.example",
        ] {
            assert!(looks_like_an_address(text), "{text}");
        }
        for text in ["json", "10s", "orders v1", "1.5", "{{ .a }}", ""] {
            assert!(!looks_like_an_address(text), "{text}");
        }
    }
}
