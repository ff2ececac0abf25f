//! All data streamings: what is kept, what runs.

mod change;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock, atomic::Ordering},
    time::Duration,
};

use tokio::sync::watch;
use weir_api::{
    azion::{
        endpoint::TYPES,
        streaming::{Delivery, Streaming, StreamingDef},
    },
    property::find,
};
use weir_store::{Store, StoreError};

use super::{
    error::VendorError,
    record::{Edits, Entry},
    run::{self, Worker},
    send, storage,
    templates::Templates,
};
use crate::{
    clock,
    delivery::secrets,
    follow::Follow,
    outbound::Outbound,
    running::{Runners, Status, Work},
};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Streamings(Arc<Inner>);

struct Inner {
    store: Store,
    outbound: Outbound,
    runners: Runners,
    templates: Templates,
    /// How long a record waits for others.
    wait: Duration,
    all: RwLock<BTreeMap<i64, Arc<Entry>>>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Streamings {
    /// Those that are active go on where they were, until `stopping` turns true.
    pub(crate) async fn load(
        store: &Store,
        outbound: &Outbound,
        wait: Duration,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let streamings = Self(Arc::new(Inner {
            store: store.clone(),
            outbound: outbound.clone(),
            runners: Runners::load(store, "azion_streaming", stopping).await?,
            templates: Templates::load(store).await?,
            wait,
            all: RwLock::default(),
            changing: tokio::sync::Mutex::default(),
        }));
        for entry in storage::load(store).await? {
            let entry = streamings.insert(entry);
            if streamings.runs(&entry.definition()) {
                streamings.run(&entry, None).await?;
            }
        }
        Ok(streamings)
    }

    fn insert(&self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(entry.id, entry.clone());
        entry
    }

    fn entries(&self) -> Vec<Arc<Entry>> {
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    fn entry(&self, id: i64) -> Result<Arc<Entry>, VendorError> {
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).cloned().ok_or_else(VendorError::not_found)
    }

    /// `follow` is for the first attempt; later ones go on at the stored place.
    async fn run(&self, entry: &Arc<Entry>, follow: Option<Follow>) -> Result<(), StoreError> {
        entry.flush.store(false, Ordering::Relaxed);
        let worker = Arc::new(Worker {
            store: self.0.store.clone(),
            outbound: self.0.outbound.clone(),
            entry: entry.clone(),
            templates: self.0.templates.clone(),
            wait: self.0.wait,
        });
        let first = Mutex::new(follow);
        let work: Work = Arc::new(move |monitor| {
            let worker = worker.clone();
            let follow = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            Box::pin(async move { worker.run(follow, &monitor).await })
        });
        self.0.runners.start(&entry.id.to_string(), work).await
    }

    /// What waits is sent first.
    async fn stop(&self, entry: &Entry) -> Result<(), StoreError> {
        entry.flush.store(true, Ordering::Relaxed);
        self.0.runners.stop(&entry.id.to_string()).await
    }

    /// By id.
    pub(crate) fn list(&self) -> Vec<Streaming> {
        self.entries()
            .iter()
            .map(|entry| self.shown(entry))
            .collect()
    }

    pub(crate) fn get(&self, id: i64) -> Result<Streaming, VendorError> {
        Ok(self.shown(&*self.entry(id)?))
    }

    fn shown(&self, entry: &Entry) -> Streaming {
        let mut definition = entry.definition();
        let delivery = self.delivery(entry, &definition);
        let kind = find(TYPES, definition.endpoint_type());
        definition.endpoint = secrets::hide(kind, &definition.endpoint);
        Streaming {
            id: entry.id.to_string(),
            definition,
            delivery: Some(delivery),
            stream: None,
        }
    }

    fn delivery(&self, entry: &Entry, definition: &StreamingDef) -> Delivery {
        let report = self.0.runners.report(&entry.id.to_string());
        let figures = entry.figures();
        let kind = definition.endpoint_type();
        let (state, message) = match report.status {
            _ if !find(TYPES, kind).runs => ("not_run", send::not_run(kind)),
            _ if !definition.active => ("inactive", String::new()),
            Status::Interrupted => ("failing", report.message),
            _ if figures.failing => ("failing", figures.last_error.clone()),
            _ => ("delivering", String::new()),
        };
        let time = |ms: i64| match ms {
            0 => String::new(),
            ms => clock::iso(ms),
        };
        Delivery {
            state: state.into(),
            message,
            delivered: figures.delivered,
            failures: figures.failures,
            last_delivery: time(figures.last_delivery_ms),
            last_error_time: time(figures.last_error_ms),
            last_error: figures.last_error,
        }
    }

    pub(crate) fn templates(&self) -> &Templates {
        &self.0.templates
    }

    pub(crate) fn edits(&self, id: i64) -> Result<Edits, VendorError> {
        Ok(self.entry(id)?.edits())
    }

    fn users_of(&self, template: i64) -> Vec<Arc<Entry>> {
        let mut entries = self.entries();
        entries.retain(|entry| entry.definition().template_id == Some(template));
        entries
    }

    /// It is active, and this backend knows how to send to its endpoint.
    fn runs(&self, definition: &StreamingDef) -> bool {
        definition.active
            && find(TYPES, definition.endpoint_type()).runs
            && run::writer(definition, &self.0.templates).is_ok()
    }
}
