//! What is kept and not sent back.

use serde_json::Value;
use weir_api::property::{Map, TypeOf};

/// The properties without secrets.
pub fn hide(kind: &TypeOf, properties: &Map) -> Map {
    let mut shown = properties.clone();
    for key in kind.secrets() {
        take(&mut shown, key);
    }
    shown
}

/// A change that leaves a secret out does not mean that it goes.
pub fn keep(kind: &TypeOf, mut new: Map, old: &Map) -> Map {
    for key in kind.secrets() {
        let given = take(&mut new, key).filter(|value| !value.is_null());
        let secret = given.or_else(|| take(&mut old.clone(), key));
        if let Some(secret) = secret {
            put(&mut new, key, secret);
        }
    }
    new
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
        let held =
            map(json!({"url": "http://a", "oauth2": {"client_key": "k", "client_secret": "s"}}));
        let shown = hide(http, &held);
        assert_eq!(
            shown,
            map(json!({"url": "http://a", "oauth2": {"client_key": "k"}}))
        );
        assert_eq!(keep(http, shown, &held), held);
        let other = map(json!({"url": "http://b", "oauth2": {"client_secret": "t"}}));
        assert_eq!(keep(http, other.clone(), &held), other);
        let none = keep(http, map(json!({"url": "http://b", "oauth2": null})), &held);
        assert_eq!(none["oauth2.client_secret"], "s");
        let slack = find(sinks::TYPES, "slack");
        let held = map(json!({"url": "http://hook"}));
        assert_eq!(hide(slack, &held), Map::new());
        assert_eq!(keep(slack, Map::new(), &held), held);
    }
}
