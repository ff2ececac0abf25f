//! All data streamings: what is kept, what runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock, atomic::Ordering},
    time::Duration,
};

use serde_json::{Map, Value};
use tokio::sync::watch;
use weir_api::{
    azion::{
        DataSource,
        check::KeyError,
        endpoint::TYPES,
        streaming::{Delivery, Streaming, StreamingDef},
        v4::template::{Template, TemplateDef},
    },
    property::find,
};
use weir_store::{Store, StoreError};

use super::{
    body::{self, Change},
    error::Refusal,
    record::{Edits, Entry, Figures, Position},
    run::{self, Worker},
    send::{self, Sender},
    source, storage,
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

    fn entry(&self, id: i64) -> Result<Arc<Entry>, Refusal> {
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).cloned().ok_or_else(Refusal::not_found)
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
    pub(super) fn list(&self) -> Vec<Streaming> {
        self.entries()
            .iter()
            .map(|entry| self.shown(entry))
            .collect()
    }

    pub(super) fn get(&self, id: i64) -> Result<Streaming, Refusal> {
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

    pub(super) async fn create(
        &self,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, Refusal> {
        let _changing = self.0.changing.lock().await;
        let definition = self.checked(sent, &Change::Create, None)?;
        let follow = self.begun(&definition).await?;
        let place = follow.as_ref().map(start);
        let edits = Edits::begun(editor);
        let id = storage::insert(&self.0.store, &definition, &edits, place.as_ref()).await?;
        let entry = self.insert(Entry::new(id, definition, edits, Figures::default()));
        if follow.is_some() {
            self.run(&entry, follow).await?;
        }
        Ok(self.shown(&entry))
    }

    pub(super) async fn replace(
        &self,
        id: i64,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, Refusal> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        let old = entry.definition();
        let definition = self.checked(sent, &Change::Replace(&old), Some(id))?;
        self.change(&entry, &old, definition, editor).await
    }

    pub(super) async fn update(
        &self,
        id: i64,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, Refusal> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        let old = entry.definition();
        let definition = self.checked(sent, &Change::Patch(&old), Some(id))?;
        self.change(&entry, &old, definition, editor).await
    }

    fn checked(
        &self,
        sent: &Map<String, Value>,
        change: &Change<'_>,
        id: Option<i64>,
    ) -> Result<StreamingDef, Refusal> {
        let definition = body::read(sent, change, &|id| self.0.templates.get(id).is_some())
            .map_err(Refusal::key_errors)?;
        if self.runs(&definition) {
            Sender::new(&definition)
                .map_err(|words| Refusal::key_errors(vec![KeyError::new("endpoint", words)]))?;
        }
        self.alone(&definition, id)?;
        Ok(definition)
    }

    /// While one that is active takes samples no other may be active, as at the vendor.
    fn alone(&self, definition: &StreamingDef, id: Option<i64>) -> Result<(), Refusal> {
        let samples = |one: &StreamingDef| one.sampling_percentage.is_some_and(|all| all < 100);
        let others = self.entries();
        let mut active = others
            .iter()
            .filter(|entry| Some(entry.id) != id)
            .map(|entry| entry.definition())
            .filter(|one| one.active);
        let clash = definition.active && active.any(|one| samples(definition) || samples(&one));
        match clash {
            true => {
                let words = "Only one data streaming may be active while one of them is sampled.";
                let key_error = KeyError::new("sampling_percentage", words);
                Err(Refusal::key_errors(vec![key_error]))
            }
            false => Ok(()),
        }
    }

    /// The query of one that is to run, from now on.
    async fn begun(&self, definition: &StreamingDef) -> Result<Option<Follow>, Refusal> {
        if !self.runs(definition) {
            return Ok(None);
        }
        let source = DataSource::named(&definition.data_source).unwrap_or_default();
        let follow = Follow::start(&self.0.store, source::query(source), None).await?;
        Ok(Some(follow))
    }

    /// One that goes on running with the same source stays where it is.
    async fn change(
        &self,
        entry: &Arc<Entry>,
        old: &StreamingDef,
        definition: StreamingDef,
        editor: &str,
    ) -> Result<Streaming, Refusal> {
        let goes_on = self.runs(old) && old.data_source == definition.data_source;
        let follow = match goes_on {
            true => None,
            false => self.begun(&definition).await?,
        };
        // With the same source what waits is written anew.
        match goes_on && self.runs(&definition) {
            true => self.0.runners.stop(&entry.id.to_string()).await?,
            false => self.stop(entry).await?,
        }
        let place = follow.as_ref().map(start);
        let edits = entry.edits().by(editor);
        let store = &self.0.store;
        storage::update(store, entry.id, &definition, &edits, place.as_ref()).await?;
        let runs = self.runs(&definition);
        entry.set_definition(definition, edits);
        entry.note(|figures| figures.failing = false);
        if runs {
            self.run(entry, follow).await?;
        }
        Ok(self.shown(entry))
    }

    pub(super) fn templates(&self) -> &Templates {
        &self.0.templates
    }

    pub(super) fn edits(&self, id: i64) -> Result<Edits, Refusal> {
        Ok(self.entry(id)?.edits())
    }

    fn users_of(&self, template: i64) -> Vec<Arc<Entry>> {
        let mut entries = self.entries();
        entries.retain(|entry| entry.definition().template_id == Some(template));
        entries
    }

    /// Streamings that use it go on with what it says now.
    pub(super) async fn change_template(
        &self,
        id: i64,
        definition: TemplateDef,
        editor: &str,
    ) -> Result<Template, Refusal> {
        let _changing = self.0.changing.lock().await;
        self.0.templates.own(id)?;
        let changed = self.0.templates.change(id, definition, editor).await?;
        for entry in self.users_of(id) {
            self.stop(&entry).await?;
            if self.runs(&entry.definition()) {
                self.run(&entry, None).await?;
            }
        }
        Ok(changed)
    }

    /// Its name. One that is used stays.
    pub(super) async fn delete_template(&self, id: i64) -> Result<String, Refusal> {
        let _changing = self.0.changing.lock().await;
        let template = self.0.templates.own(id)?;
        if let Some(user) = self.users_of(id).first() {
            let words = format!("Stream \"{}\" uses it.", user.definition().name);
            return Err(Refusal::new(axum::http::StatusCode::BAD_REQUEST, words));
        }
        self.0.templates.delete(id).await?;
        Ok(template.name)
    }

    /// It is active, and this backend knows how to send to its endpoint.
    fn runs(&self, definition: &StreamingDef) -> bool {
        definition.active
            && find(TYPES, definition.endpoint_type()).runs
            && run::writer(definition, &self.0.templates).is_ok()
    }

    /// Its name.
    pub(super) async fn delete(&self, id: i64) -> Result<String, Refusal> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        self.stop(&entry).await?;
        self.0.runners.remove(&id.to_string()).await?;
        storage::delete(&self.0.store, id).await?;
        let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&id);
        Ok(entry.definition().name)
    }
}

fn start(follow: &Follow) -> Position {
    Position {
        checkpoint: follow.started().clone(),
        rows: 0,
    }
}
