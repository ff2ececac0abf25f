//! Streamings and templates are made, changed and deleted, one after the other.

use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value};
use weir_api::azion::{
    DataSource,
    check::KeyError,
    streaming::{Streaming, StreamingDef},
    v4::template::{Template, TemplateDef},
};

use super::{
    super::{
        body::{self, Change},
        error::VendorError,
        record::{Edits, Entry, Figures, Position},
        send::Sender,
        source, storage,
    },
    Streamings,
};
use crate::follow::Follow;

impl Streamings {
    pub(crate) async fn create(
        &self,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, VendorError> {
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

    pub(crate) async fn replace(
        &self,
        id: i64,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, VendorError> {
        self.edit(id, sent, editor, |old| Change::Replace(old))
            .await
    }

    pub(crate) async fn update(
        &self,
        id: i64,
        sent: &Map<String, Value>,
        editor: &str,
    ) -> Result<Streaming, VendorError> {
        self.edit(id, sent, editor, |old| Change::Patch(old)).await
    }

    async fn edit(
        &self,
        id: i64,
        sent: &Map<String, Value>,
        editor: &str,
        change: for<'a> fn(&'a StreamingDef) -> Change<'a>,
    ) -> Result<Streaming, VendorError> {
        let _changing = self.0.changing.lock().await;
        let entry = self.entry(id)?;
        let old = entry.definition();
        let definition = self.checked(sent, &change(&old), Some(id))?;
        self.change(&entry, &old, definition, editor).await
    }

    fn checked(
        &self,
        sent: &Map<String, Value>,
        change: &Change<'_>,
        id: Option<i64>,
    ) -> Result<StreamingDef, VendorError> {
        let definition = body::read(sent, change, &|id| self.0.templates.get(id).is_some())
            .map_err(VendorError::key_errors)?;
        if self.runs(&definition) {
            Sender::new(&definition)
                .map_err(|words| VendorError::key_errors(vec![KeyError::new("endpoint", words)]))?;
        }
        self.alone(&definition, id)?;
        Ok(definition)
    }

    /// While one that is active takes samples no other may be active, as at the vendor.
    fn alone(&self, definition: &StreamingDef, id: Option<i64>) -> Result<(), VendorError> {
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
                Err(VendorError::key_errors(vec![key_error]))
            }
            false => Ok(()),
        }
    }

    /// The query of one that is to run, from now on.
    async fn begun(&self, definition: &StreamingDef) -> Result<Option<Follow>, VendorError> {
        if !self.runs(definition) {
            return Ok(None);
        }
        let source = DataSource::meant(&definition.data_source).unwrap_or_default();
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
    ) -> Result<Streaming, VendorError> {
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

    /// Streamings that use it go on with what it says now.
    pub(crate) async fn change_template(
        &self,
        id: i64,
        definition: TemplateDef,
        editor: &str,
    ) -> Result<Template, VendorError> {
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
    pub(crate) async fn delete_template(&self, id: i64) -> Result<String, VendorError> {
        let _changing = self.0.changing.lock().await;
        let template = self.0.templates.own(id)?;
        if let Some(user) = self.users_of(id).first() {
            let words = format!("Stream \"{}\" uses it.", user.definition().name);
            return Err(VendorError::new(axum::http::StatusCode::BAD_REQUEST, words));
        }
        self.0.templates.delete(id).await?;
        Ok(template.name)
    }

    /// Its name.
    pub(crate) async fn delete(&self, id: i64) -> Result<String, VendorError> {
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
