//! Envelopes. Keys of requests begin with a small letter, keys of answers with a capital; types
//! of this module are spelled as answers, [`super::details`] as requests.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Paging, error::refusal};
use crate::{ApiError, ApiRequest, lenient, object::spread, paging::Part};

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// From 1.
    pub number: u32,
    pub size: u32,
    pub total: u64,
}

impl<T> Page<T> {
    /// What to ask for to get the rest.
    pub fn next(&self) -> Option<Paging> {
        let until = u64::from(self.number) * u64::from(self.size);
        (self.size > 0 && until < self.total).then(|| Paging {
            number: self.number.saturating_add(1),
            size: self.size,
        })
    }
}

/// What follows this answer, by the operation that lists.
pub fn part<T>(page: Result<Page<T>, ApiError>, list: impl FnOnce(Paging) -> ApiRequest) -> Part {
    page.map_or_else(
        |_| Part::default(),
        |page| Part {
            next: page.next().map(list),
            items: page.items.len() as u64,
            total: Some(page.total),
        },
    )
}

/// The envelope, unless it says that it failed.
fn envelope(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| ApiError::Decode(error.to_string()))?;
    let Value::Object(envelope) = without_nulls(value) else {
        return Err(ApiError::Decode("the answer is no object".into()));
    };
    match refusal(body) {
        Some(error) => Err(error),
        None => Ok(envelope),
    }
}

/// What the envelope holds under `key`.
pub fn under<T: DeserializeOwned>(body: &[u8], key: &str) -> Result<T, ApiError> {
    let mut envelope = envelope(body)?;
    let value = envelope
        .remove(key)
        .ok_or_else(|| ApiError::Decode(format!("the answer lacks {key}")))?;
    lenient::from_value(&value)
}

/// An answer of which only the success counts.
pub fn done(body: &[u8]) -> Result<(), ApiError> {
    envelope(body).map(|_| ())
}

/// A list of `items` under `key`.
pub(super) fn page<T: DeserializeOwned>(
    body: &[u8],
    key: &str,
    items: &str,
) -> Result<Page<T>, ApiError> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Counts {
        page_number: u32,
        page_size: u32,
        total_count: u64,
    }
    let mut object: Map<String, Value> = under(body, key)?;
    let list = object
        .remove(items)
        .unwrap_or_else(|| Value::Array(Vec::new()));
    let items: Vec<T> = lenient::from_value(&list)?;
    let counts: Counts = lenient::from_value(&Value::Object(object))?;
    Ok(Page {
        items,
        number: counts.page_number,
        size: counts.page_size,
        total: counts.total_count,
    })
}

/// A key without a value is no key.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// The same with the first letter of every key changed.
fn recased(value: Value, first: fn(char) -> char) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .map(|(key, value)| {
                let mut letters = key.chars();
                let head = letters.next().map(first);
                let key: String = head.into_iter().chain(letters).collect();
                (key, recased(value, first))
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| recased(item, first)).collect(),
        other => other,
    }
}

/// For fields whose types are spelled as requests and that stand in an answer.
pub mod capital {
    use super::*;

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let value = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
        recased(spread(value), |c| c.to_ascii_uppercase()).serialize(serializer)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let value = without_nulls(Value::deserialize(deserializer)?);
        let value = recased(value, |c| c.to_ascii_lowercase());
        lenient::from_value(&value).map_err(|error| serde::de::Error::custom(format!("{error:?}")))
    }
}

/// A number that some answers write as text.
pub fn loose_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Number(number) => number
            .as_i64()
            .ok_or_else(|| serde::de::Error::custom("not a whole number")),
        Value::String(text) => text.trim().parse().map_err(serde::de::Error::custom),
        Value::Null => Ok(0),
        other => Err(serde::de::Error::custom(format!("{other} is no number"))),
    }
}
