//! Where each delivery stands.

use rusqlite::{OptionalExtension, Transaction};
use weir_engine::Checkpoint;
use weir_store::{Store, StoreError};

/// `next_run` in Unix ms, of scheduled deliveries.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_shippers (
    id TEXT PRIMARY KEY, checkpoint TEXT NOT NULL, next_run INTEGER
) STRICT";

#[derive(Default)]
pub(super) struct Progress {
    pub checkpoint: Option<Checkpoint>,
    pub next_run: Option<i64>,
}

pub(super) async fn create(store: &Store) -> Result<(), StoreError> {
    store.write(|tx| Ok(tx.execute_batch(TABLE)?)).await
}

fn damaged(id: &str, error: serde_json::Error) -> StoreError {
    StoreError::Damaged {
        name: format!("delivery {id}"),
        reason: error.to_string(),
    }
}

pub(super) fn text(id: &str, checkpoint: &Checkpoint) -> Result<String, StoreError> {
    serde_json::to_string(checkpoint).map_err(|error| damaged(id, error))
}

pub(super) async fn begin(
    store: &Store,
    id: &str,
    checkpoint: &Checkpoint,
    next_run: Option<i64>,
) -> Result<(), StoreError> {
    let (id, text) = (id.to_owned(), text(id, checkpoint)?);
    store
        .write(move |tx| {
            tx.execute(
                "INSERT OR REPLACE INTO backend_shippers VALUES (?1, ?2, ?3)",
                (id, text, next_run),
            )?;
            Ok(())
        })
        .await
}

/// In the transaction that writes the rows before it. Fails when the delivery was deleted.
pub(super) fn advance(tx: &Transaction<'_>, id: &str, checkpoint: &str) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE backend_shippers SET checkpoint = ?2 WHERE id = ?1")?
        .execute((id, checkpoint))?;
    match changed {
        0 => Err(StoreError::NotFound(format!("delivery '{id}'"))),
        _ => Ok(()),
    }
}

pub(super) async fn schedule(store: &Store, id: &str, next_run: i64) -> Result<(), StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            let sql = "UPDATE backend_shippers SET next_run = ?2 WHERE id = ?1";
            tx.execute(sql, (id, next_run))?;
            Ok(())
        })
        .await
}

pub(super) async fn load(store: &Store, id: &str) -> Result<Progress, StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            let found: Option<(String, Option<i64>)> = tx
                .query_row(
                    "SELECT checkpoint, next_run FROM backend_shippers WHERE id = ?1",
                    [&id],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((checkpoint, next_run)) = found else {
                return Ok(Progress::default());
            };
            let read = serde_json::from_str(&checkpoint);
            Ok(Progress {
                checkpoint: Some(read.map_err(|error| damaged(&id, error))?),
                next_run,
            })
        })
        .await
}

pub(super) async fn forget(store: &Store, id: &str) -> Result<(), StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            tx.execute("DELETE FROM backend_shippers WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
}
