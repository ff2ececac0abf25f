//! Deliveries: running copies from pipe to pipe. One into another workspace waits until that
//! workspace agrees.

mod authorizations;
mod check;
mod params;
mod progress;
mod routes;
mod run;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use weir_api::secmaster::{
    authorization::{Authorization, Decision, authorized},
    shipper::{Progress, Shipper, ShipperDef, consumption, status},
};
use weir_store::{Store, StoreError};

use super::{kept::Kept, refusal::Refusal};
use crate::{
    app::App,
    clock,
    follow::Follow,
    random,
    running::{Runners, Status, Work},
};

pub(super) use routes::routes;

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
    authorization: Option<Asked>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    /// Of [`authorized`].
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
    records: Kept<Record>,
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
            records: Kept::load(store, "shipper").await?,
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

    fn record(&self, workspace: &str, id: &str) -> Result<Record, Refusal> {
        let found = self.records.get(id);
        let here = found.filter(|record| record.workspace() == workspace);
        here.ok_or_else(|| Refusal::missing(format!("delivery '{id}'")))
    }

    fn shown(&self, record: &Record) -> Shipper {
        let report = self.runners.report(&record.id);
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let scheduled = record.definition.consumption_type == consumption::SCHEDULED;
        let running = record.status == status::DELIVERING;
        let next_run = next.get(&record.id).copied();
        let last_error = match report.status {
            Status::Complete => "the source has no more records".into(),
            _ => report.message,
        };
        let throughput = self.runners.throughput(&record.id, THROUGHPUT);
        let definition = record.definition.clone();
        Shipper {
            id: record.serial,
            shipper_id: record.id.clone(),
            shipper_name: definition.shipper_name,
            consumption_type: definition.consumption_type,
            status: record.status,
            create_time: record.create_time,
            update_time: record.update_time,
            version: definition.version,
            domain_id: definition.domain_id,
            project_id: definition.project_id,
            workspace_id: definition.workspace_id,
            workspace_name: definition.workspace_name,
            dataspace_id: definition.dataspace_id,
            dataspace_name: definition.dataspace_name,
            pipe_id: definition.pipe_id,
            pipe_name: definition.pipe_name,
            shipper_source: definition.shipper_source,
            shipper_destination: definition.shipper_destination,
            weir: Some(Progress {
                last_error,
                records: report.successes,
                next_run: next_run.filter(|_| scheduled && running),
                throughput: throughput
                    .into_iter()
                    .map(|(at, rate)| (at, rate as u64))
                    .collect(),
            }),
        }
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

    async fn create(
        &self,
        app: &App,
        workspace: &str,
        sent: ShipperDef,
    ) -> Result<Record, Refusal> {
        let _changing = self.changing.lock().await;
        let definition = check::definition(app, workspace, sent)?;
        let foreign = definition.shipper_destination.workspace != workspace;
        let follow = self.follow(&definition).await?;
        let now = clock::now_ms();
        let serials = self.records.list().into_iter().map(|record| record.serial);
        let record = Record {
            serial: serials.max().unwrap_or_default() + 1,
            id: random::uuid(),
            status: match foreign {
                true => status::PENDING,
                false => status::DELIVERING,
            },
            create_time: now,
            update_time: now,
            authorization: foreign.then_some(Asked {
                status: authorized::WAITING,
                request_time: now,
                handler_time: 0,
            }),
            definition,
        };
        let next = run::interval(&record.definition).map(|every| now + every);
        progress::begin(&self.store, &record.id, follow.started(), next).await?;
        self.records.put(&record.id, record.clone()).await?;
        if !foreign {
            self.run(&record, Some(follow)).await?;
        }
        Ok(record)
    }

    async fn follow(&self, definition: &ShipperDef) -> Result<Follow, Refusal> {
        let copy = run::Copy::plan(&self.store, definition)
            .map_err(|words| Refusal::field("destination_pipe", words))?;
        Ok(Follow::start(&self.store, &copy.sql, None).await?)
    }

    /// Changes the status; `DELIVERING` goes on where it was.
    async fn set(&self, mut record: Record, to: i64) -> Result<Record, Refusal> {
        record.status = to;
        record.update_time = clock::now_ms();
        match to {
            status::DELIVERING => {
                self.renew(&record).await?;
                self.records.put(&record.id, record.clone()).await?;
                self.run(&record, None).await?;
            }
            _ => {
                self.records.put(&record.id, record.clone()).await?;
                self.runners.stop(&record.id).await?;
            }
        }
        Ok(record)
    }

    /// The source may have been made anew: then there is no place to go on from.
    async fn renew(&self, record: &Record) -> Result<(), Refusal> {
        let copy = run::Copy::plan(&self.store, &record.definition).map_err(Refusal::not_now)?;
        let from = progress::load(&self.store, &record.id).await?;
        let goes_on = Follow::start(&self.store, &copy.sql, from.checkpoint).await;
        if goes_on.is_err() {
            let anew = Follow::start(&self.store, &copy.sql, None).await?;
            progress::begin(&self.store, &record.id, anew.started(), from.next_run).await?;
        }
        Ok(())
    }

    async fn change(
        &self,
        workspace: &str,
        id: &str,
        from: &[i64],
        to: i64,
        what: &str,
    ) -> Result<Record, Refusal> {
        let _changing = self.changing.lock().await;
        let mut record = self.record(workspace, id)?;
        if !from.contains(&record.status) {
            let now = status::words(record.status).unwrap_or_default();
            let words = format!("a delivery in state '{now}' cannot be {what}");
            return Err(Refusal::not_now(words));
        }
        if to == status::PENDING
            && let Some(asked) = &mut record.authorization
        {
            asked.status = authorized::WAITING;
            asked.request_time = clock::now_ms();
            asked.handler_time = 0;
        }
        self.set(record, to).await
    }

    /// Names of those that were deleted. One that does not exist ends it before anything is.
    async fn delete(&self, workspace: &str, ids: &[String]) -> Result<Vec<String>, Refusal> {
        let _changing = self.changing.lock().await;
        let records = ids.iter().map(|id| self.record(workspace, id));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        for record in &records {
            self.runners.remove(&record.id).await?;
            progress::forget(&self.store, &record.id).await?;
            self.records.remove(&record.id).await?;
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.remove(&record.id);
        }
        let names = records.iter().map(|record| record.name().to_owned());
        Ok(names.collect())
    }

    /// Deliveries into a workspace from others, the newest first.
    fn authorizations(&self, workspace: &str) -> Vec<Authorization> {
        let mut records = self.records.list();
        records.retain(|record| record.definition.shipper_destination.workspace == workspace);
        records.sort_by_key(|record| std::cmp::Reverse(record.serial));
        let shown = records.into_iter().filter_map(|record| {
            let asked = record.authorization?;
            let source = record.definition.shipper_source;
            Some(Authorization {
                id: record.serial,
                shipper_id: record.id,
                shipper_name: record.definition.shipper_name,
                region: source.region,
                workspace: source.workspace_name,
                dataspace: source.dataspace_name,
                pipe: source.pipe_name,
                data_type: source.data_type,
                data_source_query: String::new(),
                authorize_status: asked.status,
                run_status: record.status,
                request_time: asked.request_time,
                handler_time: asked.handler_time,
            })
        });
        shown.collect()
    }

    /// `ids` are those of authorisations or of deliveries. All or none.
    async fn decide(
        &self,
        workspace: &str,
        ids: &[String],
        decision: Decision,
    ) -> Result<Vec<String>, Refusal> {
        let _changing = self.changing.lock().await;
        let mut decided = Vec::new();
        for id in ids {
            let mut records = self.records.list().into_iter();
            let found = records.find(|record| {
                let destination = &record.definition.shipper_destination;
                destination.workspace == workspace
                    && record.authorization.is_some()
                    && (record.id == *id || record.serial.to_string() == *id)
            });
            let record = found.ok_or_else(|| Refusal::missing(format!("authorization '{id}'")))?;
            let stands = record
                .authorization
                .as_ref()
                .map_or(0, |asked| asked.status);
            let fits = match decision {
                Decision::Agree | Decision::Reject => {
                    stands == authorized::WAITING && record.status == status::PENDING
                }
                Decision::Cancel => stands == authorized::GRANTED,
            };
            if !fits {
                let words = authorized::words(stands).unwrap_or_default();
                let name = record.name();
                return Err(Refusal::not_now(format!(
                    "'{name}' is in state '{words}', in which this cannot be decided"
                )));
            }
            decided.push(record);
        }
        let mut names = Vec::new();
        for mut record in decided {
            let (stands, to) = match decision {
                Decision::Agree => (authorized::GRANTED, status::DELIVERING),
                Decision::Reject => (authorized::REFUSED, status::REFUSED),
                Decision::Cancel => (authorized::WAITING, status::CANCELED),
            };
            if let Some(asked) = &mut record.authorization {
                asked.status = stands;
                asked.handler_time = clock::now_ms();
            }
            names.push(record.name().to_owned());
            self.set(record, to).await?;
        }
        Ok(names)
    }
}
