//! Sinks in the database.

use weir_api::timeplus::sink::SinkDef;
use weir_engine::Checkpoint;
use weir_store::{Store, StoreError};

use super::Record;
use crate::{
    delivery::{Ledger, outbox},
    roster::{damaged, maybe_text, text},
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS backend_sinks (
    id TEXT PRIMARY KEY, record TEXT NOT NULL, checkpoint TEXT,
    delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0
) STRICT";

pub(super) async fn load(store: &Store) -> Result<Vec<(Record, Ledger)>, StoreError> {
    let read = |tx: &rusqlite::Transaction<'_>| {
        tx.execute_batch(TABLE)?;
        outbox::create(tx)?;
        let mut query =
            tx.prepare("SELECT id, unsealed(record), delivered, failed FROM backend_sinks")?;
        let rows = query.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        let mut all = Vec::new();
        for row in rows {
            let (id, record, delivered, failed): (String, String, i64, i64) = row?;
            let record =
                serde_json::from_str(&record).map_err(|error| damaged::<SinkDef>(&id, &error))?;
            let errors = outbox::errors(tx, &id)?;
            let counts = (delivered.unsigned_abs(), failed.unsigned_abs());
            all.push((record, Ledger::new(counts, errors)));
        }
        Ok(all)
    };
    store.write(read).await
}

pub(super) async fn insert(
    store: &Store,
    record: &Record,
    checkpoint: Option<Checkpoint>,
) -> Result<(), StoreError> {
    let (id, record) = (record.id.clone(), record.text()?);
    let checkpoint = maybe_text::<SinkDef, _>(&id, checkpoint)?;
    store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO backend_sinks (id, record, checkpoint) VALUES (?1, seal(?2), ?3)",
                (id, record, checkpoint),
            )?;
            Ok(())
        })
        .await
}

/// Without a checkpoint the old one stays.
pub(super) async fn update(
    store: &Store,
    record: &Record,
    checkpoint: Option<Checkpoint>,
) -> Result<(), StoreError> {
    let (id, record) = (record.id.clone(), record.text()?);
    let checkpoint = maybe_text::<SinkDef, _>(&id, checkpoint)?;
    store
        .write(move |tx| {
            tx.execute(
                "UPDATE backend_sinks SET record = seal(?2), checkpoint = coalesce(?3, checkpoint)
                 WHERE id = ?1",
                (id, record, checkpoint),
            )?;
            Ok(())
        })
        .await
}

pub(super) async fn delete(store: &Store, id: &str) -> Result<(), StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            tx.execute("DELETE FROM backend_sinks WHERE id = ?1", [&id])?;
            Ok(outbox::forget(tx, &id)?)
        })
        .await
}

pub(super) async fn checkpoint(store: &Store, id: &str) -> Result<Option<Checkpoint>, StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            let text: Option<String> = tx.query_row(
                "SELECT checkpoint FROM backend_sinks WHERE id = ?1",
                [&id],
                |row| row.get(0),
            )?;
            let checkpoint = text.map(|text| serde_json::from_str(&text)).transpose();
            checkpoint.map_err(|error| damaged::<SinkDef>(&id, &error))
        })
        .await
}

/// Rows to deliver, and the position after them, in one transaction.
pub(super) async fn take(
    store: &Store,
    id: &str,
    rows: Vec<String>,
    checkpoint: &Checkpoint,
) -> Result<Vec<outbox::Waiting>, StoreError> {
    let (id, checkpoint) = (id.to_owned(), text::<SinkDef, _>(id, checkpoint)?);
    store
        .write(move |tx| {
            tx.prepare_cached("UPDATE backend_sinks SET checkpoint = ?2 WHERE id = ?1")?
                .execute((&id, checkpoint))?;
            Ok(outbox::add(tx, &id, rows)?)
        })
        .await
}

/// Rows that are dealt with, and how.
#[derive(Default)]
pub(super) struct Settled {
    pub seqs: Vec<i64>,
    pub delivered: u32,
    pub failed: u32,
    pub errors: Vec<(i64, String)>,
}

pub(super) async fn settle(store: &Store, id: &str, settled: Settled) -> Result<(), StoreError> {
    let id = id.to_owned();
    store
        .write(move |tx| {
            outbox::settle(tx, &id, &settled.seqs)?;
            outbox::note_errors(tx, &id, &settled.errors)?;
            tx.prepare_cached(
                "UPDATE backend_sinks SET delivered = delivered + ?2, failed = failed + ?3
                 WHERE id = ?1",
            )?
            .execute((&id, settled.delivered, settled.failed))?;
            Ok(())
        })
        .await
}
