//! What templates work with: JSON, with numbers as they were written.

use std::fmt::Write;

use serde_json::value::RawValue;

/// Deeper values stay text.
const DEPTH: usize = 64;

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// JSON's `null`, and what is not there.
    #[default]
    Nil,
    Bool(bool),
    /// Digits as they were written, so that wide integers and decimals stay exact.
    Number(String),
    Text(String),
    List(Vec<Value>),
    /// In the order of the source.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// How much there is to copy: its parts, and more for long texts.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Nil | Self::Bool(_) => 1,
            Self::Number(text) | Self::Text(text) => 1 + text.len() / 64,
            Self::List(items) => 1 + items.iter().map(Self::weight).sum::<usize>(),
            Self::Map(members) => {
                let members = members.iter().map(|(_, value)| 1 + value.weight());
                1 + members.sum::<usize>()
            }
        }
    }

    /// Reads one JSON value.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        Self::read(json, 0)
    }

    fn read(json: &str, depth: usize) -> Result<Self, serde_json::Error> {
        let json = json.trim();
        Ok(match json.as_bytes().first() {
            Some(b'{' | b'[') if depth >= DEPTH => {
                // Checks it as well.
                let raw: &RawValue = serde_json::from_str(json)?;
                Self::Text(raw.get().to_owned())
            }
            Some(b'{') => {
                let Entries(entries) = serde_json::from_str(json)?;
                let entries = entries.into_iter().map(|(key, value)| {
                    Ok::<_, serde_json::Error>((key, Self::read(value.get(), depth + 1)?))
                });
                Self::Map(entries.collect::<Result<_, _>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                let items = items.into_iter().map(|v| Self::read(v.get(), depth + 1));
                Self::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(json)?),
            Some(b'-' | b'0'..=b'9') => {
                let raw: &RawValue = serde_json::from_str(json)?;
                Self::Number(raw.get().to_owned())
            }
            _ => match serde_json::from_str::<Option<bool>>(json)? {
                Some(value) => Self::Bool(value),
                None => Self::Nil,
            },
        })
    }

    /// A row: the columns' names with one JSON value each.
    pub fn row<'a>(
        cells: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, serde_json::Error> {
        let cells = cells.into_iter().map(|(name, json)| {
            Ok::<_, serde_json::Error>((name.to_owned(), Self::from_json(json)?))
        });
        Ok(Self::Map(cells.collect::<Result<_, _>>()?))
    }

    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.json(&mut out);
        out
    }

    fn json(&self, out: &mut String) {
        match self {
            Self::Nil => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quote(out, text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.json(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(out, key);
                    out.push(':');
                    value.json(out);
                }
                out.push('}');
            }
        }
    }

    /// As `{{ . }}` prints it.
    pub(crate) fn print(&self, out: &mut String) {
        match self {
            Self::Nil => out.push_str("<no value>"),
            other => other.inner(out),
        }
    }

    fn inner(&self, out: &mut String) {
        match self {
            Self::Nil => out.push_str("<nil>"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) | Self::Text(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    item.inner(out);
                }
                out.push(']');
            }
            Self::Map(_) => {
                out.push_str("map[");
                for (at, (key, value)) in self.sorted().into_iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    // Writing to a String cannot fail.
                    let _ = write!(out, "{key}:");
                    value.inner(out);
                }
                out.push(']');
            }
        }
    }

    /// Entries of a map in the order that Go gives them.
    pub(crate) fn sorted(&self) -> Vec<(&str, &Self)> {
        let Self::Map(entries) = self else {
            return Vec::new();
        };
        let mut entries: Vec<_> = entries.iter().map(|(k, v)| (k.as_str(), v)).collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else {
            return None;
        };
        let found = entries.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value)
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Number(digits) => digits
                .split(['e', 'E'])
                .next()
                .is_some_and(|mantissa| mantissa.contains(|c| ('1'..='9').contains(&c))),
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
        }
    }

    /// What kind it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}

fn quote(out: &mut String, text: &str) {
    // Text can always be written as JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// An object's entries in their order.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Entries<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
