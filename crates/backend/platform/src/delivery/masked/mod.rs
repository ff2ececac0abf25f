//! What headers and addresses say of a caller, masked for whoever looks.

mod address;

use serde_json::Value;
pub use weir_code::is_secret as is_secret_name;

pub use self::address::masked_url;
use self::address::{authority, has_odd_port};

/// In the place of what is not told; sent back, it stands for what is kept.
pub const MASK: &str = "******";

/// Whether it is the mask, or an address or an object with it in the place of a secret.
pub fn is_masked(text: &str) -> bool {
    let parts = [
        format!("//{MASK}@"),
        format!("={MASK}"),
        format!("\"{MASK}\""),
        format!("/{MASK}"),
    ];
    let inside = |part: &String| {
        let mut found = text.match_indices(part.as_str());
        // More stars are somebody's own.
        found.any(|(at, _)| !text[at + part.len()..].starts_with('*'))
    };
    let user = text
        .strip_prefix(MASK)
        .is_some_and(|rest| rest.starts_with('@'));
    text == MASK || user || parts.iter().any(inside)
}

/// Words that a library or a server wrote, without what addresses in them say of a caller.
pub fn masked_words(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let start = text[at..]
            .find(|c: char| !is_end(c))
            .map_or(text.len(), |n| at + n);
        let end = word_end(text, start);
        let word = &text[start..end];
        masked.push_str(&text[at..start]);
        masked.push_str(masked_url(word).as_deref().unwrap_or(word));
        at = end;
    }
    masked
}

fn is_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')')
}

/// So far ahead a password is looked for that holds spaces, brackets or quotes.
const AHEAD: usize = 200;

fn word_end(text: &str, start: usize) -> usize {
    let from = |at: usize| text[at..].find(is_end).map_or(text.len(), |n| at + n);
    let end = from(start);
    let Some((_, rest)) = text[start..end].split_once("://") else {
        return end;
    };
    if rest.contains('@') || !has_odd_port(authority(rest)) {
        return end;
    }
    let mut ahead = text[end..].char_indices().take(AHEAD);
    match ahead.find(|(_, c)| matches!(c, '@' | '\n')) {
        Some((n, '@')) => from(end + n),
        _ => end,
    }
}

/// Values that prove nobody.
const OPEN_HEADERS: [&str; 5] = [
    "accept",
    "accept-encoding",
    "content-type",
    "content-encoding",
    "user-agent",
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

/// Names in lower case, each with its value, of an object or of its text; also of a list of pairs.
pub fn header_pairs(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), String::from)
    };
    let pair = |name: &str, value: &Value| (name.trim().to_ascii_lowercase(), text(value));
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| pair(name, value)).collect(),
        Value::Array(items) => {
            let pairs = items.iter().filter_map(|item| {
                let named = || Some((item.get("name")?.as_str()?, item.get("value")?));
                let (name, value) = match item.as_array().map(Vec::as_slice) {
                    Some([name, value]) => (name.as_str()?, value),
                    _ => named()?,
                };
                Some(pair(name, value))
            });
            pairs.collect()
        }
        Value::String(json) => match serde_json::from_str::<Value>(json) {
            Ok(inner) if inner.is_object() || inner.is_array() => header_pairs(&inner),
            _ => Vec::new(),
        },
        _ => Vec::new(),
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

/// Settings written in one text, as `name=value` with separators between.
pub fn masked_pairs(text: &str) -> String {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&');
    let masked = text.split_inclusive(separates).map(|pair| {
        let plain = pair.trim_end_matches(separates);
        match plain.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret_name(name) => {
                format!("{name}={MASK}{}", &pair[plain.len()..])
            }
            _ => pair.to_string(),
        }
    });
    masked.collect()
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
            (
                "at 'nats://u:a b(c@h:1': refused, mail x@y",
                "at 'nats://******@h:1': refused, mail x@y",
            ),
            (
                "http://a:b failed, http://u:p@c",
                "http://a:b failed, http://******@c",
            ),
            ("broker u:p@h:9092 is down", "broker ******@h:9092 is down"),
            (
                "http://host: refused, ask x@y",
                "http://host: refused, ask x@y",
            ),
            ("", ""),
        ] {
            assert_eq!(masked_words(words), masked);
        }
    }

    #[test]
    fn settings_in_one_text_keep_their_secrets() {
        assert_eq!(
            masked_pairs("security=SSL;sasl.password=a, x=1\nauth.token=b"),
            "security=SSL;sasl.password=******, x=1\nauth.token=******"
        );
        assert_eq!(masked_pairs("https://a/?b=c"), "https://a/?b=c");
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
            (
                "nats://u:p@a,nats://u:p@b:1",
                Some("nats://******@a,nats://******@b:1"),
            ),
            ("nats://u:p@a, nats://b", Some("nats://******@a, nats://b")),
            ("nats://u:p,q@a", Some("nats://******@a")),
            ("http://u:p/q?r#s@a/x", Some("http://******@a/x")),
            ("u:p@a:1", Some("******@a:1")),
            ("//u:p@a", Some("//******@a")),
            ("nats:u:p@a", Some("******@a")),
            ("http://a/?%74oken=1", Some("http://a/?%74oken=******")),
            (
                "http://a/?x=1;pass=2&y=3",
                Some("http://a/?x=1;pass=******&y=3"),
            ),
            (
                "http://a/#access_token=1",
                Some("http://a/#access_token=******"),
            ),
            ("http://a/?jwt=1", Some("http://a/?jwt=******")),
            (
                "http://a/?to=http%3A%2F%2Fu:p@b",
                Some("http://a/?to=******"),
            ),
            ("https://a/b@c", None),
            ("https://[::1]/b@c", None),
            ("https://[::1]:80/b@c", None),
            ("kafka://a:1,b:2/c@d", None),
            ("a:1,b:2", None),
            ("bob@example.com", None),
            ("at 12:00 {{ .x }}@y", None),
            ("plain", None),
        ] {
            assert_eq!(masked_url(url).as_deref(), masked, "{url}");
            assert_eq!(masked.is_some_and(is_masked), masked.is_some(), "{url}");
        }
    }
}
