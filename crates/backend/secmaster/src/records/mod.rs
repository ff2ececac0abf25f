//! Small things under an id. Whoever asks gets copies.

pub(super) mod class_types;
pub(super) mod dataspaces;
pub(super) mod workspaces;

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use weir_platform::records::{self, Table};
use weir_store::{Store, StoreError};

pub(crate) struct Records<T>(records::Records<T>);

impl<T: Serialize + DeserializeOwned + Clone> Records<T> {
    pub(crate) async fn load(store: &Store, kind: &'static str) -> Result<Self, StoreError> {
        let table = Table::Shared("backend_secmaster", kind);
        Ok(Self(records::Records::load(store, table).await?))
    }

    pub(crate) fn get(&self, id: &str) -> Option<T> {
        self.0.get(id).map(Arc::unwrap_or_clone)
    }

    /// By id.
    pub(crate) fn list(&self) -> Vec<T> {
        let all = self.0.list().into_iter();
        all.map(Arc::unwrap_or_clone).collect()
    }

    pub(crate) async fn put(&self, id: &str, document: T) -> Result<(), StoreError> {
        self.0.put(id.to_owned(), document).await.map(drop)
    }

    pub(crate) async fn remove(&self, id: &str) -> Result<(), StoreError> {
        self.0.delete(vec![id.to_owned()]).await
    }
}
