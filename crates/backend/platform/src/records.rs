//! The one way to keep documents of a kind: in memory under their keys, written through to the
//! database as JSON.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    fmt::Display,
    sync::{Arc, PoisonError, RwLock},
};

use rusqlite::types::{FromSql, ToSql};
use serde::{Serialize, de::DeserializeOwned};
use weir_store::{Store, StoreError};

/// What documents are called by.
pub trait Key: Ord + Clone + Display + FromSql + ToSql + Send + Sync + 'static {
    /// In the database.
    const TYPE: &'static str;
}

impl Key for String {
    const TYPE: &'static str = "TEXT";
}

impl Key for i64 {
    const TYPE: &'static str = "INTEGER";
}

/// Where in the database documents are.
#[derive(Debug, Clone, Copy)]
pub enum Table {
    /// In a table of their own.
    Own(&'static str),
    /// In this table, together with those of other kinds; the second is theirs. They are encrypted;
    /// the store names the table for that.
    Shared(&'static str, &'static str),
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Self::Own(name) | Self::Shared(name, _) => name,
        }
    }

    fn create(self, key: &str) -> String {
        let name = self.name();
        let columns = match self {
            Self::Own(_) => format!("id {key} PRIMARY KEY, document TEXT NOT NULL"),
            Self::Shared(..) => format!(
                "kind TEXT NOT NULL, id {key} NOT NULL, document TEXT NOT NULL, \
                 PRIMARY KEY (kind, id)"
            ),
        };
        format!("CREATE TABLE IF NOT EXISTS {name} ({columns}) STRICT")
    }

    /// Older databases have other names for the columns of tables of their own.
    fn select(self) -> String {
        match self {
            Self::Own(name) => format!("SELECT * FROM {name}"),
            Self::Shared(name, kind) => {
                format!("SELECT id, unsealed(document) FROM {name} WHERE kind = '{kind}'")
            }
        }
    }

    fn insert(self) -> String {
        let name = self.name();
        match self {
            Self::Own(_) => format!("INSERT OR REPLACE INTO {name} VALUES (?1, ?2)"),
            Self::Shared(_, kind) => {
                format!("INSERT OR REPLACE INTO {name} VALUES ('{kind}', ?1, seal(?2))")
            }
        }
    }

    fn delete(self) -> String {
        let name = self.name();
        match self {
            Self::Own(_) => format!("DELETE FROM {name} WHERE id = ?1"),
            Self::Shared(_, kind) => {
                format!("DELETE FROM {name} WHERE kind = '{kind}' AND id = ?1")
            }
        }
    }

    fn damaged(self, key: impl Display, error: &serde_json::Error) -> StoreError {
        let kind = match self {
            Self::Own(name) => name.to_string(),
            Self::Shared(name, kind) => format!("{name} {kind}"),
        };
        StoreError::Damaged {
            name: format!("{kind} {key}"),
            reason: error.to_string(),
        }
    }
}

/// All documents of a kind. Whoever changes what depends on other documents holds a lock of their
/// own meanwhile.
pub struct Records<T, K = String> {
    table: Table,
    store: Store,
    all: RwLock<BTreeMap<K, Arc<T>>>,
}

impl<T: Serialize + DeserializeOwned, K: Key> Records<T, K> {
    pub async fn load(store: &Store, table: Table) -> Result<Self, StoreError> {
        let stored: Vec<(K, String)> = store
            .write(move |tx| {
                tx.execute_batch(&table.create(K::TYPE))?;
                let mut select = tx.prepare(&table.select())?;
                let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let read = stored.into_iter().map(|(key, text)| {
            let document = serde_json::from_str(&text);
            let document = document.map_err(|error| table.damaged(&key, &error))?;
            Ok((key, Arc::new(document)))
        });
        Ok(Self {
            table,
            store: store.clone(),
            all: RwLock::new(read.collect::<Result<_, StoreError>>()?),
        })
    }

    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Arc<T>>
    where
        K: Borrow<Q>,
    {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(key).cloned()
    }

    /// By key.
    pub fn list(&self) -> Vec<Arc<T>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    /// Creates or replaces.
    pub async fn put(&self, key: K, document: T) -> Result<Arc<T>, StoreError> {
        let text = serde_json::to_string(&document);
        let text = text.map_err(|error| self.table.damaged(&key, &error))?;
        let (table, id) = (self.table, key.clone());
        self.store
            .write(move |tx| {
                tx.execute(&table.insert(), (id, text))?;
                Ok(())
            })
            .await?;
        let document = Arc::new(document);
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(key, document.clone());
        Ok(document)
    }

    /// All of these or none; those that do not exist are gone already.
    pub async fn delete(&self, keys: Vec<K>) -> Result<(), StoreError> {
        let (table, gone) = (self.table, keys.clone());
        self.store
            .write(move |tx| {
                let mut delete = tx.prepare(&table.delete())?;
                for key in gone {
                    delete.execute([key])?;
                }
                Ok(())
            })
            .await?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        for key in &keys {
            all.remove(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_is_there_after_a_restart_and_kinds_are_apart() {
        let folder = tempfile::tempdir().expect("folder");
        let (one, other) = (
            Table::Shared("things", "one"),
            Table::Shared("things", "other"),
        );
        {
            let store = Store::open(folder.path()).expect("store");
            let ones: Records<String, i64> = Records::load(&store, one).await.expect("load");
            let others: Records<String, i64> = Records::load(&store, other).await.expect("load");
            ones.put(1, "a".into()).await.expect("put");
            ones.put(2, "b".into()).await.expect("put");
            others.put(1, "c".into()).await.expect("put");
            ones.delete(vec![2, 3]).await.expect("delete");
            let closed = store.closed();
            drop((ones, others, store));
            closed.await;
        }
        let store = Store::open(folder.path()).expect("store");
        let ones: Records<String, i64> = Records::load(&store, one).await.expect("load");
        let others: Records<String, i64> = Records::load(&store, other).await.expect("load");
        assert_eq!(ones.list(), [Arc::new("a".to_string())]);
        assert_eq!(others.get(&1).as_deref(), Some(&"c".to_string()));
        let table = Table::Shared("things", "one");
        let damaged = Records::<i64, i64>::load(&store, table).await.err();
        assert!(damaged.is_some_and(|error| error.to_string().contains("things one 1")));
    }
}
