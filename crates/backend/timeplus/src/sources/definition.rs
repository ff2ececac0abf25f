use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use weir_api::{
    Audit,
    property::{self, Map, TypeOf, Values},
    timeplus::{sink::check_name, types::sources::TYPES},
};
use weir_store::{Store, StoreError};

use crate::{delivery::secrets, error::HttpError};

/// A source as it is stored, secrets included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Definition {
    pub id: String,
    pub name: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it writes.
    pub stream: String,
    pub properties: Map,
    pub audit: Audit,
}

impl Definition {
    pub(super) fn type_of(&self) -> &'static TypeOf {
        property::find(TYPES, &self.kind)
    }

    /// What the API shows.
    pub(super) fn public_properties(&self) -> Map {
        secrets::hide(self.type_of(), &self.properties)
    }

    /// Takes `properties` in place of its own; secrets that are left out stay.
    pub(super) fn replace_properties(&mut self, properties: Map) -> Result<(), HttpError> {
        // A secret sent as null goes.
        let gone: Vec<String> = properties
            .iter()
            .filter(|(_, value)| value.is_null())
            .map(|(key, _)| key.clone())
            .collect();
        let mut held = self.properties.clone();
        held.retain(|key, _| !gone.contains(key));
        let mut properties = secrets::keep(self.type_of(), properties, &held)?;
        properties.retain(|_, value| !value.is_null());
        self.properties = properties;
        Ok(())
    }

    /// Complains about name, type, stream and properties at their fields.
    pub(super) fn check(&self, store: &Store) -> Result<(), HttpError> {
        check_name(&self.name).map_err(|words| HttpError::field("name", words))?;
        known(&self.kind)?;
        if store.stream(&self.stream).is_none() {
            let message = match self.stream.as_str() {
                "" => "the name of a stream is needed".into(),
                name => format!("stream '{name}' does not exist; create it first"),
            };
            return Err(HttpError::field("stream", message));
        }
        store.may_write(&self.stream)?;
        secrets::entered(&self.properties)?;
        properties(self.type_of(), &self.properties)
    }
}

/// The vendor's examples for NATS list what its documentation has as one text.
pub(super) fn one_url(mut properties: Map) -> Map {
    if !properties.contains_key("url")
        && let Some(Value::Array(urls)) = properties.get("urls")
    {
        let lines: Vec<&str> = urls.iter().filter_map(Value::as_str).collect();
        let url = lines.join("\n");
        properties.remove("urls");
        properties.insert("url".into(), url.into());
    }
    properties
}

pub(super) fn known(kind: &str) -> Result<(), HttpError> {
    if TYPES.iter().any(|one| one.name == kind) {
        return Ok(());
    }
    let names: Vec<&str> = TYPES.iter().map(|one| one.name).collect();
    let message = format!("'{kind}' is not one of {}", names.join(", "));
    Err(HttpError::field("type", message))
}

/// What the type needs is there and of the right shape.
pub(super) fn properties(kind: &'static TypeOf, given: &Map) -> Result<(), HttpError> {
    let values = Values::of(kind, given);
    // Here a secret that is not there is missing.
    let missing = kind
        .properties
        .iter()
        .filter(|one| one.required && one.secret && !given.contains_key(one.key))
        .map(|one| (format!("properties.{}", one.key), "is needed".to_string()));
    let others = values.body(kind).err().unwrap_or_default();
    let others = others.into_iter().map(|error| (error.field, error.message));
    let mut errors = missing.chain(others);
    let Some((field, message)) = errors.next() else {
        return Ok(());
    };
    let first = HttpError::field(field, message);
    Err(errors.fold(first, |all, (field, message)| {
        all.with_field(field, message)
    }))
}

pub(super) async fn load(store: &Store) -> Result<BTreeMap<String, Arc<Definition>>, StoreError> {
    let rows: Vec<(String, String)> = store
        .write(|tx| {
            tx.execute_batch(
                "CREATE TABLE IF NOT EXISTS backend_sources (
                     id TEXT PRIMARY KEY, definition TEXT NOT NULL
                 ) STRICT",
            )?;
            let mut select = tx.prepare("SELECT id, unsealed(definition) FROM backend_sources")?;
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await?;
    let read = |(id, definition): (String, String)| {
        let definition =
            serde_json::from_str(&definition).map_err(|error| StoreError::Damaged {
                name: format!("source {id}"),
                reason: error.to_string(),
            })?;
        Ok((id, Arc::new(definition)))
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn store(store: &Store, definition: &Definition) -> Result<(), StoreError> {
    let id = definition.id.clone();
    let text =
        serde_json::to_string(definition).map_err(|error| StoreError::Commit(error.to_string()))?;
    store
        .write(move |tx| {
            tx.execute(
                "INSERT OR REPLACE INTO backend_sources VALUES (?1, seal(?2))",
                (id, text),
            )?;
            Ok(())
        })
        .await
}

pub(super) async fn remove(store: &Store, id: &str) -> Result<(), StoreError> {
    let id = id.to_string();
    store
        .write(move |tx| {
            tx.execute("DELETE FROM backend_sources WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: serde_json::Value) -> Map {
        value.as_object().expect("object").clone()
    }

    #[test]
    fn secrets_stay_unless_they_are_sent() {
        let mut source = Definition {
            kind: "kafka".into(),
            properties: object(json!({"brokers": "a", "password": "p", "topic": "t"})),
            ..Definition::default()
        };
        let moved = source.replace_properties(object(json!({"brokers": "b"})));
        assert!(moved.is_err(), "the secret was entered for another broker");
        let same = object(json!({"brokers": "a"}));
        source.replace_properties(same.clone()).expect("kept");
        let kept = object(json!({"brokers": "a", "password": "p"}));
        assert_eq!(source.properties, kept);
        assert_eq!(source.public_properties(), same);
        let gone = object(json!({"brokers": "b", "password": null}));
        source.replace_properties(gone).expect("gone");
        assert_eq!(source.properties, object(json!({"brokers": "b"})));
    }
}
