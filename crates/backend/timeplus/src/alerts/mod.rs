//! Alerts: a query triggers them, another one or a person resolves them, and each time somebody
//! is told once.

mod plan;
pub(crate) mod routes;
mod run;
mod standing;
mod state;
mod storage;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use weir_api::{
    Owner,
    property::find,
    timeplus::{
        alert::{Alert, AlertDef, Incident, RESOLVED},
        query::{self, Query},
        types::alert_actions::TYPES,
    },
};
use weir_store::{Store, StoreError};

use self::{
    run::Queries,
    standing::{Entry, Standing},
    state::State,
    storage::{Anew, Positions},
};
use crate::{
    clock,
    delivery::secrets,
    error::Failure,
    outbound::Outbound,
    roster::{self, Roster},
    running::{Runners, Status, Work},
};

type Record = roster::Record<AlertDef>;

impl roster::Definition for AlertDef {
    const WORD: &'static str = "alert";

    fn name(&self) -> &str {
        &self.name
    }
}

/// All alerts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Alerts(Arc<Inner>);

struct Inner {
    store: Store,
    outbound: Outbound,
    runners: Runners,
    all: Roster<AlertDef, Standing>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Alerts {
    /// Those that were running go on where they were, until `stopping` turns true.
    pub(crate) async fn load(
        store: &Store,
        outbound: &Outbound,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let alerts = Self(Arc::new(Inner {
            store: store.clone(),
            outbound: outbound.clone(),
            runners: Runners::load(store, "alert", stopping).await?,
            all: Roster::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for (record, state) in storage::load(store).await? {
            alerts.0.all.insert(record, state.into());
        }
        for id in alerts.0.runners.wanted() {
            if let Ok(entry) = alerts.0.all.entry(&id) {
                alerts.run(&entry, None).await?;
            }
        }
        Ok(alerts)
    }

    /// `queries` are for the first attempt; later ones go on where the last one was.
    async fn run(&self, entry: &Arc<Entry>, queries: Option<Queries>) -> Result<(), StoreError> {
        let worker = Arc::new(run::Worker {
            store: self.0.store.clone(),
            outbound: self.0.outbound.clone(),
            entry: entry.clone(),
        });
        let first = Mutex::new(queries);
        let work: Work = Arc::new(move |monitor| {
            let worker = worker.clone();
            let queries = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::pin(async move { worker.run(queries, &monitor).await })
        });
        self.0.runners.start(&entry.record().id, work).await
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<Alert> {
        let entries = self.0.all.entries();
        let mut alerts: Vec<Alert> = entries.iter().map(|entry| self.shown(entry)).collect();
        alerts.sort_by(|a, b| a.name.cmp(&b.name));
        alerts
    }

    pub(crate) fn get(&self, id: &str) -> Result<Alert, Failure> {
        let entry = self.0.all.entry(id)?;
        Ok(self.shown(&entry))
    }

    fn shown(&self, entry: &Entry) -> Alert {
        let (record, state) = (entry.record(), entry.state.get());
        let report = self.0.runners.report(&record.id);
        let AlertDef {
            name,
            description,
            severity,
            action,
            properties,
            trigger_sql,
            resolve_sql,
        } = record.definition;
        let message = match () {
            () if !find(TYPES, &action).runs => plan::not_run(&action),
            () if !report.message.is_empty() => report.message,
            () => state.trouble,
        };
        let query = |what: &str, sql: &str| Query {
            id: format!("{}-{what}", record.id),
            name: format!("{name} {what}"),
            sql: sql.into(),
            status: match report.status {
                Status::Running | Status::Stopping => query::Status::Running,
                Status::Interrupted => query::Status::Failed,
                Status::Stopped | Status::Complete => query::Status::Canceled,
            },
            start_time: report.started_ms,
            ..Query::default()
        };
        Alert {
            trigger_query: query("trigger", &trigger_sql),
            resolve_query: match resolve_sql.trim() {
                // Nothing that could run.
                "" => Query {
                    status: query::Status::Finished,
                    ..Query::default()
                },
                sql => query("resolve", sql),
            },
            id: record.id,
            properties: secrets::hide(find(TYPES, &action), &properties),
            status: report.status.sink_word().into(),
            instance: match state.incident.id.is_empty() {
                true => Incident {
                    status: RESOLVED.into(),
                    ..state.incident
                },
                false => state.incident,
            },
            message,
            name,
            description,
            severity,
            action,
            trigger_sql,
            resolve_sql,
            created_at: Some(record.created_at),
            created_by: Some(record.created_by),
            last_updated_at: Some(record.updated_at),
            last_updated_by: Some(record.updated_by),
        }
    }

    pub(crate) async fn create(
        &self,
        definition: AlertDef,
        owner: Owner,
    ) -> Result<Alert, Failure> {
        let _changing = self.0.changing.lock().await;
        self.0.all.free_name(&definition.name, "")?;
        let runs = plan::check(&self.0.store, &definition)?;
        let record = Record::new(definition, owner);
        let queries = match runs {
            true => Some(self.start_queries(&record, Positions::default()).await?),
            false => None,
        };
        let from = queries.as_ref().map(Queries::started).unwrap_or_default();
        storage::insert(&self.0.store, &record, from).await?;
        let entry = self.0.all.insert(record, Standing::default());
        if runs {
            self.run(&entry, queries).await?;
        }
        Ok(self.shown(&entry))
    }

    async fn start_queries(&self, record: &Record, from: Positions) -> Result<Queries, Failure> {
        Queries::start(&self.0.store, &record.definition, from).await
    }

    /// Secrets that are left out stay; a query that has changed begins with the rows that come
    /// from now on. What is triggered stays so.
    pub(crate) async fn replace(
        &self,
        id: &str,
        mut definition: AlertDef,
        owner: Owner,
    ) -> Result<Alert, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        let old = entry.record();
        self.0.all.free_name(&definition.name, &old.id)?;
        if definition.action == old.definition.action {
            let kind = find(TYPES, &definition.action);
            definition.properties =
                secrets::keep(kind, definition.properties, &old.definition.properties)?;
        }
        let runs = plan::check(&self.0.store, &definition)?;
        let anew = Anew {
            trigger: definition.trigger_sql != old.definition.trigger_sql,
            resolve: definition.resolve_sql != old.definition.resolve_sql,
        };
        let record = old.changed(definition, owner);
        let active = self.0.runners.is_active(id);
        self.0.runners.stop(id).await?;
        storage::update(&self.0.store, &record, anew).await?;
        entry.set_record(record);
        if active && runs {
            self.resume(&entry).await?;
        }
        Ok(self.shown(&entry))
    }

    async fn resume(&self, entry: &Arc<Entry>) -> Result<(), Failure> {
        let record = entry.record();
        let from = storage::positions(&self.0.store, &record.id).await?;
        let queries = match self.start_queries(&record, from).await {
            Ok(queries) => queries,
            // A stream may have been made anew: then there is no place to go on from.
            Err(_) => self.start_queries(&record, Positions::default()).await?,
        };
        Ok(self.run(entry, Some(queries)).await?)
    }

    pub(crate) async fn delete(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        self.0.runners.remove(id).await?;
        storage::delete(&self.0.store, id).await?;
        self.0.all.remove(id);
        Ok(entry.record().definition.name)
    }

    /// Goes on where it was stopped.
    pub(crate) async fn start(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        let AlertDef { name, action, .. } = entry.record().definition;
        if !find(TYPES, &action).runs {
            return Err(plan::refuse(&action));
        }
        if self.0.runners.report(id).status != Status::Running {
            // One that failed waits for its next attempt.
            self.0.runners.stop(id).await?;
            self.resume(&entry).await?;
        }
        Ok(name)
    }

    /// What is triggered stays so.
    pub(crate) async fn stop(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        self.0.runners.stop(id).await?;
        Ok(entry.record().definition.name)
    }

    /// Nothing where it is not triggered. While it is stopped nobody is told.
    pub(crate) async fn resolve(&self, id: &str, who: &str) -> Result<String, Failure> {
        let entry = self.0.all.entry(id)?;
        let active = self.0.runners.is_active(id);
        let change = |state: &mut State| {
            let notice = state.resolve_by(who, clock::now_ms());
            notice.into_iter().filter(|_| active).collect()
        };
        entry
            .step(&self.0.store, Positions::default(), change)
            .await?;
        Ok(entry.record().definition.name)
    }
}
