//! What headers and addresses say of a caller, masked for whoever looks.

use serde_json::Value;

/// In the place of what is not told; sent back, it stands for what is kept.
pub const MASK: &str = "******";

/// Whether it is the mask, or an address or an object with it in the place of a secret.
pub fn is_masked(text: &str) -> bool {
    let parts = [
        format!("://{MASK}@"),
        format!("={MASK}"),
        format!("\"{MASK}\""),
    ];
    let inside = |part: &String| {
        let mut found = text.match_indices(part.as_str());
        // More stars are somebody's own.
        found.any(|(at, _)| !text[at + part.len()..].starts_with('*'))
    };
    text == MASK || parts.iter().any(inside)
}

/// Words that a library or a server wrote, without what addresses in them say of a caller.
pub fn masked_words(text: &str) -> String {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')');
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let start = rest[..at].rfind(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let start = start.map_or(0, |before| {
            before + rest[before..].chars().next().map_or(1, char::len_utf8)
        });
        let end = rest[at + 3..]
            .find(is_end)
            .map_or(rest.len(), |end| at + 3 + end);
        masked.push_str(&rest[..start]);
        let url = &rest[start..end];
        masked.push_str(masked_url(url).as_deref().unwrap_or(url));
        rest = &rest[end..];
    }
    masked.push_str(rest);
    masked
}

/// Values that prove nobody.
const OPEN_HEADERS: [&str; 5] = [
    "accept",
    "accept-encoding",
    "content-type",
    "content-encoding",
    "user-agent",
];

/// Words in names of parameters that prove somebody.
const TELLING: [&str; 11] = [
    "token",
    "key",
    "secret",
    "password",
    "passwd",
    "pwd",
    "sig",
    "signature",
    "auth",
    "credential",
    "code",
];

/// An object of names and values, also as its text; all else is masked whole.
pub fn masked_headers(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                if !OPEN_HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()) {
                    *value = MASK.into();
                }
            }
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner) if inner.is_object() => {
                masked_headers(&mut inner);
                *text = inner.to_string();
            }
            _ => *text = MASK.into(),
        },
        Value::Null => {}
        other => *other = MASK.into(),
    }
}

/// True where something masked was put back.
pub fn restored_headers(value: &mut Value, old: &Value) -> bool {
    if let Value::String(text) = value {
        if !text.contains(MASK) {
            return false;
        }
        let mut new = serde_json::from_str(text).unwrap_or(Value::Null);
        let held = match old {
            Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            other => other.clone(),
        };
        // What is no object was masked whole.
        if !new.is_object() {
            *value = old.clone();
            return true;
        }
        let any = restored_headers(&mut new, &held);
        *value = new.to_string().into();
        return any;
    }
    let (Value::Object(map), Value::Object(old)) = (value, old) else {
        return false;
    };
    let mut any = false;
    for (name, value) in map.iter_mut().filter(|(_, value)| *value == MASK) {
        let held = old
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((_, held)) = held {
            *value = held.clone();
            any = true;
        }
    }
    any
}

/// None where there is nothing to mask.
pub fn masked_url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map(|(_, host)| host);
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(p, q)| (p, Some(q)));
    let query = query.map(masked_query);
    let telling = query.as_ref().is_some_and(|(_, any)| *any);
    if host.is_none() && !telling {
        return None;
    }
    let user = host.map_or(String::new(), |_| format!("{MASK}@"));
    let host = host.unwrap_or(authority);
    let query = query.map_or(String::new(), |(query, _)| format!("?{query}"));
    Some(format!("{scheme}://{user}{host}{path}{query}"))
}

fn masked_query(query: &str) -> (String, bool) {
    let mut any = false;
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && tells(name) => {
            any = true;
            format!("{name}={MASK}")
        }
        _ => pair.to_string(),
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    (query, any)
}

fn tells(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

/// Where an address was only sent back it is again what it was; false where it was changed.
pub fn restored_url(text: &mut String, old: &str) -> bool {
    let same = masked_url(old).is_some_and(|masked| masked == *text);
    if same {
        *text = old.to_string();
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_no_secret_of_an_address() {
        for (words, masked) in [
            (
                "error sending to 'http://u:p@a/b?token=c': refused",
                "error sending to 'http://******@a/b?token=******': refused",
            ),
            ("nats://t@a, http://b/", "nats://******@a, http://b/"),
            (
                "http://a and (https://u:p@b)",
                "http://a and (https://******@b)",
            ),
            ("no address: //x ://", "no address: //x ://"),
            ("", ""),
        ] {
            assert_eq!(masked_words(words), masked);
        }
    }

    #[test]
    fn addresses_keep_what_proves_somebody_to_themselves() {
        for (url, masked) in [
            ("http://u:p@a:1/x", Some("http://******@a:1/x")),
            ("nats://token@a", Some("nats://******@a")),
            (
                "https://a/?api_key=1&x=2",
                Some("https://a/?api_key=******&x=2"),
            ),
            ("mongodb://u:p@@b/c@d", Some("mongodb://******@b/c@d")),
            ("https://a/b@c", None),
            ("plain", None),
        ] {
            assert_eq!(masked_url(url).as_deref(), masked, "{url}");
        }
    }
}
