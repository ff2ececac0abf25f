//! What sinks and alerts have in common: they run in the background, are stopped and started, and
//! go on where they were.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;
use weir_api::{
    Owner,
    property::{TypeOf, find},
};
use weir_store::{Store, StoreError};

use super::{Definition, Entry, Record, Roster};
use crate::{
    error::HttpError,
    outbound::Outbound,
    running::{Monitor, Runners, Status, Work},
};

/// What is stored, with how far each is.
pub(crate) type Loaded<K> = Vec<(Record<K>, <K as Runs>::State)>;

/// What differs between the kinds.
pub(crate) trait Runs:
    Definition + Serialize + DeserializeOwned + Send + Sync + 'static
{
    type State: Send + Sync + 'static;
    /// What reads the rows.
    type Input: Send + 'static;
    /// As it is answered.
    type Model: Serialize + Send;
    const TYPES: &'static [TypeOf];

    /// One of the names in `TYPES`, where it is known.
    fn kind(&self) -> &str;
    /// Why a type is not run here.
    fn not_run(kind: &str) -> String;
    fn model(jobs: &Jobs<Self>, entry: &Entry<Self, Self::State>) -> Self::Model;

    fn load(store: &Store) -> impl Future<Output = Result<Loaded<Self>, StoreError>> + Send;
    fn forget(store: &Store, id: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// From where it was stopped.
    fn resume(
        store: &Store,
        record: &Record<Self>,
    ) -> impl Future<Output = Result<Self::Input, HttpError>> + Send;
    /// Until it is stopped, its rows end or something fails. Without an input it goes on where it
    /// was.
    fn work(
        worker: &Worker<Self>,
        input: Option<Self::Input>,
        monitor: &Monitor,
    ) -> impl Future<Output = Result<(), String>> + Send;

    fn create(
        jobs: &Jobs<Self>,
        definition: Self,
        owner: Owner,
    ) -> impl Future<Output = Result<Self::Model, HttpError>> + Send;
    fn replace(
        jobs: &Jobs<Self>,
        id: &str,
        definition: Self,
        owner: Owner,
    ) -> impl Future<Output = Result<Self::Model, HttpError>> + Send;
}

/// Of a type that is kept, but not run here.
pub(crate) fn refuse<D: Runs>(kind: &str) -> HttpError {
    HttpError::new(StatusCode::NOT_IMPLEMENTED, D::not_run(kind))
}

pub(crate) struct Worker<D: Runs> {
    pub store: Store,
    pub outbound: Outbound,
    pub entry: Arc<Entry<D, D::State>>,
}

/// All of a kind. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Jobs<D: Runs>(pub(crate) Arc<Inner<D>>);

pub(crate) struct Inner<D: Runs> {
    pub store: Store,
    outbound: Outbound,
    pub runners: Runners,
    pub all: Roster<D, D::State>,
    /// One change at a time.
    pub changing: tokio::sync::Mutex<()>,
}

impl<D: Runs> Jobs<D> {
    /// Those that were running go on where they were, until `stopping` turns true.
    pub(crate) async fn load(
        store: &Store,
        outbound: &Outbound,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let jobs = Self(Arc::new(Inner {
            store: store.clone(),
            outbound: outbound.clone(),
            runners: Runners::load(store, D::WORD, stopping).await?,
            all: Roster::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for (record, state) in D::load(store).await? {
            jobs.0.all.insert(record, state);
        }
        for id in jobs.0.runners.wanted() {
            if let Ok(entry) = jobs.0.all.entry(&id) {
                jobs.run(&entry, None).await?;
            }
        }
        Ok(jobs)
    }

    /// `input` is for the first attempt; later ones go on where the last one was.
    pub(crate) async fn run(
        &self,
        entry: &Arc<Entry<D, D::State>>,
        input: Option<D::Input>,
    ) -> Result<(), StoreError> {
        let worker = Arc::new(Worker {
            store: self.0.store.clone(),
            outbound: self.0.outbound.clone(),
            entry: entry.clone(),
        });
        let first = Mutex::new(input);
        let work: Work = Arc::new(move |monitor| {
            let worker = worker.clone();
            let input = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::pin(async move { D::work(&worker, input, &monitor).await })
        });
        self.0.runners.start(&entry.record().id, work).await
    }

    /// By name.
    pub(crate) fn list(&self) -> Vec<D::Model> {
        let mut entries = self.0.all.entries();
        entries.sort_by_cached_key(|entry| entry.record().definition.name().to_owned());
        entries.iter().map(|entry| D::model(self, entry)).collect()
    }

    pub(crate) fn get(&self, id: &str) -> Result<D::Model, HttpError> {
        let entry = self.0.all.entry(id)?;
        Ok(D::model(self, &entry))
    }

    /// The name of what was deleted.
    pub(crate) async fn delete(&self, id: &str) -> Result<String, HttpError> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        self.0.runners.remove(id).await?;
        D::forget(&self.0.store, id).await?;
        self.0.all.remove(id);
        Ok(entry.record().definition.name().to_owned())
    }

    /// Goes on where it was stopped.
    pub(crate) async fn start(&self, id: &str) -> Result<String, HttpError> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        let record = entry.record();
        let kind = record.definition.kind();
        if !find(D::TYPES, kind).runs {
            return Err(refuse::<D>(kind));
        }
        if self.0.runners.report(id).status != Status::Running {
            // One that failed waits for its next attempt.
            self.0.runners.stop(id).await?;
            let input = D::resume(&self.0.store, &record).await?;
            self.run(&entry, Some(input)).await?;
        }
        Ok(record.definition.name().to_owned())
    }

    pub(crate) async fn stop(&self, id: &str) -> Result<String, HttpError> {
        let _changing = self.0.changing.lock().await;
        let entry = self.0.all.entry(id)?;
        self.0.runners.stop(id).await?;
        Ok(entry.record().definition.name().to_owned())
    }
}
