//! A JSON object of which this crate knows only some keys: what it does not know goes back to the
//! server as it came, in the same order and with the same digits.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

/// Name of the field with all that a type does not know, an [`Object`]: who replaces something as a
/// whole sends it back. [`crate::lenient`] fills it.
pub const BESIDE: &str = "$beside";

/// With what stands under [`BESIDE`] beside it, wherever that is.
pub fn spread(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(spread).collect(),
        Value::Object(mut map) => {
            if let Some(Value::Object(beside)) = map.remove(BESIDE) {
                for (key, value) in beside {
                    map.entry(key).or_insert(value);
                }
            }
            let all = map.into_iter();
            all.map(|(key, value)| (key, spread(value))).collect()
        }
        other => other,
    }
}

/// Without what stands under [`BESIDE`], wherever that is.
pub fn known(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(known).collect(),
        Value::Object(map) => {
            let own = map.into_iter().filter(|(key, _)| key != BESIDE);
            own.map(|(key, value)| (key, known(value))).collect()
        }
        other => other,
    }
}

/// Takes from `old` what `new` does not have. Elements of lists are the same where their value
/// under one of `names` is.
pub fn keep(new: &mut Value, old: &Value, names: &[&str]) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, value) in old {
                match new.get_mut(key) {
                    Some(new) => keep(new, value, names),
                    None => {
                        new.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(new), Value::Array(old)) => {
            let named = |value: &Value| names.iter().find_map(|name| value.get(name).cloned());
            for one in new {
                let name = named(one);
                let same = old.iter().find(|old| name.is_some() && named(old) == name);
                if let Some(old) = same {
                    keep(one, old, names);
                }
            }
        }
        _ => {}
    }
}

/// Keys in the order in which they came, values as text.
#[derive(Debug, Clone, Default)]
pub struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    pub fn raw(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.get())
    }

    /// `None` also where the value is of another kind.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.raw(key)?).ok()
    }

    /// Empty where there is no text.
    pub fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default()
    }

    /// Empty where there is no object.
    pub fn object(&self, key: &str) -> Self {
        self.get(key).unwrap_or_default()
    }

    /// Replaces a value where it stands, or adds it at the end. A value that cannot be written as
    /// JSON changes nothing.
    pub fn set(&mut self, key: &str, value: &(impl Serialize + ?Sized)) {
        let Ok(value) = to_raw_value(value) else {
            return;
        };
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.into(), value)),
        }
    }

    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(name, _)| name != key);
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The same keys in the same order with the same text.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len() && pairs.all(|((a, x), (b, y))| a == b && x.get() == y.get())
    }
}

impl Eq for Object {}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut object = Object::default();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    // As everywhere in JSON, the last one holds.
                    object.remove(&key);
                    object.0.push((key, value));
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = r#"{"z":18446744073709551616.10,"a":{"b":[1e400, null],"é":"ü"},"t":"x"}"#;

    #[test]
    fn what_is_not_known_goes_back_as_it_came() {
        let mut object: Object = serde_json::from_str(SENT).expect("object");
        assert_eq!(serde_json::to_string(&object).expect("text"), SENT);
        object.set("t", "y");
        object.set("new", &1);
        let changed = SENT.replace("\"x\"}", "\"y\",\"new\":1}");
        assert_eq!(serde_json::to_string(&object).expect("text"), changed);
        assert_eq!(object.object("a").object("b"), Object::default());
        assert_eq!(object.object("a").text("é"), "ü");
    }

    #[test]
    fn a_key_that_comes_twice_counts_once() {
        let object: Object = serde_json::from_str(r#"{"a":1,"b":2,"a":3}"#).expect("object");
        assert_eq!(
            serde_json::to_string(&object).expect("text"),
            r#"{"b":2,"a":3}"#
        );
    }

    #[test]
    fn only_objects_are_objects() {
        for other in ["[]", "null", "1", "\"{}\""] {
            assert!(serde_json::from_str::<Object>(other).is_err(), "{other}");
        }
    }
}
