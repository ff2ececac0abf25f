//! Rows that are to be delivered, stored together with the position of the query that made them:
//! whatever happens, each is delivered or counted as failed, and what was delivered is not sent
//! again.

use rusqlite::Transaction;
use weir_store::{Store, StoreError};

use super::{ledger, masked::masked_words};

/// A row of the outbox: a JSON object.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub seq: i64,
    pub row: String,
}

/// Made by sinks and by alerts, whichever comes first.
pub fn create(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS backend_outbox (
             owner TEXT NOT NULL, seq INTEGER NOT NULL, row TEXT NOT NULL,
             PRIMARY KEY (owner, seq)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS backend_delivery_errors (
             id INTEGER PRIMARY KEY, owner TEXT NOT NULL, at_ms INTEGER NOT NULL,
             message TEXT NOT NULL
         ) STRICT;
         CREATE INDEX IF NOT EXISTS backend_delivery_errors_owner
             ON backend_delivery_errors (owner, id);",
    )
}

/// Adds rows at the end; their numbers go on from those before.
pub fn add(tx: &Transaction<'_>, owner: &str, rows: Vec<String>) -> rusqlite::Result<Vec<Waiting>> {
    let last: Option<i64> = tx.query_row(
        "SELECT max(seq) FROM backend_outbox WHERE owner = ?1",
        [owner],
        |row| row.get(0),
    )?;
    let mut insert = tx.prepare_cached("INSERT INTO backend_outbox VALUES (?1, ?2, ?3)")?;
    let mut seq = last.unwrap_or(0);
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        seq += 1;
        insert.execute((owner, seq, &row))?;
        waiting.push(Waiting { seq, row });
    }
    Ok(waiting)
}

/// The rows are dealt with.
pub fn settle(tx: &Transaction<'_>, owner: &str, seqs: &[i64]) -> rusqlite::Result<()> {
    let mut delete =
        tx.prepare_cached("DELETE FROM backend_outbox WHERE owner = ?1 AND seq = ?2")?;
    for seq in seqs {
        delete.execute((owner, seq))?;
    }
    Ok(())
}

pub fn note_errors(
    tx: &Transaction<'_>,
    owner: &str,
    errors: &[(i64, String)],
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO backend_delivery_errors (owner, at_ms, message) VALUES (?1, ?2, ?3)",
    )?;
    for (at, message) in errors {
        insert.execute((owner, at, masked_words(message)))?;
    }
    if !errors.is_empty() {
        tx.execute(
            "DELETE FROM backend_delivery_errors WHERE owner = ?1 AND id <= (
                 SELECT id FROM backend_delivery_errors WHERE owner = ?1
                 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            (owner, ledger::ERRORS as i64),
        )?;
    }
    Ok(())
}

/// Nothing of the owner remains.
pub fn forget(tx: &Transaction<'_>, owner: &str) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM backend_outbox WHERE owner = ?1", [owner])?;
    tx.execute(
        "DELETE FROM backend_delivery_errors WHERE owner = ?1",
        [owner],
    )?;
    Ok(())
}

/// In their order, `most` at a time.
pub async fn waiting(store: &Store, owner: &str, most: i64) -> Result<Vec<Waiting>, StoreError> {
    let owner = owner.to_owned();
    let read = move |tx: &Transaction<'_>| {
        let mut query = tx.prepare_cached(
            "SELECT seq, row FROM backend_outbox WHERE owner = ?1 ORDER BY seq LIMIT ?2",
        )?;
        let rows = query.query_map((owner, most), |row| {
            Ok(Waiting {
                seq: row.get(0)?,
                row: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    store.write(read).await
}

/// The oldest first.
pub fn errors(tx: &Transaction<'_>, owner: &str) -> rusqlite::Result<Vec<(i64, String)>> {
    let mut query = tx.prepare_cached(
        "SELECT at_ms, message FROM backend_delivery_errors WHERE owner = ?1 ORDER BY id",
    )?;
    let rows = query.query_map([owner], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
