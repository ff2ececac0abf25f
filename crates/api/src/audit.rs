//! Who changed a resource, and when.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Who made or changed something. Some servers tell the name alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Owner {
    pub id: String,
    pub name: String,
}

// What is flattened into another type is read strictly, so that these forgive by themselves.

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(from)? {
            Value::Object(mut owner) => {
                let mut part = |key: &str| {
                    let part = owner.remove(key).and_then(text);
                    part.unwrap_or_default()
                };
                Self {
                    id: part("id"),
                    name: part("name"),
                }
            }
            name => {
                let name = text(name).unwrap_or_default();
                Self {
                    id: name.clone(),
                    name,
                }
            }
        })
    }
}

/// `null` is no text; a number is its text.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Value::deserialize(from).map(text)
}

/// Creation and last change; times as `2023-02-01 23:22:59` in UTC.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audit {
    #[serde(deserialize_with = "maybe_text")]
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    #[serde(deserialize_with = "maybe_text")]
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lenient;

    #[test]
    fn what_is_odd_hides_nothing_where_this_is_flattened() {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Thing {
            name: String,
            #[serde(flatten)]
            audit: Audit,
        }
        for (sent, at, by) in [
            (
                r#""created_at":7,"created_by":"bob""#,
                Some("7"),
                Some("bob"),
            ),
            (r#""created_at":null,"created_by":7"#, None, Some("7")),
            (r#""created_by":{"id":1,"name":null}"#, None, Some("1")),
        ] {
            let body = format!(r#"{{"name":"a",{sent}}}"#);
            let thing: Thing = lenient::from_slice(body.as_bytes()).expect("read").value;
            assert_eq!(thing.name, "a");
            assert_eq!(thing.audit.created_at.as_deref(), at);
            assert_eq!(thing.audit.created_by.map(|owner| owner.id).as_deref(), by);
        }
    }
}
