//! Sources: they read from elsewhere and append to a stream.

mod definition;
mod read;
pub(crate) mod routes;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::watch;
use weir_store::{Store, StoreError};

use crate::{error::HttpError, running::Runners};

pub(crate) use definition::Definition;

/// What is stored about sources, and those that run.
pub(crate) struct Sources {
    store: Store,
    /// By id.
    all: RwLock<BTreeMap<String, Arc<Definition>>>,
    runners: Runners,
    /// One change of definitions at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Sources {
    /// Those that ran when the backend ended run again.
    pub(crate) async fn load(
        store: &Store,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let all = definition::load(store).await?;
        let sources = Self {
            store: store.clone(),
            all: RwLock::new(all),
            runners: Runners::load(store, "source", stopping).await?,
            changing: tokio::sync::Mutex::new(()),
        };
        for id in sources.runners.wanted() {
            let Some(definition) = sources.get(&id) else {
                sources.runners.remove(&id).await?;
                continue;
            };
            if let Err(failure) = sources.start(&definition).await {
                tracing::warn!("source '{}' was not started: {failure:?}", definition.name);
            }
        }
        Ok(sources)
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<Arc<Definition>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<_> = all.values().cloned().collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list
    }

    /// The state of one, as the API names it.
    pub(crate) fn state(&self, id: &str) -> &'static str {
        self.runners.report(id).status.source_word()
    }

    /// Bytes per second that all of them read.
    pub(crate) fn rate(&self) -> f64 {
        self.runners.rate()
    }

    fn get(&self, id: &str) -> Option<Arc<Definition>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    fn find(&self, id: &str) -> Result<Arc<Definition>, HttpError> {
        self.get(id)
            .ok_or_else(|| HttpError::not_found(format!("source '{id}'")))
    }

    async fn start(&self, definition: &Arc<Definition>) -> Result<(), HttpError> {
        let work = read::work(&self.store, definition)?;
        Ok(self.runners.start(&definition.id, work).await?)
    }

    async fn put(&self, definition: Definition) -> Result<Arc<Definition>, HttpError> {
        let taken = self
            .list()
            .iter()
            .any(|other| other.name == definition.name && other.id != definition.id);
        if taken {
            let name = format!("source '{}'", definition.name);
            return Err(StoreError::Exists(name).into());
        }
        let definition = Arc::new(definition);
        definition::store(&self.store, &definition).await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(definition.id.clone(), definition.clone());
        Ok(definition)
    }

    async fn remove(&self, id: &str) -> Result<(), HttpError> {
        definition::remove(&self.store, id).await?;
        self.all
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id);
        Ok(self.runners.remove(id).await?)
    }
}
