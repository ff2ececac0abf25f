//! Deliveries: running copies from pipe to pipe. One into another workspace waits until that
//! workspace agrees.

mod authority;
mod authorizations;
mod change;
mod check;
mod params;
mod progress;
pub(super) mod routes;
mod run;
mod shown;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use weir_api::secmaster::shipper::{Shipper, ShipperDef, status};
use weir_store::{Store, StoreError};

use super::{records::Records, vendor_error::VendorError};
use crate::{
    follow::Follow,
    running::{Runners, Work},
};

/// How far back throughput goes.
const THROUGHPUT: Duration = Duration::from_secs(15 * 60);

/// What is kept of a delivery besides its position.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    serial: i64,
    id: String,
    definition: ShipperDef,
    /// Of [`status`].
    status: i64,
    create_time: i64,
    update_time: i64,
    /// Of a delivery into another workspace.
    authorization: Option<AuthorizationRequest>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct AuthorizationRequest {
    /// Of `authorized`.
    status: i64,
    request_time: i64,
    handler_time: i64,
}

impl Record {
    fn workspace(&self) -> &str {
        &self.definition.workspace_id
    }

    fn name(&self) -> &str {
        &self.definition.shipper_name
    }
}

/// When scheduled deliveries run next, in Unix ms.
type NextRuns = Arc<Mutex<BTreeMap<String, i64>>>;

pub(super) struct Shippers {
    store: Store,
    runners: Runners,
    records: Records<Record>,
    next: NextRuns,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Shippers {
    pub(super) async fn load(
        store: &Store,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        progress::create(store).await?;
        let shippers = Self {
            store: store.clone(),
            runners: Runners::load(store, "delivery", stopping).await?,
            records: Records::load(store, "shipper").await?,
            next: NextRuns::default(),
            changing: tokio::sync::Mutex::default(),
        };
        for record in shippers.records.list() {
            if record.status == status::DELIVERING {
                shippers.run(&record, None).await?;
            }
        }
        Ok(shippers)
    }

    /// `follow` is for the first attempt; later ones go on where the last one was.
    async fn run(&self, record: &Record, follow: Option<Follow>) -> Result<(), StoreError> {
        let worker = Arc::new(run::Worker {
            store: self.store.clone(),
            id: record.id.clone(),
            definition: record.definition.clone(),
            next: self.next.clone(),
        });
        let first = Mutex::new(follow);
        let work: Work = Arc::new(move |monitor| {
            let worker = worker.clone();
            let follow = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::pin(async move { worker.run(follow, &monitor).await })
        });
        self.runners.start(&record.id, work).await
    }

    /// Of a workspace, the newest first.
    fn list(&self, workspace: &str) -> Vec<Shipper> {
        let mut records = self.records.list();
        records.retain(|record| record.workspace() == workspace);
        records.sort_by_key(|record| std::cmp::Reverse(record.serial));
        records.iter().map(|record| self.shown(record)).collect()
    }

    fn record(&self, workspace: &str, id: &str) -> Result<Record, VendorError> {
        let found = self.records.get(id);
        let here = found.filter(|record| record.workspace() == workspace);
        here.ok_or_else(|| VendorError::missing(format!("delivery '{id}'")))
    }

    /// Name of a delivery from or into a pipe.
    pub(super) fn user_of(&self, pipe: &str) -> Option<String> {
        let uses = |record: &Record| {
            let definition = &record.definition;
            definition.shipper_source.pipe == pipe || definition.shipper_destination.pipe == pipe
        };
        let found = self.records.list().into_iter().find(uses);
        found.map(|record| record.name().to_owned())
    }

    /// What is written to it, for each pipe that is read.
    fn edges(&self) -> Vec<(String, String)> {
        let edge = |record: Record| {
            let definition = record.definition;
            (
                definition.shipper_source.pipe,
                definition.shipper_destination.pipe,
            )
        };
        self.records.list().into_iter().map(edge).collect()
    }
}
