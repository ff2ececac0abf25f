//! What is kept under an id and a name that nobody else of its kind has: dashboards and saved
//! queries. In memory, written through to the database.

mod routes;

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use weir_api::Audit;
use weir_store::{Store, StoreError};

pub(crate) use routes::operations;

use weir_platform::{
    auth::Actor,
    clock,
    error::HttpError,
    random,
    records::{Records, Table},
};

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
    fn check(_definition: &Self::Definition) -> Result<(), HttpError> {
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
    all: Records<D>,
    /// Held while something changes, so that a name is free until it is taken.
    changing: tokio::sync::Mutex<()>,
}

impl<D: Document> Documents<D> {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            all: Records::load(store, Table::Own(D::TABLE)).await?,
            changing: tokio::sync::Mutex::default(),
        })
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<Arc<D>> {
        let mut list = self.all.list();
        list.sort_by(|a, b| (a.name(), a.id()).cmp(&(b.name(), b.id())));
        list
    }

    pub(crate) fn get(&self, id: &str) -> Result<Arc<D>, HttpError> {
        let found = self.all.get(id);
        found.ok_or_else(|| HttpError::not_found(format!("{} '{id}'", D::WORD)))
    }

    pub(crate) async fn create(
        &self,
        definition: D::Definition,
        actor: &Actor,
    ) -> Result<Arc<D>, HttpError> {
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
    ) -> Result<Arc<D>, HttpError> {
        D::check(&definition)?;
        let _changing = self.changing.lock().await;
        let audit = Audit {
            last_updated_at: Some(clock::text(clock::now_ms())),
            last_updated_by: Some(actor.owner()),
            ..self.get(id)?.audit()
        };
        self.keep(D::new(id.into(), definition, audit)).await
    }

    async fn keep(&self, document: D) -> Result<Arc<D>, HttpError> {
        self.check(&document)?;
        Ok(self.all.put(document.id().to_string(), document).await?)
    }

    fn check(&self, document: &D) -> Result<(), HttpError> {
        let name = document.name();
        if name.trim().is_empty() {
            return Err(HttpError::field("name", "is needed"));
        }
        if name.chars().count() > NAME {
            let words = format!("must not have more than {NAME} characters");
            return Err(HttpError::field("name", words));
        }
        let taken = |other: &Arc<D>| other.name() == name && other.id() != document.id();
        match self.all.list().iter().any(taken) {
            true => Err(StoreError::Exists(format!("{} '{name}'", D::WORD)).into()),
            false => Ok(()),
        }
    }

    /// What was deleted.
    pub(crate) async fn delete(&self, id: &str) -> Result<Arc<D>, HttpError> {
        let _changing = self.changing.lock().await;
        let document = self.get(id)?;
        self.all.delete(vec![id.to_string()]).await?;
        Ok(document)
    }
}
