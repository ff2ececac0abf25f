//! Streamings in the database.

use serde::{Serialize, de::DeserializeOwned};
use weir_api::azion::streaming::StreamingDef;
use weir_store::{Store, StoreError};

use crate::auth;

use super::record::{Edits, Entry, Figures, Position};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_azion_streamings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, definition TEXT NOT NULL, position TEXT,
    figures TEXT NOT NULL DEFAULT '{}'
) STRICT";

fn damaged(error: serde_json::Error) -> StoreError {
    StoreError::Damaged {
        name: "data streaming".into(),
        reason: error.to_string(),
    }
}

fn text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(damaged)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(damaged)
}

pub(super) async fn load(store: &Store) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<(i64, String, String, String)> = store
        .write(|tx| {
            tx.execute_batch(TABLE)?;
            auth::add_column(tx, "backend_azion_streamings", "edits", "{}")?;
            let mut select = tx.prepare(
                "SELECT id, unsealed(definition), edits, figures FROM backend_azion_streamings",
            )?;
            let rows = select.query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await?;
    let entry = |(id, definition, edits, figures): (i64, String, String, String)| {
        let (definition, edits) = (read(&definition)?, read(&edits)?);
        Ok(Entry::new(id, definition, edits, read(&figures)?))
    };
    rows.into_iter().map(entry).collect()
}

/// The id it got.
pub(super) async fn insert(
    store: &Store,
    definition: &StreamingDef,
    edits: &Edits,
    position: Option<&Position>,
) -> Result<i64, StoreError> {
    let (definition, edits) = (text(definition)?, text(edits)?);
    let position = position.map(text).transpose()?;
    store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO backend_azion_streamings (definition, edits, position)
                 VALUES (seal(?1), ?2, ?3)",
                (definition, edits, position),
            )?;
            Ok(tx.last_insert_rowid())
        })
        .await
}

/// Without a position the old one stays.
pub(super) async fn update(
    store: &Store,
    id: i64,
    definition: &StreamingDef,
    edits: &Edits,
    position: Option<&Position>,
) -> Result<(), StoreError> {
    let (definition, edits) = (text(definition)?, text(edits)?);
    let position = position.map(text).transpose()?;
    store
        .write(move |tx| {
            tx.execute(
                "UPDATE backend_azion_streamings
                 SET definition = seal(?2), position = coalesce(?3, position), edits = ?4
                 WHERE id = ?1",
                (id, definition, position, edits),
            )?;
            Ok(())
        })
        .await
}

pub(super) async fn delete(store: &Store, id: i64) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            tx.execute("DELETE FROM backend_azion_streamings WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
}

pub(super) async fn position(store: &Store, id: i64) -> Result<Option<Position>, StoreError> {
    let stored: Option<String> = store
        .write(move |tx| {
            Ok(tx.query_row(
                "SELECT position FROM backend_azion_streamings WHERE id = ?1",
                [id],
                |row| row.get(0),
            )?)
        })
        .await?;
    stored.map(|text| read(&text)).transpose()
}

/// How far it came and what came of it, in one transaction.
pub(super) async fn step(
    store: &Store,
    id: i64,
    position: Option<&Position>,
    figures: &Figures,
) -> Result<(), StoreError> {
    let position = position.map(text).transpose()?;
    let figures = text(figures)?;
    store
        .write(move |tx| {
            tx.prepare_cached(
                "UPDATE backend_azion_streamings
                 SET position = coalesce(?2, position), figures = ?3 WHERE id = ?1",
            )?
            .execute((id, position, figures))?;
            Ok(())
        })
        .await
}
