//! What is kept and not sent back. A secret stays with the address it was entered for.

use serde_json::Value;
use weir_api::property::{Map, TypeOf, is_address};

use super::{
    masked::{MASK, is_masked, restored_headers, restored_url},
    unpublished::{is_headers, leading, mask},
};

/// Why a secret has to be entered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretError {
    /// The kept one of `key` was to go with another `address`.
    Moved { key: String, address: String },
    /// The mask stands in `key` where nothing is kept that it could mean.
    Masked { key: String },
}

impl SecretError {
    /// The property that holds the secret.
    pub fn key(&self) -> &str {
        match self {
            Self::Moved { key, .. } | Self::Masked { key } => key,
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Moved { key, address } => {
                format!("{key} was entered for another {address}: enter it again")
            }
            Self::Masked { key } => {
                format!("{MASK} in {key} stands for a secret that is not kept here: enter it")
            }
        }
    }
}

impl From<SecretError> for crate::error::HttpError {
    fn from(error: SecretError) -> Self {
        Self::field(format!("properties.{}", error.key()), error.words())
    }
}

/// Fails where a mask is left that was not put back: it would be taken for the secret.
pub fn entered(properties: &Map) -> Result<(), SecretError> {
    match properties.iter().find(|(_, value)| holds_mask(value)) {
        Some((key, _)) => Err(SecretError::Masked { key: key.clone() }),
        None => Ok(()),
    }
}

/// Also inside of lists and objects, and in objects written as text.
fn holds_mask(value: &Value) -> bool {
    match value {
        Value::String(text) => is_masked(text),
        Value::Array(items) => items.iter().any(holds_mask),
        Value::Object(map) => map.values().any(holds_mask),
        _ => false,
    }
}

/// The properties without secrets: those that are kept whole are left out; what headers and
/// addresses say of a caller is masked, and so is what has no published name and is called like a
/// secret.
pub fn hide(kind: &TypeOf, properties: &Map) -> Map {
    let mut shown = properties.clone();
    for key in kind.secrets() {
        take(&mut shown, key);
    }
    for (key, value) in &mut shown {
        mask(kind, key, key, value, false);
    }
    shown
}

/// A change that leaves a secret out, or sends its mask back, does not mean that it goes. It does
/// not follow to another address, though.
pub fn keep(kind: &TypeOf, mut new: Map, old: &Map) -> Result<Map, SecretError> {
    let mut kept = Vec::new();
    for (key, value) in &mut new {
        if restore(key, value, old.get(key)) {
            kept.push(key.clone());
        }
    }
    for key in kind.secrets() {
        let given = take(&mut new, key).filter(|given| !given.is_null());
        let masked = given.as_ref().and_then(Value::as_str) == Some(MASK);
        match (given, take(&mut old.clone(), key)) {
            (Some(given), _) if !masked => put(&mut new, key, given),
            (_, Some(secret)) => {
                put(&mut new, key, secret);
                kept.push(key.into());
            }
            // Refused below.
            (Some(mask), None) => put(&mut new, key, mask),
            (None, None) => {}
        }
    }
    entered(&new)?;
    let Some(key) = kept.first() else {
        return Ok(new);
    };
    // What is no text of an address, but nested and unknown, counts as well.
    let mut addresses: Vec<&str> = kind.addresses().collect();
    addresses.extend(new.keys().map(String::as_str).filter(|key| is_address(key)));
    let moved = addresses
        .into_iter()
        .filter(|address| !kind.secrets().any(|secret| secret == *address))
        .find(|address| {
            !alike(
                take(&mut new.clone(), address),
                take(&mut old.clone(), address),
            )
        });
    match moved {
        Some(address) => Err(SecretError::Moved {
            key: key.clone(),
            address: address.into(),
        }),
        None if leading(kind, &new) != leading(kind, old) => Err(SecretError::Moved {
            key: key.clone(),
            address: "address".into(),
        }),
        None => Ok(new),
    }
}

/// Nothing and an empty text are the same.
fn alike(a: Option<Value>, b: Option<Value>) -> bool {
    let some =
        |value: Option<Value>| value.filter(|value| !value.is_null() && value.as_str() != Some(""));
    some(a) == some(b)
}

/// Puts what was masked back in its place; true where there was something.
fn restore(key: &str, value: &mut Value, old: Option<&Value>) -> bool {
    let Some(old) = old else { return false };
    if is_headers(key) {
        return restored_headers(value, old);
    }
    if *value == MASK {
        *value = old.clone();
        return true;
    }
    match (value, old) {
        (Value::String(text), Value::String(old)) if text.contains(MASK) => restored_url(text, old),
        (Value::Array(items), Value::Array(old)) => {
            let pairs = items.iter_mut().zip(old);
            pairs.fold(false, |any, (item, old)| {
                restore(key, item, Some(old)) || any
            })
        }
        (Value::Object(map), Value::Object(old)) => {
            map.iter_mut().fold(false, |any, (name, item)| {
                restore(name, item, old.get(name)) || any
            })
        }
        _ => false,
    }
}

fn take(map: &mut Map, key: &str) -> Option<Value> {
    match (map.remove(key), key.split_once('.')) {
        (Some(value), _) => Some(value),
        (None, Some((outer, inner))) => map.get_mut(outer)?.as_object_mut()?.remove(inner),
        (None, None) => None,
    }
}

fn put(map: &mut Map, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            map.insert(key.into(), value);
        }
        Some((outer, inner)) => {
            let nested = map
                .entry(outer)
                .or_insert_with(|| Value::Object(Map::new()));
            match nested.as_object_mut() {
                Some(nested) => {
                    nested.insert(inner.into(), value);
                }
                // What is there is no object: the secret has no place in it.
                None => {
                    map.insert(key.into(), value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::{property::find, timeplus::types::sinks};

    use super::*;

    fn map(value: Value) -> Map {
        value.as_object().cloned().expect("object")
    }

    #[test]
    fn secrets_are_hidden_and_survive_a_change_without_them() {
        let http = find(sinks::TYPES, "http");
        let held = map(json!({
            "url": "http://u:p@a/?token=t", "oauth2": {"client_key": "k", "client_secret": "s"},
            "http_header": {"Authorization": "Bearer b", "Accept": "text/plain"},
        }));
        let shown = hide(http, &held);
        assert_eq!(
            shown,
            map(json!({
                "url": "http://******@a/?token=******", "oauth2": {"client_key": "k"},
                "http_header": {"Authorization": "******", "Accept": "text/plain"},
            }))
        );
        assert_eq!(keep(http, shown, &held), Ok(held.clone()));
        let other = map(json!({"url": "http://b", "oauth2": {"client_secret": "t"}}));
        assert_eq!(keep(http, other.clone(), &held), Ok(other));
        let slack = find(sinks::TYPES, "slack");
        let held = map(json!({"url": "http://hook"}));
        assert_eq!(hide(slack, &held), Map::new());
        assert_eq!(keep(slack, Map::new(), &held), Ok(held.clone()));
        assert_eq!(keep(slack, map(json!({"url": MASK})), &held), Ok(held));
    }

    #[test]
    fn a_mask_that_stands_for_nothing_is_refused() {
        let http = find(sinks::TYPES, "http");
        let held = map(json!({"url": "http://u:p@a/x", "http_header": {"X-Token": "b"}}));
        for (change, key) in [
            (json!({"url": "http://******@a/y"}), "url"),
            (
                json!({"url": "http://u:p@a/x", "http_header": {"X-Other": "******"}}),
                "http_header",
            ),
            (
                json!({"url": "http://u:p@a/x", "http_header": "{\"X-Other\":\"******\"}"}),
                "http_header",
            ),
            (
                json!({"url": "http://a", "oauth2": {"client_secret": "******"}}),
                "oauth2",
            ),
        ] {
            let masked = Err(SecretError::Masked { key: key.into() });
            let kept = keep(http, map(change.clone()), &held);
            assert_eq!(kept, masked, "{change}");
            assert_eq!(entered(&map(change)).err(), masked.err());
        }
        let stars = map(json!({"url": "http://a", "payload": "***** and *******"}));
        assert_eq!(entered(&stars), Ok(()));
    }

    #[test]
    fn what_is_called_like_a_secret_is_one_where_no_name_is_published() {
        let other = find(sinks::TYPES, "redpanda_connect");
        let held = map(json!({
            "routing_key": "hush", "pin": 1, "password": 12,
            "output": {"aws": {"url": "http://a", "credentials": {"id": "hush", "in": ["hush"]}}},
            "list": [{"apiToken": "hush", "name": "n"}],
            "payload": "{{ .token }}",
        }));
        let shown = hide(other, &held);
        assert!(!Value::Object(shown.clone()).to_string().contains("hush"));
        assert_eq!(shown["pin"], 1);
        assert_eq!(shown["password"], MASK);
        assert_eq!(shown["list"][0], json!({"apiToken": MASK, "name": "n"}));
        assert_eq!(shown["payload"], "{{ .token }}");
        assert_eq!(keep(other, shown.clone(), &held), Ok(held.clone()));
        let mut moved = shown.clone();
        moved["output"]["aws"]["url"] = "http://evil".into();
        assert!(keep(other, moved, &held).is_err());
        let mut placed = shown;
        placed["list"][0] = json!({"name": MASK, "token": MASK});
        assert!(
            keep(other, placed, &held).is_err(),
            "nothing is kept of that name"
        );
    }

    #[test]
    fn a_kept_secret_goes_to_no_other_address() {
        let http = find(sinks::TYPES, "http");
        let held = map(json!({
            "url": "http://a", "oauth2": {"token_url": "http://t", "client_secret": "s"},
            "http_header": {"X-Token": "b"},
        }));
        for change in [
            json!({"url": "http://b", "oauth2": {"token_url": "http://t"}}),
            json!({"url": "http://a", "oauth2": {"token_url": "http://evil"}}),
            json!({"url": "http://a"}),
            json!({"url": "http://a", "oauth2": null}),
            json!({"url": "http://b", "http_header": {"X-Token": "******"},
                "oauth2": {"token_url": "http://t", "client_secret": "s"}}),
            json!({"url": "http://a", "oauth2.token_url": "http://evil"}),
            json!({"url": "http://a", "oauth2": {"token_url": "http://t"},
                "http_header": {"X-Token": "******", "Host": "evil"}}),
            json!({"url": "http://a", "oauth2": {"token_url": "http://t"},
                "http_header": "{\"x-token\":\"******\",\"X-Forwarded-Host\":\"evil\"}"}),
        ] {
            let moved = keep(http, map(change.clone()), &held);
            assert!(moved.is_err(), "{change}: {moved:?}");
        }
        let same = json!({"url": "http://a", "oauth2": {"token_url": "http://t"}, "retries": 3});
        assert_eq!(
            keep(http, map(same), &held).expect("kept")["oauth2"]["client_secret"],
            "s"
        );
    }
}
