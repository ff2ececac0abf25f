//! What the form of an object edits: a text for each field of its class, and JSON for the rest.

use std::collections::BTreeMap;

use serde_json::Value;
use weir_api::{
    FieldError,
    secmaster::{
        data_class::Field,
        data_object::{DataObject, Fields},
    },
};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// By the field's key.
    pub texts: BTreeMap<String, String>,
    /// Fields that the class does not know, as a JSON object; empty where there are none.
    pub more: String,
}

/// Whether a form shows it.
pub fn offered(field: &Field, new: bool) -> bool {
    // Servers that say nothing about it leave all of these out.
    let told = field.visible || field.creatable || field.editable;
    let may = if new { field.creatable } else { field.editable };
    field.field_key != "id" && !field.read_only && (may || !told)
}

impl Draft {
    pub fn of(object: &DataObject, fields: &[Field]) -> Self {
        let mut more = object.data_object.clone();
        more.remove("id");
        let mut texts = BTreeMap::new();
        for field in fields {
            let value = more.remove(&field.field_key);
            let value = value.or_else(|| object.data_object.get(&field.field_key).cloned());
            if let Some(value) = value {
                texts.insert(field.field_key.clone(), Field::text(&value));
            }
        }
        Self {
            texts,
            more: match more.is_empty() {
                true => String::new(),
                false => serde_json::to_string_pretty(&more).unwrap_or_default(),
            },
        }
    }

    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", String::as_str)
    }

    /// The whole object; `path` is where a field stands in the request.
    pub fn object(
        &self,
        fields: &[Field],
        new: bool,
        path: &str,
    ) -> Result<Fields, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |key: &str, message: String| {
            errors.push(FieldError::new(format!("{path}.{key}"), message));
        };
        let mut object = match self.more.trim() {
            "" => Fields::new(),
            text => serde_json::from_str(text).unwrap_or_else(|error| {
                let words = crate::errors::json(&error);
                wrong("more", format!("Not a JSON object: {words}"));
                Fields::new()
            }),
        };
        for field in fields.iter().filter(|field| offered(field, new)) {
            let key = &field.field_key;
            match field.value(self.text(key)) {
                Ok(Some(value)) => {
                    object.insert(key.clone(), value);
                }
                Ok(None) if field.required => wrong(key, format!("{} is required", field.label())),
                Ok(None) => {}
                Err(message) => wrong(key, message),
            }
        }
        match errors.is_empty() {
            true => Ok(object),
            false => Err(errors),
        }
    }

    /// What differs from what was; `null` for what is gone.
    pub fn changed(
        &self,
        before: &DataObject,
        fields: &[Field],
        path: &str,
    ) -> Result<Fields, Vec<FieldError>> {
        let now = self.object(fields, false, path)?;
        // Through the form and back, so that only what a person changed counts.
        let was = Self::of(before, fields).object(fields, false, path);
        let was = was.unwrap_or_else(|_| before.data_object.clone());
        let mut changed = Fields::new();
        for (key, value) in &now {
            if was.get(key) != Some(value) {
                changed.insert(key.clone(), value.clone());
            }
        }
        for key in was.keys() {
            if !now.contains_key(key) && key != "id" {
                changed.insert(key.clone(), Value::Null);
            }
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(key: &str, kind: &str, required: bool) -> Field {
        Field {
            field_key: key.into(),
            field_type: kind.into(),
            required,
            ..Field::default()
        }
    }

    fn fields() -> Vec<Field> {
        vec![
            field("id", "String", false),
            field("title", "String", true),
            field("count", "Integer", false),
            field("labels", "List<String>", false),
        ]
    }

    fn object() -> DataObject {
        let data = json!({"id": "7", "title": "t", "count": 3, "labels": ["a, b"], "x": {"y": 1}});
        DataObject {
            data_object: serde_json::from_value(data).expect("fields"),
            ..DataObject::default()
        }
    }

    #[test]
    fn only_what_changed_is_sent() {
        let (fields, object) = (fields(), object());
        let mut draft = Draft::of(&object, &fields);
        let changed = |draft: &Draft| draft.changed(&object, &fields, "d").expect("changed");
        assert_eq!(changed(&draft), Fields::new());
        draft.texts.insert("count".into(), "4".into());
        draft.texts.insert("labels".into(), String::new());
        draft.more = String::new();
        let sent = Value::Object(changed(&draft));
        assert_eq!(sent, json!({"count": 4, "labels": null, "x": null}));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let mut draft = Draft {
            more: "{".into(),
            ..Draft::default()
        };
        draft.texts.insert("count".into(), "many".into());
        let errors = draft
            .object(&fields(), true, "list[0]")
            .expect_err("errors");
        let names: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["list[0].more", "list[0].title", "list[0].count"]);
    }
}
