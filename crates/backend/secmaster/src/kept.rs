//! Small things under an id: in memory, written through to the database.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use serde::{Serialize, de::DeserializeOwned};
use weir_store::{Store, StoreError};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_secmaster (
    kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID";

pub(super) struct Kept<T> {
    kind: &'static str,
    store: Store,
    all: RwLock<BTreeMap<String, T>>,
}

impl<T: Serialize + DeserializeOwned + Clone> Kept<T> {
    pub(super) async fn load(store: &Store, kind: &'static str) -> Result<Self, StoreError> {
        let stored: Vec<(String, String)> = store
            .write(move |tx| {
                tx.execute_batch(TABLE)?;
                let mut select = tx.prepare(
                    "SELECT id, unsealed(document) FROM backend_secmaster WHERE kind = ?1",
                )?;
                let rows = select.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let mut all = BTreeMap::new();
        for (id, document) in stored {
            let read = serde_json::from_str(&document);
            let document = read.map_err(|error| StoreError::Damaged {
                name: format!("{kind} {id}"),
                reason: error.to_string(),
            })?;
            all.insert(id, document);
        }
        Ok(Self {
            kind,
            store: store.clone(),
            all: RwLock::new(all),
        })
    }

    pub(super) fn get(&self, id: &str) -> Option<T> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    /// By id.
    pub(super) fn list(&self) -> Vec<T> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    pub(super) async fn put(&self, id: &str, document: T) -> Result<(), StoreError> {
        let text = serde_json::to_string(&document).map_err(|error| StoreError::Damaged {
            name: format!("{} {id}", self.kind),
            reason: error.to_string(),
        })?;
        let (kind, key) = (self.kind, id.to_owned());
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT OR REPLACE INTO backend_secmaster VALUES (?1, ?2, seal(?3))",
                    (kind, key, text),
                )?;
                Ok(())
            })
            .await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id.to_owned(), document);
        Ok(())
    }

    pub(super) async fn remove(&self, id: &str) -> Result<(), StoreError> {
        let (kind, key) = (self.kind, id.to_owned());
        self.store
            .write(move |tx| {
                let sql = "DELETE FROM backend_secmaster WHERE kind = ?1 AND id = ?2";
                tx.execute(sql, (kind, key))?;
                Ok(())
            })
            .await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
        Ok(())
    }
}
