//! Definitions that are kept and run under an id, with a name that nobody else of their kind has:
//! sinks and alerts.

pub(crate) mod jobs;
pub(crate) mod routes;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Deserialize, Serialize};
use weir_api::Owner;
use weir_store::StoreError;

use crate::{clock, error::HttpError, random};

pub(crate) trait Definition: Clone + Default {
    /// In words, for example `sink`.
    const WORD: &'static str;

    fn name(&self) -> &str;
}

/// What is kept of one besides how it runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Record<D> {
    pub id: String,
    pub definition: D,
    pub created_at: String,
    pub created_by: Owner,
    pub updated_at: String,
    pub updated_by: Owner,
}

impl<D: Definition> Record<D> {
    pub(crate) fn new(definition: D, owner: Owner) -> Self {
        let now = clock::text(clock::now_ms());
        Self {
            id: random::uuid(),
            created_at: now.clone(),
            created_by: owner.clone(),
            updated_at: now,
            updated_by: owner,
            definition,
        }
    }

    pub(crate) fn changed(self, definition: D, owner: Owner) -> Self {
        Self {
            updated_at: clock::text(clock::now_ms()),
            updated_by: owner,
            definition,
            ..self
        }
    }

    /// As text for the database.
    pub(crate) fn text(&self) -> Result<String, StoreError>
    where
        D: Serialize,
    {
        text::<D, _>(&self.id, self)
    }
}

/// What is stored of the one called `id` is not what was written.
pub(crate) fn damaged<D: Definition>(id: &str, reason: &serde_json::Error) -> StoreError {
    StoreError::Damaged {
        name: format!("{} {id}", D::WORD),
        reason: reason.to_string(),
    }
}

/// Something of the one called `id` as text for the database.
pub(crate) fn text<D: Definition, T: Serialize>(id: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| damaged::<D>(id, &error))
}

/// The same of what there may be.
pub(crate) fn maybe_text<D: Definition, T: Serialize>(
    id: &str,
    value: Option<T>,
) -> Result<Option<String>, StoreError> {
    value.map(|value| text::<D, T>(id, &value)).transpose()
}

/// One of them, with its state.
pub(crate) struct Entry<D, S> {
    record: RwLock<Record<D>>,
    pub state: S,
}

impl<D: Definition, S> Entry<D, S> {
    pub(crate) fn record(&self) -> Record<D> {
        let record = self.record.read().unwrap_or_else(PoisonError::into_inner);
        record.clone()
    }

    pub(crate) fn set_record(&self, record: Record<D>) {
        *self.record.write().unwrap_or_else(PoisonError::into_inner) = record;
    }
}

/// All of a kind, in memory.
pub(crate) struct Roster<D, S>(RwLock<BTreeMap<String, Arc<Entry<D, S>>>>);

impl<D, S> Default for Roster<D, S> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<D: Definition, S> Roster<D, S> {
    pub(crate) fn insert(&self, record: Record<D>, state: S) -> Arc<Entry<D, S>> {
        let id = record.id.clone();
        let entry = Arc::new(Entry {
            record: RwLock::new(record),
            state,
        });
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, entry.clone());
        entry
    }

    pub(crate) fn remove(&self, id: &str) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
    }

    pub(crate) fn entries(&self) -> Vec<Arc<Entry<D, S>>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    pub(crate) fn entry(&self, id: &str) -> Result<Arc<Entry<D, S>>, HttpError> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = all.get(id).cloned();
        found.ok_or_else(|| HttpError::not_found(format!("{} '{id}'", D::WORD)))
    }

    /// The name belongs to nobody besides the one called `besides`.
    pub(crate) fn free_name(&self, name: &str, besides: &str) -> Result<(), HttpError> {
        let taken = self.entries().iter().any(|entry| {
            let record = entry.record();
            record.definition.name() == name && record.id != besides
        });
        match taken {
            true => Err(StoreError::Exists(format!("{} '{name}'", D::WORD)).into()),
            false => Ok(()),
        }
    }
}
