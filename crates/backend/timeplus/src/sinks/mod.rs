//! Sinks: queries whose rows are delivered elsewhere, at least once.

pub(crate) mod plan;
pub(crate) mod routes;
mod run;
mod stats;
mod storage;

use std::sync::Arc;

use weir_api::{
    Owner,
    property::{TypeOf, find},
    timeplus::{
        sink::{Sink, SinkDef, UpdateSink},
        types::sinks::TYPES,
    },
};
use weir_store::{Store, StoreError};

use crate::{
    delivery::{Ledger, secrets},
    error::HttpError,
    follow::Follow,
    roster::{
        self,
        jobs::{Jobs, Runs, Worker},
    },
    running::{Monitor, Status},
};
use weir_queries::run::planning;

type Record = roster::Record<SinkDef>;
type Entry = roster::Entry<SinkDef, Ledger>;

impl roster::Definition for SinkDef {
    const WORD: &'static str = "sink";

    fn name(&self) -> &str {
        &self.name
    }
}

/// All sinks.
pub(crate) type Sinks = Jobs<SinkDef>;

impl Runs for SinkDef {
    type State = Ledger;
    type Input = Follow;
    type Model = Sink;
    const TYPES: &'static [TypeOf] = TYPES;

    fn kind(&self) -> &str {
        &self.kind
    }

    fn not_run(kind: &str) -> String {
        format!("sinks of type '{kind}' are kept, but not run by the embedded backend")
    }

    fn model(jobs: &Sinks, entry: &Entry) -> Sink {
        let record = entry.record();
        let report = jobs.0.runners.report(&record.id);
        let message = match report.status {
            _ if !find(TYPES, &record.definition.kind).runs => {
                Self::not_run(&record.definition.kind)
            }
            Status::Complete => "the query has no more rows".into(),
            _ => report.message,
        };
        let SinkDef {
            name,
            description,
            kind,
            query,
            properties,
        } = record.definition;
        Sink {
            id: record.id,
            properties: secrets::hide(find(TYPES, &kind), &properties),
            // A query that no longer fits the streams has none.
            plan: planning::analyze(&query, &*jobs.0.store.catalog()).ok(),
            status: report.status.sink_word().into(),
            message,
            name,
            description,
            kind,
            query,
            created_at: Some(record.created_at),
            created_by: Some(record.created_by),
            last_updated_at: Some(record.updated_at),
            last_updated_by: Some(record.updated_by),
        }
    }

    async fn load(store: &Store) -> Result<Vec<(Record, Ledger)>, StoreError> {
        storage::load(store).await
    }

    async fn forget(store: &Store, id: &str) -> Result<(), StoreError> {
        storage::delete(store, id).await
    }

    async fn resume(store: &Store, record: &Record) -> Result<Follow, HttpError> {
        let query = &record.definition.query;
        let from = storage::checkpoint(store, &record.id).await?;
        // A query that has ended begins again.
        let from = from.filter(|from| !from.is_done());
        let started = match follow(store, query, from).await {
            Ok(follow) => follow,
            // Its stream may have been made anew: then there is no place to go on from.
            Err(_) => follow(store, query, None).await?,
        };
        let from = Some(started.started().clone());
        storage::update(store, record, from).await?;
        Ok(started)
    }

    async fn work(
        worker: &Worker<Self>,
        follow: Option<Follow>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        worker.run(follow, monitor).await
    }

    async fn create(jobs: &Sinks, definition: Self, owner: Owner) -> Result<Sink, HttpError> {
        let _changing = jobs.0.changing.lock().await;
        jobs.0.all.free_name(&definition.name, "")?;
        let runs = plan::check(&jobs.0.store, &definition)?;
        let record = Record::new(definition, owner);
        let follow = match runs {
            true => Some(follow(&jobs.0.store, &record.definition.query, None).await?),
            false => None,
        };
        let checkpoint = follow.as_ref().map(|follow| follow.started().clone());
        storage::insert(&jobs.0.store, &record, checkpoint).await?;
        let entry = jobs.0.all.insert(record, Ledger::default());
        if runs {
            jobs.run(&entry, follow).await?;
        }
        Ok(Self::model(jobs, &entry))
    }

    /// Secrets that are left out stay; another query begins with the rows that come from now on.
    async fn replace(
        jobs: &Sinks,
        id: &str,
        mut definition: Self,
        owner: Owner,
    ) -> Result<Sink, HttpError> {
        let _changing = jobs.0.changing.lock().await;
        let entry = jobs.0.all.entry(id)?;
        let old = entry.record();
        if definition.kind == old.definition.kind {
            let kind = find(TYPES, &definition.kind);
            definition.properties =
                secrets::keep(kind, definition.properties, &old.definition.properties)?;
        }
        jobs.change(&entry, old, definition, owner).await
    }
}

impl Sinks {
    pub(crate) async fn update(
        &self,
        id: &str,
        change: UpdateSink,
        owner: Owner,
    ) -> Result<Sink, HttpError> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        let old = entry.record();
        let mut definition = old.definition.clone();
        if let Some(name) = change.name {
            definition.name = name;
        }
        if let Some(description) = change.description {
            definition.description = description;
        }
        if let Some(properties) = change.properties {
            let kind = find(TYPES, &definition.kind);
            definition.properties = secrets::keep(kind, properties, &old.definition.properties)?;
        }
        self.change(&entry, old, definition, owner).await
    }

    async fn change(
        &self,
        entry: &Arc<Entry>,
        old: Record,
        definition: SinkDef,
        owner: Owner,
    ) -> Result<Sink, HttpError> {
        self.0.all.free_name(&definition.name, &old.id)?;
        let runs = plan::check(&self.0.store, &definition)?;
        let other_query = definition.query != old.definition.query;
        let record = old.changed(definition, owner);
        let follow = match other_query && runs {
            true => Some(follow(&self.0.store, &record.definition.query, None).await?),
            false => None,
        };
        let active = self.0.runners.is_active(&record.id);
        self.0.runners.stop(&record.id).await?;
        let checkpoint = follow.as_ref().map(|follow| follow.started().clone());
        storage::update(&self.0.store, &record, checkpoint).await?;
        entry.set_record(record);
        if active && runs {
            self.run(entry, follow).await?;
        }
        Ok(SinkDef::model(self, entry))
    }
}

async fn follow(
    store: &Store,
    query: &str,
    from: Option<weir_engine::Checkpoint>,
) -> Result<Follow, HttpError> {
    Follow::start(store, query, from)
        .await
        .map_err(|failure| failure.inside_sql().at_field("query"))
}
