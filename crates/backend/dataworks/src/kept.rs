//! Documents under numbers: in memory, written through to the database.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Serialize, de::DeserializeOwned};
use weir_store::{Store, StoreError};

/// Numbers are never given twice, so they are counted for all kinds together.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS backend_dataworks (
        kind TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS backend_dataworks_count (last INTEGER NOT NULL) STRICT;
    INSERT INTO backend_dataworks_count
        SELECT 10000 WHERE NOT EXISTS (SELECT 1 FROM backend_dataworks_count);";

pub(super) async fn create(store: &Store) -> Result<(), StoreError> {
    store.write(|tx| Ok(tx.execute_batch(TABLES)?)).await
}

pub(super) async fn next_id(store: &Store) -> Result<i64, StoreError> {
    let count = "UPDATE backend_dataworks_count SET last = last + 1 RETURNING last";
    store
        .write(|tx| Ok(tx.query_row(count, [], |row| row.get(0))?))
        .await
}

/// All documents of one kind.
pub(super) struct Shelf<T> {
    kind: &'static str,
    all: RwLock<BTreeMap<i64, Arc<T>>>,
}

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    pub(super) async fn load(store: &Store, kind: &'static str) -> Result<Self, StoreError> {
        let rows: Vec<(i64, String)> = store
            .write(move |tx| {
                let sql = "SELECT id, unsealed(document) FROM backend_dataworks WHERE kind = ?1";
                let mut select = tx.prepare(sql)?;
                let rows = select.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let mut all = BTreeMap::new();
        for (id, text) in rows {
            let document =
                serde_json::from_str(&text).map_err(|error| damaged(kind, id, &error))?;
            all.insert(id, Arc::new(document));
        }
        Ok(Self {
            kind,
            all: RwLock::new(all),
        })
    }

    /// In the order in which they were made.
    pub(super) fn list(&self) -> Vec<Arc<T>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    pub(super) fn get(&self, id: i64) -> Option<Arc<T>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).cloned()
    }

    pub(super) async fn put(
        &self,
        store: &Store,
        id: i64,
        document: T,
    ) -> Result<Arc<T>, StoreError> {
        let kind = self.kind;
        let text = serde_json::to_string(&document).map_err(|error| damaged(kind, id, &error))?;
        store
            .write(move |tx| {
                let sql = "INSERT OR REPLACE INTO backend_dataworks VALUES (?1, ?2, seal(?3))";
                tx.execute(sql, (kind, id, text))?;
                Ok(())
            })
            .await?;
        let document = Arc::new(document);
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, document.clone());
        Ok(document)
    }

    pub(super) async fn delete(&self, store: &Store, ids: Vec<i64>) -> Result<(), StoreError> {
        let (kind, gone) = (self.kind, ids.clone());
        store
            .write(move |tx| {
                let sql = "DELETE FROM backend_dataworks WHERE kind = ?1 AND id = ?2";
                let mut delete = tx.prepare(sql)?;
                for id in gone {
                    delete.execute((kind, id))?;
                }
                Ok(())
            })
            .await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| !ids.contains(id));
        Ok(())
    }
}

fn damaged(kind: &str, id: i64, error: &serde_json::Error) -> StoreError {
    StoreError::Damaged {
        name: format!("{kind} {id} of DataWorks"),
        reason: error.to_string(),
    }
}
