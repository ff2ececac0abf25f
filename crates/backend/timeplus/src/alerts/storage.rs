//! Alerts in the database.

use weir_api::timeplus::alert::AlertDef;
use weir_engine::Checkpoint;
use weir_store::{Store, StoreError};

use super::{
    Record,
    state::{Notice, State},
};
use crate::{
    delivery::outbox,
    roster::{damaged, maybe_text, text},
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_alerts (
    id TEXT PRIMARY KEY, record TEXT NOT NULL, state TEXT NOT NULL,
    trigger_checkpoint TEXT, resolve_checkpoint TEXT
) STRICT";

/// Where the two queries stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    pub trigger: Option<Checkpoint>,
    pub resolve: Option<Checkpoint>,
}

/// Which of the two to forget.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Anew {
    pub trigger: bool,
    pub resolve: bool,
}

pub(super) async fn load(store: &Store) -> Result<Vec<(Record, State)>, StoreError> {
    let read = |tx: &rusqlite::Transaction<'_>| {
        tx.execute_batch(TABLE)?;
        outbox::create(tx)?;
        let mut query = tx.prepare("SELECT id, unsealed(record), state FROM backend_alerts")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut all = Vec::new();
        for row in rows {
            let (id, record, state): (String, String, String) = row?;
            let read = |error| damaged::<AlertDef>(&id, &error);
            let record = serde_json::from_str(&record).map_err(read)?;
            all.push((record, serde_json::from_str(&state).map_err(read)?));
        }
        Ok(all)
    };
    store.write(read).await
}

pub(super) async fn insert(
    store: &Store,
    record: &Record,
    from: Positions,
) -> Result<(), StoreError> {
    let id = record.id.clone();
    let (record, state) = (
        text::<AlertDef, _>(&id, record)?,
        text::<AlertDef, _>(&id, &State::default())?,
    );
    let trigger = maybe_text::<AlertDef, _>(&id, from.trigger)?;
    let resolve = maybe_text::<AlertDef, _>(&id, from.resolve)?;
    store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO backend_alerts VALUES (?1, seal(?2), ?3, ?4, ?5)",
                (id, record, state, trigger, resolve),
            )?;
            Ok(())
        })
        .await
}

/// Queries that have changed begin `anew`.
pub(super) async fn update(store: &Store, record: &Record, anew: Anew) -> Result<(), StoreError> {
    let (id, record) = (record.id.clone(), record.text()?);
    store
        .write(move |tx| {
            tx.execute(
                "UPDATE backend_alerts SET record = seal(?2),
                     trigger_checkpoint = iif(?3, NULL, trigger_checkpoint),
                     resolve_checkpoint = iif(?4, NULL, resolve_checkpoint)
                 WHERE id = ?1",
                (id, record, anew.trigger, anew.resolve),
            )?;
            Ok(())
        })
        .await
}

pub(super) async fn delete(store: &Store, id: &str) -> Result<(), StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            tx.execute("DELETE FROM backend_alerts WHERE id = ?1", [&id])?;
            Ok(outbox::forget(tx, &id)?)
        })
        .await
}

pub(super) async fn positions(store: &Store, id: &str) -> Result<Positions, StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            let texts: (Option<String>, Option<String>) = tx.query_row(
                "SELECT trigger_checkpoint, resolve_checkpoint FROM backend_alerts WHERE id = ?1",
                [&id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let read = |text: Option<String>| {
                let checkpoint = text.map(|text| serde_json::from_str(&text)).transpose();
                checkpoint.map_err(|error| damaged::<AlertDef>(&id, &error))
            };
            Ok(Positions {
                trigger: read(texts.0)?,
                resolve: read(texts.1)?,
            })
        })
        .await
}

/// A step, in one transaction: the state, who is to be told, and the positions that have moved.
pub(super) async fn step(
    store: &Store,
    id: &str,
    state: &State,
    notices: &[Notice],
    moved: Positions,
) -> Result<(), StoreError> {
    let (id, state) = (id.to_owned(), text::<AlertDef, _>(id, state)?);
    let notices = notices
        .iter()
        .map(|notice| text::<AlertDef, _>(&id, notice));
    let notices = notices.collect::<Result<Vec<_>, _>>()?;
    let trigger = maybe_text::<AlertDef, _>(&id, moved.trigger)?;
    let resolve = maybe_text::<AlertDef, _>(&id, moved.resolve)?;
    store
        .write(move |tx| {
            tx.execute(
                "UPDATE backend_alerts SET state = ?2,
                     trigger_checkpoint = coalesce(?3, trigger_checkpoint),
                     resolve_checkpoint = coalesce(?4, resolve_checkpoint)
                 WHERE id = ?1",
                (&id, state, trigger, resolve),
            )?;
            outbox::add(tx, &id, notices)?;
            Ok(())
        })
        .await
}

/// Somebody was told, or never will be.
pub(super) async fn told(
    store: &Store,
    id: &str,
    state: &State,
    seq: i64,
) -> Result<(), StoreError> {
    let (id, state) = (id.to_owned(), text::<AlertDef, _>(id, state)?);
    store
        .write(move |tx| {
            outbox::settle(tx, &id, &[seq])?;
            tx.execute(
                "UPDATE backend_alerts SET state = ?2 WHERE id = ?1",
                (&id, state),
            )?;
            Ok(())
        })
        .await
}
