//! The work of a delivery: rows of one stream into another, each exactly once, because rows and
//! position are written together.

use std::{sync::PoisonError, time::Duration};

use serde_json::Value;
use weir_api::secmaster::shipper::{ShipperDef, consumption};
use weir_store::{Store, ingest};

use super::{NextRuns, progress};
use crate::{
    clock,
    follow::{Batch, Follow},
    running::Monitor,
};

/// In `data_param`, seconds between the runs of a scheduled delivery. The vendor publishes no name
/// for it.
pub(super) const INTERVAL: &str = "interval_seconds";
const HOURLY: i64 = 3600;
/// A scheduled run has read everything when nothing came for so long.
const QUIET: Duration = Duration::from_secs(3);

/// What is read and where it goes.
pub(super) struct Copy {
    pub sql: String,
    source: String,
    target: String,
}

impl Copy {
    /// The columns that both streams have, which must be of the same type.
    pub(super) fn plan(store: &Store, definition: &ShipperDef) -> Result<Self, String> {
        let stream = |name: &str| {
            let found = store.catalog().stream(name);
            found.ok_or_else(|| format!("pipe '{name}' no longer exists"))
        };
        let source = stream(&definition.shipper_source.pipe)?;
        let target = stream(&definition.shipper_destination.pipe)?;
        let mut columns = Vec::new();
        for column in &source.columns {
            let same = target.columns.iter().find(|c| c.name == column.name);
            let Some(same) = same else { continue };
            if same.data_type != column.data_type {
                return Err(format!(
                    "column '{}' is {} in '{}' and {} in '{}'",
                    column.name, column.data_type, source.name, same.data_type, target.name
                ));
            }
            columns.push(format!("`{}`", column.name));
        }
        // Every stream has a time.
        if columns.len() < 2 {
            return Err(format!(
                "'{}' and '{}' have no column of the same name",
                source.name, target.name
            ));
        }
        Ok(Self {
            sql: format!("SELECT {} FROM `{}`", columns.join(", "), source.name),
            source: source.name,
            target: target.name,
        })
    }
}

/// Milliseconds between the runs of a scheduled delivery.
pub(super) fn interval(definition: &ShipperDef) -> Option<i64> {
    if definition.consumption_type != consumption::SCHEDULED {
        return None;
    }
    let param: Option<Value> =
        serde_json::from_str(&definition.shipper_destination.data_param).ok();
    let seconds = param.and_then(|param| param.get(INTERVAL)?.as_i64());
    Some(seconds.unwrap_or(HOURLY) * 1000)
}

pub(super) struct Worker {
    pub store: Store,
    pub id: String,
    pub definition: ShipperDef,
    pub next: NextRuns,
}

impl Worker {
    /// Until it is stopped or something fails.
    pub(super) async fn run(
        &self,
        follow: Option<Follow>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let copy = Copy::plan(&self.store, &self.definition)?;
        match interval(&self.definition) {
            None => {
                let follow = match follow {
                    Some(follow) => follow,
                    None => self.follow(&copy).await?,
                };
                self.all(&copy, follow, monitor).await
            }
            Some(every) => {
                drop(follow);
                self.now_and_then(&copy, every, monitor).await
            }
        }
    }

    async fn follow(&self, copy: &Copy) -> Result<Follow, String> {
        let stands = progress::load(&self.store, &self.id).await;
        let from = stands.map_err(|error| error.to_string())?.checkpoint;
        let started = Follow::start(&self.store, &copy.sql, from).await;
        started.map_err(|failure| failure.message().to_owned())
    }

    async fn all(&self, copy: &Copy, mut follow: Follow, monitor: &Monitor) -> Result<(), String> {
        monitor.up();
        loop {
            let batch = tokio::select! {
                () = monitor.stopped() => return Ok(()),
                batch = follow.next() => batch?,
            };
            match batch {
                Some(batch) => self.write(copy, batch, monitor).await?,
                None => return Ok(()),
            }
        }
    }

    async fn now_and_then(&self, copy: &Copy, every: i64, monitor: &Monitor) -> Result<(), String> {
        let stands = progress::load(&self.store, &self.id).await;
        let stands = stands.map_err(|error| error.to_string())?;
        let mut due = stands.next_run.unwrap_or_else(clock::now_ms);
        monitor.up();
        loop {
            self.note(due);
            let wait = u64::try_from(due - clock::now_ms()).unwrap_or(0);
            tokio::select! {
                () = monitor.stopped() => return Ok(()),
                () = tokio::time::sleep(Duration::from_millis(wait)) => {}
            }
            let rows = self.once(copy, monitor).await?;
            monitor.log(&format!("{rows} records delivered on schedule"));
            due = clock::now_ms() + every;
            let kept = progress::schedule(&self.store, &self.id, due).await;
            kept.map_err(|error| error.to_string())?;
        }
    }

    fn note(&self, due: i64) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.insert(self.id.clone(), due);
    }

    /// Everything that is there by now. The answer is the number of rows.
    async fn once(&self, copy: &Copy, monitor: &Monitor) -> Result<usize, String> {
        let newest = self.store.watch(&copy.source).map(|head| *head.borrow());
        let newest = newest.ok_or_else(|| format!("pipe '{}' is gone", copy.source))?;
        let mut follow = self.follow(copy).await?;
        let mut position = follow.started().position();
        let mut rows = 0;
        while position < newest {
            let batch = tokio::select! {
                () = monitor.stopped() => return Ok(rows),
                batch = tokio::time::timeout(QUIET, follow.next()) => batch,
            };
            // The rows up to the newest may have been deleted.
            let Ok(batch) = batch else { break };
            let Some(batch) = batch? else { break };
            position = batch.checkpoint.position();
            rows += batch.rows.len();
            self.write(copy, batch, monitor).await?;
        }
        Ok(rows)
    }

    async fn write(&self, copy: &Copy, batch: Batch, monitor: &Monitor) -> Result<(), String> {
        let target = self.store.catalog().stream(&copy.target);
        let target = target.ok_or_else(|| format!("pipe '{}' is gone", copy.target))?;
        let columns = batch.columns.iter().map(|column| column.name.as_str());
        let rows = ingest::encoded(&target, columns, &batch.rows)
            .map_err(|errors| format!("into pipe '{}': {errors}", copy.target))?;
        let (count, bytes) = (rows.len() as u64, rows.bytes());
        let checkpoint = progress::text(&self.id, &batch.checkpoint);
        let checkpoint = checkpoint.map_err(|error| error.to_string())?;
        let id = self.id.clone();
        let then = move |tx: &rusqlite::Transaction<'_>| progress::advance(tx, &id, &checkpoint);
        let written = self.store.append_with(&copy.target, rows, then).await;
        written.map_err(|error| error.to_string())?;
        if count > 0 {
            monitor.count(count, bytes);
        }
        Ok(())
    }
}
