//! Objects are created, changed and deleted.

use serde_json::Value;
use weir_api::secmaster::{
    data_class::{DataClass, Field},
    data_object::Fields,
};

use super::{
    super::{classes, vendor_error::VendorError},
    Objects,
    stored::Stored,
};
use crate::{clock, random};

/// What is created; a batch names the object where something is wrong.
pub(super) enum Sent {
    One(Fields),
    Batch(Vec<Fields>),
}

impl Sent {
    fn list(self) -> (Vec<Fields>, fn(usize) -> String) {
        match self {
            Self::One(object) => (vec![object], |_| "data_object".into()),
            Self::Batch(list) => (list, |at| format!("data_object_list[{at}]")),
        }
    }
}

impl Objects {
    /// All or none. An object may bring its own id, so that sending it again makes no second one.
    pub(super) async fn create(
        &self,
        class: &DataClass,
        workspace: &str,
        format_version: i64,
        sent: Sent,
    ) -> Result<Vec<String>, VendorError> {
        let (objects, place) = sent.list();
        if objects.is_empty() {
            return Err(VendorError::field("data_object_list", "is empty"));
        }
        if objects.len() > BATCH {
            let words = format!("at most {BATCH} objects at once");
            return Err(VendorError::field("data_object_list", words));
        }
        let _changing = self.changing.lock().await;
        let fields = classes::fields(&class.id);
        let now = clock::now_ms();
        let mut rows: Vec<Stored> = Vec::new();
        for (at, mut object) in objects.into_iter().enumerate() {
            let place = |key: &str| format!("{}.{key}", place(at));
            check(&fields, &object)
                .map_err(|(key, words)| VendorError::field(place(&key), words))?;
            let id = match object.get("id") {
                None | Some(Value::Null) => random::uuid(),
                Some(Value::String(id)) if (1..=64).contains(&id.len()) => id.clone(),
                Some(_) => return Err(VendorError::field(place("id"), "1 to 64 characters")),
            };
            if rows.iter().any(|row| row.id == id) {
                return Err(VendorError::field(place("id"), "is there twice"));
            }
            object.insert("id".into(), id.clone().into());
            rows.push(Stored {
                id,
                workspace: workspace.into(),
                create_ms: now,
                update_ms: now,
                version: 1,
                format_version,
                deleted: false,
                object: Value::Object(object).to_string(),
            });
        }
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let taken = self.find(class, workspace, ids.clone(), true).await?;
        if let Some(taken) = taken.first() {
            let at = ids
                .iter()
                .position(|id| *id == taken.id)
                .unwrap_or_default();
            let words = format!("'{}' already exists", taken.id);
            return Err(VendorError::field(format!("{}.id", place(at)), words));
        }
        let stream = self.stream(class).await?;
        self.write(stream, &rows).await?;
        Ok(ids)
    }

    /// Fields that are given replace what was; `null` takes one away.
    pub(super) async fn update(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
        changed: &Fields,
    ) -> Result<(), VendorError> {
        let _changing = self.changing.lock().await;
        let fields = classes::fields(&class.id);
        let mut rows = Vec::new();
        for id in ids {
            let mut stored = self.get(class, workspace, &id).await?;
            let mut object = stored.fields();
            for (key, value) in changed {
                match value {
                    _ if key == "id" => {}
                    Value::Null => {
                        object.remove(key);
                    }
                    value => {
                        object.insert(key.clone(), value.clone());
                    }
                }
            }
            check(&fields, &object)
                .map_err(|(key, words)| VendorError::field(format!("data_object.{key}"), words))?;
            stored.object = Value::Object(object).to_string();
            stored.version += 1;
            stored.update_ms = clock::now_ms();
            rows.push(stored);
        }
        let stream = self.stream(class).await?;
        self.write(stream, &rows).await
    }

    /// Ids of those that were deleted and of those that are not there.
    pub(super) async fn delete(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
    ) -> Result<(Vec<String>, Vec<String>), VendorError> {
        let _changing = self.changing.lock().await;
        let mut rows = self.find(class, workspace, ids.clone(), false).await?;
        for row in &mut rows {
            row.deleted = true;
            row.object = "{}".into();
            row.version += 1;
            row.update_ms = clock::now_ms();
        }
        if !rows.is_empty() {
            let stream = self.stream(class).await?;
            self.write(stream, &rows).await?;
        }
        let gone = |id: &String| rows.iter().any(|row| row.id == *id);
        Ok(ids.into_iter().partition(gone))
    }
}

/// The first field that is wrong, and why. Fields that the class does not know may be anything.
fn check(fields: &[Field], object: &Fields) -> Result<(), (String, String)> {
    for field in fields {
        let key = &field.field_key;
        match object.get(key) {
            None | Some(Value::Null) if field.required => {
                return Err((key.clone(), "is needed".into()));
            }
            None => {}
            Some(value) => field.check(value).map_err(|words| (key.clone(), words))?,
        }
    }
    Ok(())
}

/// Objects of one batch.
const BATCH: usize = 1000;
