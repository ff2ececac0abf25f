//! `/soc/dataclasses`: kinds of data objects, and the fields of each.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ApiRequest, request::encode};

pub fn list(offset: u32, limit: u32) -> ApiRequest {
    ApiRequest::get("/soc/dataclasses")
        .query("offset", offset.to_string())
        .query("limit", limit.to_string())
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(format!("/soc/dataclasses/{}", encode(id)))
}

pub fn fields(id: &str, offset: u32, limit: u32) -> ApiRequest {
    ApiRequest::get(format!("/soc/dataclasses/{}/fields", encode(id)))
        .query("offset", offset.to_string())
        .query("limit", limit.to_string())
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataClass {
    pub id: String,
    pub name: String,
    pub business_code: String,
    pub description: String,
    pub is_built_in: bool,
    pub parent_id: String,
    pub type_num: f64,
    pub region_id: String,
    pub project_id: String,
    pub workspace_id: String,
    pub domain_id: String,
    pub create_time: String,
    pub update_time: String,
}

impl DataClass {
    /// The name in the addresses of its objects: plural and in lower case, as in `/soc/alerts`.
    pub fn plural(&self) -> String {
        let code = match self.business_code.as_str() {
            "" => &self.name,
            code => code,
        };
        plural(code)
    }
}

fn plural(word: &str) -> String {
    let word = word.trim().to_lowercase();
    if word.ends_with('s') {
        return word;
    }
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{word}s"),
    }
}

/// A field of the objects of a class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    pub id: String,
    pub business_code: String,
    pub dataclass_name: String,
    /// Its key in the object.
    pub field_key: String,
    /// As it is shown.
    pub name: String,
    pub description: String,
    pub default_value: String,
    pub display_type: String,
    /// For example `String`, `Integer`, `List<String>`, `Enum`, `Timestamp`.
    pub field_type: String,
    pub extra_json: String,
    pub field_tooltip: String,
    /// A JSON schema; `enum` lists what the field can be.
    pub json_schema: String,
    pub is_built_in: bool,
    pub case_sensitive: bool,
    pub read_only: bool,
    pub required: bool,
    pub searchable: bool,
    pub visible: bool,
    pub maintainable: bool,
    pub editable: bool,
    pub creatable: bool,
    pub mapping: bool,
}

/// What a field holds, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Secret,
    Whole,
    Number,
    Flag,
    Time,
    Choice,
    Texts,
    /// Any other JSON.
    Json,
}

impl Field {
    pub fn kind(&self) -> Kind {
        match self.field_type.as_str() {
            "String" => Kind::Text,
            "Password" => Kind::Secret,
            "Integer" | "Long" => Kind::Whole,
            "Numeric" | "Double" | "Float" => Kind::Number,
            "Boolean" => Kind::Flag,
            "Timestamp" => Kind::Time,
            "Enum" if !self.options().is_empty() => Kind::Choice,
            "Enum" => Kind::Text,
            "List<String>" => Kind::Texts,
            _ => Kind::Json,
        }
    }

    /// What can be chosen.
    pub fn options(&self) -> Vec<String> {
        [&self.json_schema, &self.extra_json]
            .into_iter()
            .find_map(|text| {
                let value: Value = serde_json::from_str(text).ok()?;
                let list = ["enum", "options"].iter().find_map(|name| value.get(name));
                let list = list.unwrap_or(&value).as_array()?;
                Some(list.iter().filter_map(text_of).collect())
            })
            .unwrap_or_default()
    }

    /// The words for the field: its name, or its key where it has none.
    pub fn label(&self) -> &str {
        match self.name.as_str() {
            "" => &self.field_key,
            name => name,
        }
    }

    /// What the text of a form or of a CSV file means in this field; an empty text is nothing.
    pub fn value(&self, text: &str) -> Result<Option<Value>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let value = match self.kind() {
            Kind::Text | Kind::Secret | Kind::Time => text.into(),
            Kind::Choice => {
                let options = self.options();
                match options.iter().any(|option| option == text) {
                    true => text.into(),
                    false => return Err(format!("one of {}", options.join(", "))),
                }
            }
            Kind::Whole => match text.parse::<i64>() {
                Ok(number) => number.into(),
                Err(_) => return Err(format!("'{text}' is not a whole number")),
            },
            Kind::Number => match serde_json::from_str::<serde_json::Number>(text) {
                Ok(number) => Value::Number(number),
                Err(_) => return Err(format!("'{text}' is not a number")),
            },
            Kind::Flag => match text {
                "true" => true.into(),
                "false" => false.into(),
                _ => return Err("true or false".into()),
            },
            Kind::Texts if text.starts_with('[') => {
                serde_json::from_str(text).map_err(|error| format!("not a JSON list: {error}"))?
            }
            Kind::Texts => Value::from_iter(text.split(',').map(str::trim)),
            Kind::Json => {
                serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
            }
        };
        self.check(&value).map(|()| Some(value))
    }

    /// Why a value does not fit, as far as that is known before the server says it.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let words = match (self.kind(), value) {
            (_, Value::Null) | (Kind::Json, _) => return Ok(()),
            (Kind::Text | Kind::Secret | Kind::Time, Value::String(_)) => return Ok(()),
            // Times are also sent as milliseconds.
            (Kind::Time, Value::Number(_)) => return Ok(()),
            (Kind::Choice, Value::String(text)) => {
                let options = self.options();
                match options.contains(text) {
                    true => return Ok(()),
                    false => return Err(format!("one of {}", options.join(", "))),
                }
            }
            (Kind::Whole, Value::Number(number)) if number.is_i64() || number.is_u64() => {
                return Ok(());
            }
            (Kind::Number, Value::Number(_)) | (Kind::Flag, Value::Bool(_)) => return Ok(()),
            (Kind::Texts, Value::Array(list)) if list.iter().all(Value::is_string) => {
                return Ok(());
            }
            (Kind::Text | Kind::Secret | Kind::Choice, _) => "a text is needed",
            (Kind::Whole, _) => "a whole number is needed",
            (Kind::Number, _) => "a number is needed",
            (Kind::Flag, _) => "true or false is needed",
            (Kind::Time, _) => "a time is needed",
            (Kind::Texts, _) => "a list of texts is needed",
        };
        Err(words.into())
    }

    /// A value as the form shows it.
    pub fn text(value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                let parts = list.iter().filter_map(Value::as_str);
                let parts: Vec<&str> = parts.collect();
                // Only what can be taken apart again.
                match parts
                    .iter()
                    .any(|part| part.contains([',', '[']) || part.trim() != *part)
                {
                    true => value.to_string(),
                    false => parts.join(", "),
                }
            }
            other => other.to_string(),
        }
    }
}

/// Options are texts, or objects with a value.
fn text_of(option: &Value) -> Option<String> {
    match option {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(map) => ["value", "key", "name"]
            .iter()
            .find_map(|name| map.get(*name)?.as_str())
            .map(Into::into),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(kind: &str, schema: &str) -> Field {
        Field {
            field_type: kind.into(),
            json_schema: schema.into(),
            ..Field::default()
        }
    }

    #[test]
    fn classes_are_plural_in_addresses() {
        for (name, path) in [
            ("Alert", "alerts"),
            ("Incident", "incidents"),
            ("Vulnerability", "vulnerabilities"),
            ("indicators", "indicators"),
            ("Playkey", "playkeys"),
        ] {
            assert_eq!(plural(name), path);
        }
    }

    #[test]
    fn texts_become_what_the_field_holds() {
        let value = |kind: &str, text: &str| field(kind, "").value(text);
        assert_eq!(value("String", " a "), Ok(Some(json!("a"))));
        assert_eq!(value("Integer", "-4"), Ok(Some(json!(-4))));
        assert!(value("Integer", "4.5").is_err());
        assert_eq!(value("Double", "4.5"), Ok(Some(json!(4.5))));
        assert_eq!(value("Boolean", "true"), Ok(Some(json!(true))));
        assert_eq!(value("List<String>", "a, b"), Ok(Some(json!(["a", "b"]))));
        assert_eq!(value("Object", "{\"a\":1}"), Ok(Some(json!({"a": 1}))));
        assert!(value("Object", "{").is_err());
        assert_eq!(value("Long", ""), Ok(None));
        let choice = field("Enum", r#"{"enum":["Low","High"]}"#);
        assert_eq!(choice.value("High"), Ok(Some(json!("High"))));
        assert_eq!(choice.value("Huge"), Err("one of Low, High".into()));
    }

    #[test]
    fn values_are_shown_as_they_are_typed() {
        let list = field("List<String>", "");
        for value in [json!(["a", "b"]), json!(["a, b", "c"])] {
            let text = Field::text(&value);
            assert_eq!(list.value(&text), Ok(Some(value)), "{text}");
        }
        assert_eq!(Field::text(&json!({"a": 1})), r#"{"a":1}"#);
    }

    #[test]
    fn options_are_found_however_they_are_written() {
        for schema in [
            r#"{"enum":["a","b"]}"#,
            r#"["a","b"]"#,
            r#"{"options":[{"value":"a"},{"value":"b"}]}"#,
        ] {
            assert_eq!(field("Enum", schema).options(), ["a", "b"], "{schema}");
        }
    }
}
