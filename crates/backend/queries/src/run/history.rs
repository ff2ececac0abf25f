//! Ended queries, and in the database also those that run, so that none is forgotten in a crash.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use weir_api::timeplus::query::{Pipeline, Query, Status};
use weir_store::{Store, StoreError};

use crate::clock;

/// Ended queries that are remembered.
const KEPT: u32 = 1000;
/// Bytes of them: statements can be long.
const KEPT_BYTES: usize = 64 << 20;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub query: Query,
    pub pipeline: Pipeline,
}

struct StoredRecord {
    record: Record,
    /// As it is stored.
    bytes: usize,
}

pub(crate) struct History {
    store: Store,
    /// Newest last.
    ended: Mutex<VecDeque<StoredRecord>>,
}

impl History {
    /// Queries that ran when the backend stopped have failed.
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let now = clock::now_ms();
        let ended = store
            .write(move |tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_queries (
                         id TEXT PRIMARY KEY, started_ms INTEGER NOT NULL, record TEXT NOT NULL
                     ) STRICT",
                )?;
                let mut select =
                    tx.prepare("SELECT unsealed(record) FROM backend_queries ORDER BY started_ms")?;
                let texts = select.query_map([], |row| row.get::<_, String>(0))?;
                let mut records = VecDeque::new();
                for text in texts {
                    let text = text?;
                    let Ok(mut record) = serde_json::from_str::<Record>(&text) else {
                        continue;
                    };
                    if record.query.status == Status::Running {
                        stopped(&mut record, now);
                        put(tx, &record)?;
                    }
                    let bytes = text.len();
                    records.push_back(StoredRecord { record, bytes });
                }
                Ok(records)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            ended: Mutex::new(ended),
        })
    }

    /// Remembers that it runs.
    pub(crate) async fn started(&self, query: &Query) -> Result<(), StoreError> {
        let record = Record {
            query: query.clone(),
            pipeline: Pipeline::default(),
        };
        self.store.write(move |tx| put(tx, &record)).await
    }

    pub(crate) async fn ended(&self, record: Record) -> Result<(), StoreError> {
        let bytes = serde_json::to_string(&record).map_or(0, |text| text.len());
        let gone = {
            let mut ended = self.records();
            let record = record.clone();
            ended.push_back(StoredRecord { record, bytes });
            forget(&mut ended)
        };
        self.store
            .write(move |tx| {
                put(tx, &record)?;
                for id in gone {
                    tx.execute("DELETE FROM backend_queries WHERE id = ?1", [id])?;
                }
                tx.execute(
                    "DELETE FROM backend_queries WHERE id IN (
                         SELECT id FROM backend_queries
                         ORDER BY started_ms DESC LIMIT -1 OFFSET ?1)",
                    [KEPT],
                )?;
                Ok(())
            })
            .await
    }

    /// Newest first.
    pub(crate) fn list(&self) -> Vec<Query> {
        let ended = self.records();
        ended
            .iter()
            .rev()
            .map(|kept| kept.record.query.clone())
            .collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Record> {
        let ended = self.records();
        let found = ended.iter().find(|kept| kept.record.query.id == id);
        found.map(|kept| kept.record.clone())
    }

    /// False when there is none.
    pub(crate) async fn delete(&self, id: &str) -> Result<bool, StoreError> {
        let known = {
            let mut ended = self.records();
            let before = ended.len();
            ended.retain(|kept| kept.record.query.id != id);
            ended.len() < before
        };
        let key = id.to_string();
        self.store
            .write(move |tx| {
                tx.execute("DELETE FROM backend_queries WHERE id = ?1", [key])?;
                Ok(())
            })
            .await?;
        Ok(known)
    }

    fn records(&self) -> MutexGuard<'_, VecDeque<StoredRecord>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The oldest where there are too many or they are too large; the newest stays. Their ids.
fn forget(ended: &mut VecDeque<StoredRecord>) -> Vec<String> {
    let mut bytes: usize = ended.iter().map(|kept| kept.bytes).sum();
    let mut gone = Vec::new();
    while ended.len() > KEPT as usize || bytes > KEPT_BYTES && ended.len() > 1 {
        let Some(oldest) = ended.pop_front() else {
            break;
        };
        bytes -= oldest.bytes;
        gone.push(oldest.record.query.id);
    }
    gone
}

fn stopped(record: &mut Record, now_ms: i64) {
    let query = &mut record.query;
    query.status = Status::Failed;
    query.message = "the backend stopped".into();
    query.end_time = now_ms;
    query.duration = now_ms - query.start_time;
}

fn put(tx: &rusqlite::Transaction<'_>, record: &Record) -> Result<(), StoreError> {
    let text = serde_json::to_string(record)
        .map_err(|error| StoreError::invalid("query", error.to_string()))?;
    tx.execute(
        "INSERT INTO backend_queries VALUES (?1, ?2, seal(?3))
         ON CONFLICT (id) DO UPDATE SET record = excluded.record",
        (&record.query.id, record.query.start_time, text),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_a_bound_in_number_and_in_bytes() {
        let kept = |n: usize, bytes: usize| StoredRecord {
            record: Record {
                query: Query {
                    id: n.to_string(),
                    ..Query::default()
                },
                pipeline: Pipeline::default(),
            },
            bytes,
        };
        let mut many: VecDeque<StoredRecord> = (0..1002).map(|n| kept(n, 1)).collect();
        assert_eq!(forget(&mut many), ["0", "1"]);
        let mut large: VecDeque<StoredRecord> = (0..5).map(|n| kept(n, KEPT_BYTES / 2)).collect();
        assert_eq!(forget(&mut large), ["0", "1", "2"]);
        large.push_back(kept(5, 2 * KEPT_BYTES));
        assert_eq!(forget(&mut large), ["3", "4"]);
        assert_eq!(large.len(), 1, "the newest stays");
    }
}
