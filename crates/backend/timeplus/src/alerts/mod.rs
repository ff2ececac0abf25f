//! Alerts: a query triggers them, another one or a person resolves them, and each time somebody
//! is told once.

mod plan;
pub(crate) mod routes;
mod run;
mod standing;
mod state;
mod storage;

use weir_api::{
    Owner,
    property::{TypeOf, find},
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
    error::HttpError,
    roster::{
        self,
        jobs::{Jobs, Runs, Worker},
    },
    running::{Monitor, Status},
};

type Record = roster::Record<AlertDef>;

impl roster::Definition for AlertDef {
    const WORD: &'static str = "alert";

    fn name(&self) -> &str {
        &self.name
    }
}

/// All alerts. What is triggered stays so while one is stopped.
pub(crate) type Alerts = Jobs<AlertDef>;

impl Runs for AlertDef {
    type State = Standing;
    type Input = Queries;
    type Model = Alert;
    const TYPES: &'static [TypeOf] = TYPES;

    fn kind(&self) -> &str {
        &self.action
    }

    fn not_run(kind: &str) -> String {
        format!("alerts with action '{kind}' are kept, but not run by the embedded backend")
    }

    fn model(jobs: &Alerts, entry: &Entry) -> Alert {
        let (record, state) = (entry.record(), entry.state.get());
        let report = jobs.0.runners.report(&record.id);
        let AlertDef {
            name,
            description,
            severity,
            action,
            properties,
            trigger_sql,
            resolve_sql,
            beside: _,
        } = record.definition;
        let message = match () {
            () if !find(TYPES, &action).runs => Self::not_run(&action),
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
            ..Alert::default()
        }
    }

    async fn load(store: &Store) -> Result<Vec<(Record, Standing)>, StoreError> {
        let all = storage::load(store).await?.into_iter();
        Ok(all.map(|(record, state)| (record, state.into())).collect())
    }

    async fn forget(store: &Store, id: &str) -> Result<(), StoreError> {
        storage::delete(store, id).await
    }

    async fn resume(store: &Store, record: &Record) -> Result<Queries, HttpError> {
        let from = storage::positions(store, &record.id).await?;
        match Queries::start(store, &record.definition, from).await {
            Ok(queries) => Ok(queries),
            // A stream may have been made anew: then there is no place to go on from.
            Err(_) => Queries::start(store, &record.definition, Positions::default()).await,
        }
    }

    async fn work(
        worker: &Worker<Self>,
        queries: Option<Queries>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        worker.run(queries, monitor).await
    }

    async fn create(jobs: &Alerts, definition: Self, owner: Owner) -> Result<Alert, HttpError> {
        let _changing = jobs.0.changing.lock().await;
        jobs.0.all.free_name(&definition.name, "")?;
        let runs = plan::check(&jobs.0.store, &definition)?;
        let record = Record::new(definition, owner);
        let queries = match runs {
            true => {
                Some(Queries::start(&jobs.0.store, &record.definition, Positions::default()).await?)
            }
            false => None,
        };
        let from = queries.as_ref().map(Queries::started).unwrap_or_default();
        storage::insert(&jobs.0.store, &record, from).await?;
        let entry = jobs.0.all.insert(record, Standing::default());
        if runs {
            jobs.run(&entry, queries).await?;
        }
        Ok(Self::model(jobs, &entry))
    }

    /// Secrets that are left out stay; a query that has changed begins with the rows that come
    /// from now on. What is triggered stays so.
    async fn replace(
        jobs: &Alerts,
        id: &str,
        mut definition: Self,
        owner: Owner,
    ) -> Result<Alert, HttpError> {
        let _changing = jobs.0.changing.lock().await;
        let entry = jobs.0.all.entry(id)?;
        let old = entry.record();
        jobs.0.all.free_name(&definition.name, &old.id)?;
        if definition.action == old.definition.action {
            let kind = find(TYPES, &definition.action);
            definition.properties =
                secrets::keep(kind, definition.properties, &old.definition.properties)?;
        }
        let runs = plan::check(&jobs.0.store, &definition)?;
        let anew = Anew {
            trigger: definition.trigger_sql != old.definition.trigger_sql,
            resolve: definition.resolve_sql != old.definition.resolve_sql,
        };
        let record = old.changed(definition, owner);
        let active = jobs.0.runners.is_active(id);
        jobs.0.runners.stop(id).await?;
        storage::update(&jobs.0.store, &record, anew).await?;
        entry.set_record(record);
        if active && runs {
            let queries = Self::resume(&jobs.0.store, &entry.record()).await?;
            jobs.run(&entry, Some(queries)).await?;
        }
        Ok(Self::model(jobs, &entry))
    }
}

impl Alerts {
    /// Nothing where it is not triggered. While it is stopped nobody is told.
    pub(crate) async fn resolve(&self, id: &str, who: &str) -> Result<String, HttpError> {
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
