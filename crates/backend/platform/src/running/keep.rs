//! What survives a restart.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};
use weir_store::{Store, StoreError};

use super::{history::History, job::Job};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StoredJob {
    pub(super) wanted: bool,
    pub(super) started_ms: i64,
    pub(super) history: History,
}

pub(super) async fn load(
    store: &Store,
    kind: &'static str,
) -> Result<HashMap<String, Arc<Job>>, StoreError> {
    let rows: Vec<(String, String)> = store
        .write(move |tx| {
            tx.execute_batch(
                "CREATE TABLE IF NOT EXISTS backend_running (
                     kind TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL,
                     PRIMARY KEY (kind, id)
                 ) STRICT, WITHOUT ROWID",
            )?;
            let mut select = tx.prepare("SELECT id, state FROM backend_running WHERE kind = ?1")?;
            let rows = select.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await?;
    let read = |(id, state): (String, String)| {
        let kept: StoredJob =
            serde_json::from_str(&state).map_err(|error| StoreError::Damaged {
                name: format!("{kind} {id}"),
                reason: error.to_string(),
            })?;
        Ok((id, Arc::new(Job::from_stored(kept))))
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn store(
    store: &Store,
    kind: &'static str,
    kept: Vec<(String, StoredJob)>,
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            let mut insert =
                tx.prepare_cached("INSERT OR REPLACE INTO backend_running VALUES (?1, ?2, ?3)")?;
            for (id, kept) in kept {
                let state = serde_json::to_string(&kept)
                    .map_err(|error| StoreError::Commit(error.to_string()))?;
                insert.execute((kind, id, state))?;
            }
            Ok(())
        })
        .await
}

pub(super) async fn remove(store: &Store, kind: &'static str, id: &str) -> Result<(), StoreError> {
    let id = id.to_string();
    store
        .write(move |tx| {
            tx.execute(
                "DELETE FROM backend_running WHERE kind = ?1 AND id = ?2",
                (kind, id),
            )?;
            Ok(())
        })
        .await
}
