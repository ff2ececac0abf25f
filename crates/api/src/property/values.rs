//! What a form edits of properties.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Kind, Property, Setting, TypeOf, find, text};
use crate::FieldError;

pub type Map = serde_json::Map<String, Value>;

/// A chosen type and its properties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub kind: String,
    pub values: Values,
}

impl Typed {
    /// Nothing typed yet, with the defaults filled in.
    pub fn new(types: &'static [TypeOf], kind: &str) -> Self {
        Self {
            kind: kind.into(),
            values: Values::new(find(types, kind)),
        }
    }

    /// To make one like it anew: `mark` stands for what the type needs and the server did not tell.
    #[must_use]
    pub fn withheld(mut self, types: &'static [TypeOf], mark: &str) -> Self {
        let kind = find(types, &self.kind);
        let needed = |one: &&Property| one.required || kind.one_of.contains(&one.key);
        for property in kind.properties.iter().filter(needed) {
            if self.values.unchanged(property.key) {
                self.values.set(property.key, mark);
            }
        }
        self
    }

    /// Takes another type: what both have keeps what was typed.
    pub fn choose(&mut self, types: &'static [TypeOf], kind: &str) {
        self.values.turn(find(types, &self.kind), find(types, kind));
        self.kind = kind.into();
    }
}

/// Texts as typed, by key. Whatever is empty is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<String, String>,
    /// Secrets that the server has and did not send: unchanged until something is typed.
    kept: BTreeSet<String>,
    /// The type that the server has them for.
    kept_of: &'static str,
    /// Another type is chosen.
    elsewhere: bool,
    /// A JSON object of what the type's table does not know; empty for none.
    pub rest: String,
}

fn is_mask(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '*')
}

impl Values {
    /// The defaults.
    pub fn new(kind: &TypeOf) -> Self {
        let defaults = kind.properties.iter().filter(|one| !one.default.is_empty());
        Self {
            texts: defaults
                .map(|one| (one.key.into(), one.default.into()))
                .collect(),
            ..Self::default()
        }
    }

    /// What a server holds. Secrets it left out are unchanged until something is typed.
    pub fn of(kind: &TypeOf, held: &Map) -> Self {
        let mut rest = held.clone();
        let mut values = Self::default();
        for property in kind.properties {
            let sent = values.take(property, &mut rest);
            // Some servers send stars in the place of a secret.
            if property.secret && (!sent || is_mask(values.text(property.key))) {
                values.texts.remove(property.key);
                values.kept.insert(property.key.into());
                values.kept_of = kind.name;
            }
        }
        if !rest.is_empty() {
            values.rest = serde_json::to_string_pretty(&rest).unwrap_or_default();
        }
        values
    }

    /// The same for settings, except `type`.
    pub fn of_settings(kind: &TypeOf, held: &[Setting]) -> Self {
        let known = held.iter().filter(|one| one.key != "type");
        let mut map = Map::new();
        for Setting { key, value } in known {
            let property = kind.property(key);
            // Their values are text, whatever they stand for.
            let value = match property.map(|one| one.kind) {
                Some(kind @ (Kind::List | Kind::Map | Kind::Json)) => {
                    text::parse(kind, value).unwrap_or_else(|_| Value::String(value.clone()))
                }
                _ => Value::String(value.clone()),
            };
            map.insert(key.clone(), value);
        }
        Self::of(kind, &map)
    }

    /// Moves a property out of what the server sent; false when there is none.
    fn take(&mut self, property: &Property, rest: &mut Map) -> bool {
        let found = match property.prefix() {
            Some(prefix) => take_prefixed(rest, prefix),
            None => take_nested(rest, property.key),
        };
        let Some(value) = found else { return false };
        match text::format(property.kind, &value) {
            Some(text) => self.set(property.key, text),
            None => put(rest, property, value),
        }
        true
    }

    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", String::as_str)
    }

    /// Emptied is as never typed.
    pub fn set(&mut self, key: &str, text: impl Into<String>) {
        let text = text.into();
        if text.is_empty() {
            self.texts.remove(key);
        } else {
            self.texts.insert(key.into(), text);
        }
    }

    /// The server has this secret of the chosen type, or may have it.
    pub fn kept(&self, key: &str) -> bool {
        !self.elsewhere && self.kept.contains(key)
    }

    /// The server has this secret and it stays as it is.
    pub fn unchanged(&self, key: &str) -> bool {
        self.kept(key) && self.text(key).is_empty()
    }

    fn turn(&mut self, from: &TypeOf, to: &TypeOf) {
        self.elsewhere = !self.kept.is_empty() && to.name != self.kept_of;
        for property in to.properties {
            let before = from.property(property.key).map_or("", |one| one.default);
            if self.text(property.key) == before {
                self.set(property.key, property.default);
            }
        }
    }

    /// The properties to send. Errors are at `properties.{key}`, those of [`Self::rest`] at
    /// `properties`.
    pub fn body(&self, kind: &TypeOf) -> Result<Map, Vec<FieldError>> {
        self.collect(kind, "properties")
    }

    /// The same as settings, with `type` first. Errors are at `settings.{key}`.
    pub fn settings(&self, kind: &TypeOf) -> Result<Vec<Setting>, Vec<FieldError>> {
        let body = self.collect(kind, "settings")?;
        let plain = |value: Value| match value {
            Value::String(text) => text,
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                items.join(",")
            }
            other => other.to_string(),
        };
        let mut settings = vec![Setting {
            key: "type".into(),
            value: kind.name.into(),
        }];
        settings.retain(|_| !kind.name.is_empty());
        settings.extend(body.into_iter().map(|(key, value)| Setting {
            key,
            value: plain(value),
        }));
        Ok(settings)
    }

    /// The same for properties that are elsewhere in the request: errors are at `{path}.{key}`.
    pub fn collect(&self, kind: &TypeOf, path: &str) -> Result<Map, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |key: &str, message: String| {
            let field = if key.is_empty() {
                path.into()
            } else {
                format!("{path}.{key}")
            };
            errors.push(FieldError::new(field, message));
        };
        let mut body = match self.rest() {
            Ok(rest) => rest,
            Err(message) => {
                complain("", message);
                Map::new()
            }
        };
        let given = |key: &str, body: &Map| {
            !self.text(key).trim().is_empty()
                || self.unchanged(key)
                || take_nested(&mut body.clone(), key).is_some()
        };
        // A named collection brings values of its own.
        let elsewhere = kind.property("named_collection").is_some()
            && !self.text("named_collection").trim().is_empty();
        if !elsewhere && !kind.one_of.is_empty() && !kind.one_of.iter().any(|k| given(k, &body)) {
            let labels: Vec<&str> = kind
                .one_of
                .iter()
                .filter_map(|key| Some(kind.property(key)?.label))
                .collect();
            complain(
                kind.one_of[0],
                format!("{} is required", labels.join(" or ")),
            );
        }
        for property in kind.properties {
            let text = self.text(property.key);
            if text.trim().is_empty() {
                let empty_is_a_choice =
                    matches!(property.kind, Kind::Choice(all) if all.contains(&""));
                if property.required && empty_is_a_choice {
                    put(&mut body, property, Value::String(String::new()));
                } else if property.required && !elsewhere && !given(property.key, &body) {
                    complain(property.key, format!("{} is required", property.label));
                }
                continue;
            }
            match text::parse(property.kind, text) {
                Ok(value) => put(&mut body, property, value),
                Err(message) => complain(property.key, message),
            }
        }
        if errors.is_empty() {
            Ok(body)
        } else {
            Err(errors)
        }
    }

    fn rest(&self) -> Result<Map, String> {
        if self.rest.trim().is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_str(&self.rest) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err("a JSON object is required, for example {\"key\": \"value\"}".into()),
            Err(error) => Err(format!("not JSON: {error}")),
        }
    }
}

/// Takes `a.b` out of `{"a": {"b": …}}` and out of `{"a.b": …}`; an object that is then empty goes.
fn take_nested(map: &mut Map, key: &str) -> Option<Value> {
    if let Some(value) = map.remove(key) {
        return Some(value);
    }
    let (outer, inner) = key.split_once('.')?;
    let Some(Value::Object(nested)) = map.get_mut(outer) else {
        return None;
    };
    let value = take_nested(nested, inner)?;
    if nested.is_empty() {
        map.remove(outer);
    }
    Some(value)
}

fn take_prefixed(map: &mut Map, prefix: &str) -> Option<Value> {
    let keys: Vec<String> = map
        .keys()
        .filter(|key| key.starts_with(prefix) && key.len() > prefix.len())
        .cloned()
        .collect();
    let taken: Map = keys
        .iter()
        .filter_map(|key| Some((key[prefix.len()..].to_string(), map.remove(key)?)))
        .collect();
    (!taken.is_empty()).then_some(Value::Object(taken))
}

/// The reverse of [`take_nested`] and [`take_prefixed`].
fn put(map: &mut Map, property: &Property, value: Value) {
    match (property.prefix(), value) {
        (Some(prefix), Value::Object(all)) => {
            map.extend(
                all.into_iter()
                    .map(|(key, value)| (format!("{prefix}{key}"), value)),
            );
        }
        (_, value) => put_nested(map, property.key, value),
    }
}

fn put_nested(map: &mut Map, key: &str, value: Value) {
    let Some((outer, inner)) = key.split_once('.') else {
        map.insert(key.into(), value);
        return;
    };
    let nested = map
        .entry(outer)
        .or_insert_with(|| Value::Object(Map::new()));
    match nested {
        Value::Object(nested) => put_nested(nested, inner, value),
        other => {
            let mut nested = Map::new();
            put_nested(&mut nested, inner, value);
            *other = Value::Object(nested);
        }
    }
}
