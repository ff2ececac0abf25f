//! Sinks: queries whose rows are delivered elsewhere, at least once.

mod plan;
mod run;
mod storage;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use weir_api::timeplus::{
    Owner,
    property::{find, sinks::TYPES},
    sink::{Sink, SinkDef, SinkStats, UpdateSink},
};
use weir_store::{Store, StoreError};

use crate::{
    clock,
    delivery::{Journal, Task, secrets},
    error::Failure,
    follow::Follow,
    outbound::Outbound,
    random,
};

/// What is kept of a sink besides its rows.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Record {
    pub id: String,
    pub definition: SinkDef,
    /// It is to run.
    pub wanted: bool,
    pub created_at: String,
    pub created_by: Owner,
    pub updated_at: String,
    pub updated_by: Owner,
}

#[derive(Debug, Clone, Default)]
struct State {
    status: &'static str,
    message: String,
}

const RUNNING: &str = "running";
const STOPPED: &str = "stopped";
const ERROR: &str = "error";

struct Entry {
    record: RwLock<Record>,
    state: Mutex<State>,
    journal: Journal,
    task: Mutex<Option<Task>>,
}

impl Entry {
    fn record(&self) -> Record {
        let record = self.record.read().unwrap_or_else(PoisonError::into_inner);
        record.clone()
    }

    fn set_record(&self, record: Record) {
        *self.record.write().unwrap_or_else(PoisonError::into_inner) = record;
    }

    fn state(&self) -> State {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clone()
    }

    fn set_state(&self, status: &'static str, message: impl Into<String>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State {
            status,
            message: message.into(),
        };
    }

    fn replace_task(&self, task: Option<Task>) -> Option<Task> {
        let mut slot = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut slot, task)
    }
}

/// All sinks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sinks(Arc<Inner>);

struct Inner {
    store: Store,
    outbound: Outbound,
    all: RwLock<BTreeMap<String, Arc<Entry>>>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Sinks {
    /// Those that are to run go on where they were.
    pub(crate) async fn load(store: &Store, outbound: &Outbound) -> Result<Self, StoreError> {
        let stored = storage::load(store).await?;
        let sinks = Self(Arc::new(Inner {
            store: store.clone(),
            outbound: outbound.clone(),
            all: RwLock::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for (record, journal) in stored {
            let wanted = record.wanted;
            let entry = sinks.insert(record, journal);
            if wanted {
                sinks.spawn(&entry, None);
            }
        }
        Ok(sinks)
    }

    fn insert(&self, record: Record, journal: Journal) -> Arc<Entry> {
        let message = match find(TYPES, &record.definition.kind).runs {
            true => String::new(),
            false => plan::not_run(&record.definition.kind),
        };
        let id = record.id.clone();
        let entry = Arc::new(Entry {
            record: RwLock::new(record),
            state: Mutex::new(State {
                status: STOPPED,
                message,
            }),
            journal,
            task: Mutex::default(),
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

    fn spawn(&self, entry: &Arc<Entry>, follow: Option<Follow>) {
        entry.set_state(RUNNING, "");
        let worker = run::Worker {
            store: self.0.store.clone(),
            outbound: self.0.outbound.clone(),
            entry: entry.clone(),
        };
        let task = Task::spawn(|stop| worker.run(follow, stop));
        drop(entry.replace_task(Some(task)));
    }

    async fn halt(&self, entry: &Entry) {
        if let Some(task) = entry.replace_task(None) {
            task.stop().await;
        }
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
        Ok(self.shown(&*self.entry(id)?))
    }

    /// Names and queries, for what depends on what.
    #[allow(dead_code, reason = "topology comes next")]
    pub(crate) fn queries(&self) -> Vec<(String, String, String)> {
        let queries = self.entries().into_iter().map(|entry| {
            let record = entry.record();
            (record.id, record.definition.name, record.definition.query)
        });
        queries.collect()
    }

    fn shown(&self, entry: &Entry) -> Sink {
        let (record, state) = (entry.record(), entry.state());
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
            status: state.status.into(),
            message: state.message,
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
            wanted: runs,
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
        let entry = self.insert(record, Journal::default());
        if runs {
            self.spawn(&entry, follow);
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
            wanted: old.wanted && runs,
            updated_at: clock::text(clock::now_ms()),
            updated_by: owner,
            definition,
            ..old
        };
        let follow = match other_query && runs {
            true => Some(self.follow(&record.definition.query, None).await?),
            false => None,
        };
        self.halt(entry).await;
        let checkpoint = follow.as_ref().map(|follow| follow.started().clone());
        storage::update(&self.0.store, &record, checkpoint).await?;
        let wanted = record.wanted;
        entry.set_record(record);
        if wanted {
            self.spawn(entry, follow);
        } else {
            let message = match runs {
                true => String::new(),
                false => plan::not_run(&entry.record().definition.kind),
            };
            entry.set_state(STOPPED, message);
        }
        Ok(self.shown(entry))
    }

    pub(crate) async fn delete(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        self.halt(&entry).await;
        storage::delete(&self.0.store, id).await?;
        let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
        Ok(entry.record().definition.name)
    }

    /// Goes on where it was stopped.
    pub(crate) async fn start(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        let mut record = entry.record();
        let name = record.definition.name.clone();
        let kind = &record.definition.kind;
        if !find(TYPES, kind).runs {
            return Err(plan::refuse(kind));
        }
        if entry.state().status == RUNNING {
            return Ok(name);
        }
        // One that failed waits for its next attempt.
        self.halt(&entry).await;
        let from = storage::checkpoint(&self.0.store, id).await?;
        let query = &record.definition.query;
        let follow = match self.follow(query, from).await {
            Ok(follow) => follow,
            // Its stream may have been made anew: then there is no place to go on from.
            Err(_) => self.follow(query, None).await?,
        };
        record.wanted = true;
        let started = Some(follow.started().clone());
        storage::update(&self.0.store, &record, started).await?;
        entry.set_record(record);
        self.spawn(&entry, Some(follow));
        Ok(name)
    }

    pub(crate) async fn stop(&self, id: &str) -> Result<String, Failure> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        self.halt(&entry).await;
        let mut record = entry.record();
        record.wanted = false;
        storage::update(&self.0.store, &record, None).await?;
        let name = record.definition.name.clone();
        let runs = find(TYPES, &record.definition.kind).runs;
        entry.set_record(record);
        if runs {
            entry.set_state(STOPPED, "");
        }
        Ok(name)
    }

    pub(crate) fn stats(
        &self,
        id: &str,
        throughput_since_ms: i64,
        errors_since_ms: i64,
    ) -> Result<SinkStats, Failure> {
        let entry = self.entry(id)?;
        let journal = &entry.journal;
        let (delivered, failed) = journal.counts();
        let rate = journal.rate();
        let errors = journal.errors(errors_since_ms);
        Ok(SinkStats {
            success_count: delivered as f64,
            failure_count: failed as f64,
            last_error_message: errors.first().map(|error| error.message.clone()),
            errors,
            throughput: journal.throughput(throughput_since_ms),
            uptime: journal.uptime_ms() as f64,
            written_eps: Some(rate.rows),
            written_bps: Some(rate.bytes),
        })
    }

    pub(crate) fn logs(&self, id: &str, lines: usize) -> Result<Vec<String>, Failure> {
        Ok(self.entry(id)?.journal.lines(lines))
    }

    /// They go on with the backend's next start.
    pub(crate) async fn shut_down(&self) {
        let tasks: Vec<Task> = self
            .entries()
            .iter()
            .filter_map(|entry| entry.replace_task(None))
            .collect();
        futures_util::future::join_all(tasks.into_iter().map(Task::stop)).await;
    }
}
