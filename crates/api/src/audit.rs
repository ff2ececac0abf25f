//! Who changed a resource, and when.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Who made or changed something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    #[serde(default, deserialize_with = "text")]
    pub id: String,
    #[serde(default, deserialize_with = "text")]
    pub name: String,
}

// What is flattened into another type is read strictly, so that these forgive by themselves.

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(maybe_text(from)?.unwrap_or_default())
}

/// `null` is no text; a number is its text.
fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

/// Some servers tell the name alone.
fn maybe_owner<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Owner>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(name) if !name.is_empty() => Some(Owner {
            id: name.clone(),
            name,
        }),
        owner @ Value::Object(_) => serde_json::from_value(owner).ok(),
        _ => None,
    })
}

/// Creation and last change; times as `2023-02-01 23:22:59` in UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audit {
    #[serde(
        deserialize_with = "maybe_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<String>,
    #[serde(
        deserialize_with = "maybe_owner",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_by: Option<Owner>,
    #[serde(
        deserialize_with = "maybe_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_updated_at: Option<String>,
    #[serde(
        deserialize_with = "maybe_owner",
        skip_serializing_if = "Option::is_none"
    )]
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
            (r#""created_at":null,"created_by":7"#, None, None),
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
