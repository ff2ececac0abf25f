//! What is kept under an id and a name that nobody else of its kind has: dashboards and saved
//! queries. In memory, written through to the database.

mod routes;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Serialize, de::DeserializeOwned};
use weir_api::Audit;
use weir_store::{Store, StoreError};

pub(crate) use routes::operations;

use crate::{auth::Actor, clock, error::Failure, random};

/// Longer names are a mistake.
const NAME: usize = 256;

pub(crate) trait Document:
    Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
    /// What creates or replaces one.
    type Definition: DeserializeOwned + Send + 'static;
    /// In words, for example `saved query`.
    const WORD: &'static str;
    /// As the log of changes has it.
    const KIND: &'static str;
    const TABLE: &'static str;

    /// What the specification says of a definition, besides its name.
    fn check(_definition: &Self::Definition) -> Result<(), Failure> {
        Ok(())
    }
    /// The name that a definition gives.
    fn called(definition: &Self::Definition) -> &str;
    fn name(&self) -> &str;
    fn id(&self) -> &str;
    fn audit(&self) -> Audit;
    fn new(id: String, definition: Self::Definition, audit: Audit) -> Self;
}

pub(crate) struct Documents<D> {
    store: Store,
    all: RwLock<BTreeMap<String, Arc<D>>>,
    /// Held while something changes, so that memory and database change in the same order.
    changing: tokio::sync::Mutex<()>,
}

impl<D: Document> Documents<D> {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let stored: Vec<String> = store
            .write(|tx| {
                let table = D::TABLE;
                tx.execute_batch(&format!(
                    "CREATE TABLE IF NOT EXISTS {table} (
                         id TEXT PRIMARY KEY, document TEXT NOT NULL
                     ) STRICT"
                ))?;
                let mut select = tx.prepare(&format!("SELECT document FROM {table}"))?;
                let documents = select.query_map([], |row| row.get(0))?;
                Ok(documents.collect::<Result<_, _>>()?)
            })
            .await?;
        let mut all = BTreeMap::new();
        for text in stored {
            let document: D = serde_json::from_str(&text).map_err(|error| StoreError::Damaged {
                name: D::TABLE.into(),
                reason: error.to_string(),
            })?;
            all.insert(document.id().to_string(), Arc::new(document));
        }
        Ok(Self {
            store: store.clone(),
            all: RwLock::new(all),
            changing: tokio::sync::Mutex::default(),
        })
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<Arc<D>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<Arc<D>> = all.values().cloned().collect();
        list.sort_by(|a, b| (a.name(), a.id()).cmp(&(b.name(), b.id())));
        list
    }

    pub(crate) fn get(&self, id: &str) -> Result<Arc<D>, Failure> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned().ok_or_else(|| missing::<D>(id))
    }

    pub(crate) async fn create(
        &self,
        definition: D::Definition,
        actor: &Actor,
    ) -> Result<Arc<D>, Failure> {
        D::check(&definition)?;
        let _changing = self.changing.lock().await;
        let now = Some(clock::text(clock::now_ms()));
        let audit = Audit {
            created_at: now.clone(),
            created_by: Some(actor.owner()),
            last_updated_at: now,
            last_updated_by: Some(actor.owner()),
        };
        self.keep(D::new(random::uuid(), definition, audit)).await
    }

    pub(crate) async fn replace(
        &self,
        id: &str,
        definition: D::Definition,
        actor: &Actor,
    ) -> Result<Arc<D>, Failure> {
        D::check(&definition)?;
        let _changing = self.changing.lock().await;
        let audit = Audit {
            last_updated_at: Some(clock::text(clock::now_ms())),
            last_updated_by: Some(actor.owner()),
            ..self.get(id)?.audit()
        };
        self.keep(D::new(id.into(), definition, audit)).await
    }

    async fn keep(&self, document: D) -> Result<Arc<D>, Failure> {
        self.check(&document)?;
        let id = document.id().to_string();
        let text = serde_json::to_string(&document).map_err(Failure::internal)?;
        let key = id.clone();
        self.store
            .write(move |tx| {
                let sql = format!("INSERT OR REPLACE INTO {} VALUES (?1, ?2)", D::TABLE);
                tx.execute(&sql, (key, text))?;
                Ok(())
            })
            .await?;
        let document = Arc::new(document);
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, document.clone());
        Ok(document)
    }

    fn check(&self, document: &D) -> Result<(), Failure> {
        let name = document.name();
        if name.trim().is_empty() {
            return Err(Failure::field("name", "is needed"));
        }
        if name.chars().count() > NAME {
            let words = format!("must not have more than {NAME} characters");
            return Err(Failure::field("name", words));
        }
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let taken = |other: &Arc<D>| other.name() == name && other.id() != document.id();
        match all.values().any(taken) {
            true => Err(StoreError::Exists(format!("{} '{name}'", D::WORD)).into()),
            false => Ok(()),
        }
    }

    /// What was deleted.
    pub(crate) async fn delete(&self, id: &str) -> Result<Arc<D>, Failure> {
        let _changing = self.changing.lock().await;
        let document = self.get(id)?;
        let key = id.to_string();
        self.store
            .write(move |tx| {
                tx.execute(&format!("DELETE FROM {} WHERE id = ?1", D::TABLE), [key])?;
                Ok(())
            })
            .await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
        Ok(document)
    }
}

fn missing<D: Document>(id: &str) -> Failure {
    Failure::not_found(format!("{} '{id}'", D::WORD))
}
