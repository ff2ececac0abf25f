//! Sinks: queries whose rows are delivered elsewhere, at least once.

pub(crate) mod plan;
pub(crate) mod routes;
mod run;
mod stats;
mod storage;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use weir_api::{
    Owner,
    property::find,
    timeplus::{
        sink::{Sink, SinkDef, UpdateSink},
        types::sinks::TYPES,
    },
};
use weir_store::{Store, StoreError};

use crate::{
    delivery::{Ledger, secrets},
    error::Failure,
    follow::Follow,
    outbound::Outbound,
    roster::{self, Roster},
    running::{Runners, Status, Work},
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

/// All sinks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sinks(Arc<Inner>);

struct Inner {
    store: Store,
    outbound: Outbound,
    runners: Runners,
    all: Roster<SinkDef, Ledger>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Sinks {
    /// Those that were running go on where they were, until `stopping` turns true.
    pub(crate) async fn load(
        store: &Store,
        outbound: &Outbound,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let sinks = Self(Arc::new(Inner {
            store: store.clone(),
            outbound: outbound.clone(),
            runners: Runners::load(store, "sink", stopping).await?,
            all: Roster::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for (record, ledger) in storage::load(store).await? {
            sinks.0.all.insert(record, ledger);
        }
        for id in sinks.0.runners.wanted() {
            if let Ok(entry) = sinks.0.all.entry(&id) {
                sinks.run(&entry, None).await?;
            }
        }
        Ok(sinks)
    }

    /// `follow` is for the first attempt; later ones go on where the last one was.
    async fn run(&self, entry: &Arc<Entry>, follow: Option<Follow>) -> Result<(), StoreError> {
        let worker = Arc::new(run::Worker {
            store: self.0.store.clone(),
            outbound: self.0.outbound.clone(),
            entry: entry.clone(),
        });
        let first = Mutex::new(follow);
        let work: Work = Arc::new(move |monitor| {
            let worker = worker.clone();
            let follow = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::pin(async move { worker.run(follow, &monitor).await })
        });
        self.0.runners.start(&entry.record().id, work).await
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<Sink> {
        let mut sinks: Vec<Sink> = self
            .0
            .all
            .entries()
            .iter()
            .map(|entry| self.shown(entry))
            .collect();
        sinks.sort_by(|a, b| a.name.cmp(&b.name));
        sinks
    }

    pub(crate) fn get(&self, id: &str) -> Result<Sink, Failure> {
        let entry = self.0.all.entry(id)?;
        Ok(self.shown(&entry))
    }

    fn shown(&self, entry: &Entry) -> Sink {
        let record = entry.record();
        let report = self.0.runners.report(&record.id);
        let message = match report.status {
            _ if !find(TYPES, &record.definition.kind).runs => {
                plan::not_run(&record.definition.kind)
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
            plan: planning::analyze(&query, &*self.0.store.catalog()).ok(),
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

    pub(crate) async fn create(&self, definition: SinkDef, owner: Owner) -> Result<Sink, Failure> {
        let _changing = self.0.changing.lock().await;
        self.0.all.free_name(&definition.name, "")?;
        let runs = plan::check(&self.0.store, &definition)?;
        let record = Record::new(definition, owner);
        let follow = match runs {
            true => Some(self.follow(&record.definition.query, None).await?),
            false => None,
        };
        let checkpoint = follow.as_ref().map(|follow| follow.started().clone());
        storage::insert(&self.0.store, &record, checkpoint).await?;
        let entry = self.0.all.insert(record, Ledger::default());
        if runs {
            self.run(&entry, follow).await?;
        }
        Ok(self.shown(&entry))
    }

    async fn follow(
        &self,
        query: &str,
        from: Option<weir_engine::Checkpoint>,
    ) -> Result<Follow, Failure> {
        Follow::start(&self.0.store, query, from)
            .await
            .map_err(|failure| failure.inside_sql().at_field("query"))
    }

    /// Secrets that are left out stay; another query begins with the rows that come from now on.
    pub(crate) async fn replace(
        &self,
        id: &str,
        mut definition: SinkDef,
        owner: Owner,
    ) -> Result<Sink, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        let old = entry.record();
        if definition.kind == old.definition.kind {
            let kind = find(TYPES, &definition.kind);
            definition.properties =
                secrets::keep(kind, definition.properties, &old.definition.properties);
        }
        self.change(&entry, old, definition, owner).await
    }

    pub(crate) async fn update(
        &self,
        id: &str,
        change: UpdateSink,
        owner: Owner,
    ) -> Result<Sink, Failure> {
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
            definition.properties = secrets::keep(kind, properties, &old.definition.properties);
        }
        self.change(&entry, old, definition, owner).await
    }

    async fn change(
        &self,
        entry: &Arc<Entry>,
        old: Record,
        definition: SinkDef,
        owner: Owner,
    ) -> Result<Sink, Failure> {
        self.0.all.free_name(&definition.name, &old.id)?;
        let runs = plan::check(&self.0.store, &definition)?;
        let other_query = definition.query != old.definition.query;
        let record = old.changed(definition, owner);
        let follow = match other_query && runs {
            true => Some(self.follow(&record.definition.query, None).await?),
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
        Ok(self.shown(entry))
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
        let SinkDef {
            name, kind, query, ..
        } = entry.record().definition;
        if !find(TYPES, &kind).runs {
            return Err(plan::refuse(&kind));
        }
        if self.0.runners.report(id).status == Status::Running {
            return Ok(name);
        }
        // One that failed waits for its next attempt.
        self.0.runners.stop(id).await?;
        let from = storage::checkpoint(&self.0.store, id).await?;
        // A query that has ended begins again.
        let from = from.filter(|from| !from.is_done());
        let follow = match self.follow(&query, from).await {
            Ok(follow) => follow,
            // Its stream may have been made anew: then there is no place to go on from.
            Err(_) => self.follow(&query, None).await?,
        };
        let started = Some(follow.started().clone());
        storage::update(&self.0.store, &entry.record(), started).await?;
        self.run(&entry, Some(follow)).await?;
        Ok(name)
    }

    pub(crate) async fn stop(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        self.0.runners.stop(id).await?;
        Ok(entry.record().definition.name)
    }
}
