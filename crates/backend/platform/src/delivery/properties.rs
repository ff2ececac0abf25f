//! Reading what a person entered, with complaints that name the field.

use std::time::Duration;

use serde_json::Value;
use weir_api::property::{self, Map};

use crate::error::HttpError;

/// Complaints about fields of `properties`.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    pub fn add(&mut self, key: &str, message: impl Into<String>) {
        self.0.push((format!("properties.{key}"), message.into()));
    }

    pub fn into_result(self) -> Result<(), HttpError> {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|(field, message)| format!("{field}: {message}"))
            .collect();
        if words.is_empty() {
            return Ok(());
        }
        let failure = HttpError::bad_request(words.join("; "));
        let fields = self.0.into_iter();
        Err(fields.fold(failure, |failure, (field, message)| {
            failure.with_field(field, message)
        }))
    }
}

/// Properties by key; `a.b` is `b` of the object `a`, or written so.
#[derive(Clone, Copy)]
pub struct Properties<'a>(pub &'a Map);

impl Properties<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        let found = match (self.0.get(key), key.split_once('.')) {
            (Some(value), _) => Some(value),
            (None, Some((outer, inner))) => self.0.get(outer).and_then(|value| value.get(inner)),
            (None, None) => None,
        };
        found.filter(|value| !value.is_null())
    }

    /// Empty where there is none.
    pub fn text(&self, key: &str) -> String {
        self.get(key).map(plain).unwrap_or_default()
    }

    pub fn flag(&self, key: &str) -> bool {
        self.text(key) == "true"
    }

    pub fn number(
        &self,
        key: &str,
        default: u32,
        range: std::ops::RangeInclusive<u32>,
        errors: &mut FieldErrors,
    ) -> u32 {
        let text = self.text(key);
        if text.trim().is_empty() {
            return default;
        }
        let number = text.trim().parse().ok();
        number.filter(|n| range.contains(n)).unwrap_or_else(|| {
            let words = format!(
                "'{text}' is not a whole number from {} to {}",
                range.start(),
                range.end()
            );
            errors.add(key, words);
            default
        })
    }

    pub fn duration(
        &self,
        key: &str,
        default: Duration,
        most: Duration,
        errors: &mut FieldErrors,
    ) -> Duration {
        let text = self.text(key);
        if text.trim().is_empty() {
            return default;
        }
        match property::duration(text.trim()) {
            Some(duration) if duration <= most => duration,
            Some(_) => {
                let most = crate::outbound::words(most);
                errors.add(key, format!("'{text}' is longer than {most}"));
                default
            }
            None => {
                errors.add(key, format!("'{text}' is not a duration like 10s or 500ms"));
                default
            }
        }
    }

    pub fn list(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Value::Array(items)) => items.iter().map(plain).collect(),
            Some(one) => vec![plain(one)],
            None => Vec::new(),
        }
    }

    /// An object, also as its text.
    pub fn map(&self, key: &str, errors: &mut FieldErrors) -> Vec<(String, String)> {
        let parsed;
        let value = match self.get(key) {
            None => return Vec::new(),
            Some(Value::String(text)) if text.trim().is_empty() => return Vec::new(),
            Some(Value::String(text)) => {
                parsed = serde_json::from_str(text).unwrap_or_default();
                &parsed
            }
            Some(value) => value,
        };
        match value {
            Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), plain(v))).collect(),
            _ => {
                errors.add(key, "an object of names and values is needed");
                Vec::new()
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
