//! What a request says of a streaming, checked.

use serde_json::{Map, Value};
use weir_api::{
    azion::{
        DataSource,
        check::{self, KeyError},
        endpoint,
        streaming::StreamingDef,
    },
    property::find,
};

use super::domains;
use crate::delivery::secrets;

type KeyErrors = Vec<KeyError>;

/// How the request stands to what is there.
pub(super) enum Change<'a> {
    Create,
    /// All fields; secrets that are left out stay.
    Replace(&'a StreamingDef),
    /// Fields that are left out stay.
    Patch(&'a StreamingDef),
}

pub(super) fn read(
    sent: &Map<String, Value>,
    change: &Change<'_>,
    has_template: &dyn Fn(i64) -> bool,
) -> Result<StreamingDef, KeyErrors> {
    let mut key_errors = Vec::new();
    let (base, partial) = match change {
        Change::Create => (None, false),
        Change::Replace(old) => (Some(*old), false),
        Change::Patch(old) => (Some(*old), true),
    };
    let mut definition = match (base, partial) {
        (Some(old), true) => old.clone(),
        _ => StreamingDef::default(),
    };
    let mut reader = Reader {
        sent,
        partial,
        has_template,
        key_errors: &mut key_errors,
    };
    reader.text("name", &mut definition.name);
    reader.source(&mut definition.data_source);
    reader.flag("active", &mut definition.active);
    reader.sampling(&mut definition.sampling_percentage);
    reader.domains(&mut definition);
    reader.template(&mut definition);
    reader.endpoint(&mut definition, base);
    match key_errors.is_empty() {
        true => Ok(definition),
        false => Err(key_errors),
    }
}

struct Reader<'a> {
    sent: &'a Map<String, Value>,
    partial: bool,
    has_template: &'a dyn Fn(i64) -> bool,
    key_errors: &'a mut KeyErrors,
}

impl Reader<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.sent.get(key).filter(|value| !value.is_null())
    }

    fn complain(&mut self, key: &'static str, words: impl Into<String>) {
        self.key_errors.push(KeyError::new(key, words));
    }

    /// A text that is needed and not blank.
    fn text(&mut self, key: &'static str, into: &mut String) {
        match self.get(key) {
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.complain(key, "This field may not be blank.");
            }
            Some(Value::String(text)) => *into = text.clone(),
            Some(_) => self.complain(key, "Not a valid string."),
            None if self.partial && !self.sent.contains_key(key) => {}
            None => self.complain(key, "This field is required."),
        }
    }

    fn flag(&mut self, key: &'static str, into: &mut bool) {
        match self.get(key) {
            Some(Value::Bool(on)) => *into = *on,
            Some(_) => self.complain(key, "Must be a valid boolean."),
            None => {}
        }
    }

    fn source(&mut self, into: &mut String) {
        match self.get("data_source") {
            Some(Value::String(name)) if DataSource::meant(name).is_some() => *into = name.clone(),
            Some(value) => {
                let shown = value
                    .as_str()
                    .map_or_else(|| value.to_string(), String::from);
                self.complain("data_source", format!("\"{shown}\" is not a valid choice."));
            }
            None => {}
        }
    }

    fn sampling(&mut self, into: &mut Option<i64>) {
        const KEY: &str = "sampling_percentage";
        match self.sent.get(KEY) {
            None => {}
            Some(Value::Null) => *into = None,
            Some(value) => match value.as_i64() {
                Some(percent @ 0..=100) => *into = Some(percent),
                Some(_) => self.complain(KEY, "Ensure this value is from 0 to 100."),
                None => self.complain(KEY, "A valid integer is required."),
            },
        }
    }

    fn domains(&mut self, definition: &mut StreamingDef) {
        const KEY: &str = "domain_ids";
        self.flag("all_domains", &mut definition.all_domains);
        // The specification has another spelling.
        let value = self.get(KEY).or_else(|| self.get("domains_ids")).cloned();
        if let Some(value) = &value {
            let ids = value.as_array().and_then(|all| {
                let ids: Option<Vec<i64>> = all.iter().map(Value::as_i64).collect();
                ids
            });
            match ids {
                Some(ids) => {
                    for id in ids.iter().filter(|id| !domains::exists(**id)) {
                        let words = format!("Invalid pk \"{id}\" - object does not exist.");
                        self.key_errors.push(KeyError::new(KEY, words));
                    }
                    definition.domain_ids = ids;
                }
                None => return self.complain(KEY, "A list of integers is required."),
            }
        }
        let needed =
            DataSource::meant(&definition.data_source).is_some_and(DataSource::has_domains);
        if definition.all_domains {
            definition.domain_ids.clear();
        } else if needed && definition.domain_ids.is_empty() && value.is_some() {
            self.complain(KEY, "This list may not be empty.");
        }
    }

    fn template(&mut self, definition: &mut StreamingDef) {
        let id = self.get("template_id").cloned();
        let model = self.get("template_model").cloned();
        match (id, model) {
            (Some(id), _) => match id.as_i64().filter(|id| (self.has_template)(*id)) {
                Some(id) => {
                    definition.template_id = Some(id);
                    definition.template_model = None;
                }
                None => {
                    let words = format!("Invalid pk \"{id}\" - object does not exist.");
                    self.complain("template_id", words);
                }
            },
            (None, Some(Value::String(text))) => {
                definition.template_id = None;
                definition.template_model = Some(text);
            }
            (None, Some(_)) => self.complain("template_model", "Not a valid string."),
            // The specification asks for neither; without one the first template holds.
            (None, None) => {}
        }
        let model = definition.template_model.as_deref();
        self.key_errors
            .extend(model.and_then(check::template_model));
    }

    fn endpoint(&mut self, definition: &mut StreamingDef, base: Option<&StreamingDef>) {
        let mut sent = match self.get("endpoint") {
            Some(Value::Object(map)) => map.clone(),
            // As the specification types it.
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(map) => map,
                Err(_) => return self.complain("endpoint", "Value must be valid JSON."),
            },
            Some(_) => return self.complain("endpoint", "Expected a dictionary of items."),
            None if self.partial => return,
            None => return self.complain("endpoint", "This field is required."),
        };
        let kind = sent.get(endpoint::TYPE).and_then(Value::as_str);
        let kind = kind.unwrap_or_default().to_string();
        if let Some(old) = base.filter(|old| old.endpoint_type() == kind) {
            sent = match secrets::keep(find(endpoint::TYPES, &kind), sent, &old.endpoint) {
                Ok(kept) => kept,
                Err(moved) => return self.complain("endpoint", moved.words()),
            };
        }
        if let Err(masked) = secrets::entered(&sent) {
            return self.complain("endpoint", masked.words());
        }
        self.key_errors.extend(check::endpoint(&sent));
        definition.endpoint = sent;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("object")
    }

    fn splunk() -> StreamingDef {
        let sent = json!({
            "name": "a", "template_id": 2, "domain_ids": [1],
            "endpoint": {"endpoint_type": "splunk", "url": "http://s", "api_key": "secret"},
        });
        read(&map(sent), &Change::Create, &|id| id == 2).expect("definition")
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let old = splunk();
        let change = json!({"active": false, "template_model": "$status",
                            "endpoint": {"endpoint_type": "splunk", "url": "http://s"}});
        let new = read(&map(change), &Change::Patch(&old), &|id| id == 2).expect("definition");
        assert_eq!(new.endpoint["api_key"], "secret");
        assert_eq!((new.template_id, new.active), (None, false));
        assert_eq!((new.name.as_str(), &new.domain_ids), ("a", &old.domain_ids));
        // Of another type there is nothing to keep.
        let change = json!({"endpoint": {"endpoint_type": "datadog", "url": "http://t"}});
        let errors = read(&map(change), &Change::Patch(&old), &|id| id == 2).expect_err("no key");
        assert_eq!(errors[0].key, "api_key");
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let sent = json!({"name": " ", "data_source": "mail", "active": 1, "sampling_percentage": 101,
                          "domain_ids": [99], "template_id": 7});
        let errors = read(&map(sent), &Change::Create, &|id| id == 2).expect_err("wrong");
        let keys: Vec<_> = errors.iter().map(|one| one.key).collect();
        assert_eq!(
            keys,
            [
                "name",
                "data_source",
                "active",
                "sampling_percentage",
                "domain_ids",
                "template_id",
                "endpoint"
            ]
        );
        let old = splunk();
        let errors = read(&map(json!({"name": "b"})), &Change::Replace(&old), &|id| {
            id == 2
        })
        .expect_err("fields");
        let keys: Vec<_> = errors.iter().map(|one| one.key).collect();
        assert_eq!(keys, ["endpoint"]);
    }

    #[test]
    fn what_the_vendors_specification_does_not_require_may_be_left_out() {
        let mut sent = json!({"name": "a", "data_source": "http",
                              "endpoint": {"endpoint_type": "qradar", "url": "http://q"}});
        assert!(read(&map(sent.clone()), &Change::Create, &|id| id == 2).is_ok());
        // Variables may be newer than this program.
        sent["template_model"] = json!("$version $custom_value");
        assert!(read(&map(sent.clone()), &Change::Create, &|id| id == 2).is_ok());
        sent["template_model"] = json!(" ");
        let errors = read(&map(sent), &Change::Create, &|id| id == 2).expect_err("blank");
        assert_eq!(errors[0].key, "template_model");
    }
}
