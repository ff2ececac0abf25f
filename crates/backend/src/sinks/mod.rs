//! Sinks: queries whose rows are delivered elsewhere, at least once.

pub(crate) mod plan;
mod run;
mod storage;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use tokio::sync::watch;
use weir_api::timeplus::{
    Owner,
    property::{find, sinks::TYPES},
    sink::{LoggedError, Sink, SinkDef, SinkStats, Throughput, UpdateSink},
};
use weir_store::{Store, StoreError};

use crate::{
    clock,
    delivery::{Ledger, secrets},
    error::Failure,
    follow::Follow,
    outbound::Outbound,
    random,
    running::{Runners, Status, Work},
};

/// Of an average rate.
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

/// What is kept of a sink besides its rows.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Record {
    pub id: String,
    pub definition: SinkDef,
    pub created_at: String,
    pub created_by: Owner,
    pub updated_at: String,
    pub updated_by: Owner,
}

struct Entry {
    record: RwLock<Record>,
    ledger: Ledger,
}

impl Entry {
    fn record(&self) -> Record {
        let record = self.record.read().unwrap_or_else(PoisonError::into_inner);
        record.clone()
    }

    fn set_record(&self, record: Record) {
        *self.record.write().unwrap_or_else(PoisonError::into_inner) = record;
    }
}

/// All sinks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sinks(Arc<Inner>);

struct Inner {
    store: Store,
    outbound: Outbound,
    runners: Runners,
    all: RwLock<BTreeMap<String, Arc<Entry>>>,
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
            all: RwLock::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for (record, ledger) in storage::load(store).await? {
            sinks.insert(record, ledger);
        }
        for id in sinks.0.runners.wanted() {
            if let Ok(entry) = sinks.entry(&id) {
                sinks.run(&entry, None).await?;
            }
        }
        Ok(sinks)
    }

    fn insert(&self, record: Record, ledger: Ledger) -> Arc<Entry> {
        let id = record.id.clone();
        let entry = Arc::new(Entry {
            record: RwLock::new(record),
            ledger,
        });
        let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, entry.clone());
        entry
    }

    fn entries(&self) -> Vec<Arc<Entry>> {
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    fn entry(&self, id: &str) -> Result<Arc<Entry>, Failure> {
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        let found = all.get(id).cloned();
        found.ok_or_else(|| Failure::not_found(format!("sink '{id}'")))
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
            .entries()
            .iter()
            .map(|entry| self.shown(entry))
            .collect();
        sinks.sort_by(|a, b| a.name.cmp(&b.name));
        sinks
    }

    pub(crate) fn get(&self, id: &str) -> Result<Sink, Failure> {
        let entry = self.entry(id)?;
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
            plan: weir_engine::analyze(&query, &*self.0.store.catalog()).ok(),
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
        self.free_name(&definition.name, "")?;
        let runs = plan::check(&self.0.store, &definition)?;
        let now = clock::text(clock::now_ms());
        let record = Record {
            id: random::uuid(),
            created_at: now.clone(),
            created_by: owner.clone(),
            updated_at: now,
            updated_by: owner,
            definition,
        };
        let follow = match runs {
            true => Some(self.follow(&record.definition.query, None).await?),
            false => None,
        };
        let checkpoint = follow.as_ref().map(|follow| follow.started().clone());
        storage::insert(&self.0.store, &record, checkpoint).await?;
        let entry = self.insert(record, Ledger::default());
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

    fn free_name(&self, name: &str, besides: &str) -> Result<(), Failure> {
        let taken = self.entries().iter().any(|entry| {
            let record = entry.record();
            record.definition.name == name && record.id != besides
        });
        match taken {
            true => Err(StoreError::Exists(format!("sink '{name}'")).into()),
            false => Ok(()),
        }
    }

    /// Secrets that are left out stay; another query begins with the rows that come from now on.
    pub(crate) async fn replace(
        &self,
        id: &str,
        mut definition: SinkDef,
        owner: Owner,
    ) -> Result<Sink, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
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
        let entry = self.entry(id)?;
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
        self.free_name(&definition.name, &old.id)?;
        let runs = plan::check(&self.0.store, &definition)?;
        let other_query = definition.query != old.definition.query;
        let record = Record {
            updated_at: clock::text(clock::now_ms()),
            updated_by: owner,
            definition,
            ..old
        };
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
        let entry = self.entry(id)?;
        self.0.runners.remove(id).await?;
        storage::delete(&self.0.store, id).await?;
        let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
        Ok(entry.record().definition.name)
    }

    /// Goes on where it was stopped.
    pub(crate) async fn start(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
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
        let entry = self.entry(id)?;
        self.0.runners.stop(id).await?;
        Ok(entry.record().definition.name)
    }

    /// How far back throughput and errors go.
    pub(crate) fn stats(
        &self,
        id: &str,
        throughput: Duration,
        errors: Duration,
    ) -> Result<SinkStats, Failure> {
        let entry = self.entry(id)?;
        let runners = &self.0.runners;
        let (delivered, failed) = entry.ledger.counts();
        let uptime_ms = runners.report(id).uptime_ms;
        let recent = runners.throughput(id, HALF_AN_HOUR);
        let points = recent.len().max(1) as f64;
        let errors = self.errors(&entry, errors);
        let point = |(at, value)| Throughput {
            time: clock::iso(at),
            value,
        };
        Ok(SinkStats {
            success_count: delivered as f64,
            failure_count: failed as f64,
            last_error_message: errors.first().map(|error| error.message.clone()),
            errors,
            throughput: runners
                .throughput(id, throughput)
                .into_iter()
                .map(point)
                .collect(),
            uptime: uptime_ms as f64,
            written_eps: None,
            written_bps: Some(recent.iter().map(|(_, value)| value).sum::<f64>() / points),
        })
    }

    /// Of rows and of the query, the newest first.
    fn errors(&self, entry: &Entry, within: Duration) -> Vec<LoggedError> {
        let within_ms = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
        let since = clock::now_ms().saturating_sub(within_ms);
        let of_query = self.0.runners.errors(&entry.record().id, within);
        let of_query = of_query.into_iter().map(|one| (one.time_ms, one.message));
        let mut all = entry.ledger.errors();
        all.extend(of_query);
        all.retain(|(at, _)| *at >= since);
        all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let errors = all.into_iter().map(|(at, message)| LoggedError {
            message,
            time: clock::iso(at),
        });
        errors.collect()
    }

    pub(crate) fn logs(&self, id: &str, lines: usize) -> Result<Vec<String>, Failure> {
        self.entry(id)?;
        Ok(self.0.runners.logs(id, lines))
    }
}
