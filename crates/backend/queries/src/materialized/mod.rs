//! Materialized views: queries that run all the time and write their rows into a stream.

mod check;
mod state;
mod worker;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
pub use state::State;
use tokio::{sync::watch, task::JoinHandle};
use weir_api::{
    Owner,
    timeplus::{
        materialized_view::{Create, Status, Update},
        stream::UpdateStream,
    },
};
use weir_engine::Control;
use weir_store::{Store, StoreError, View};
use worker::{Command, Worker};

use crate::{error::HttpError, follow::Follow};

/// How long a request waits until a view is paused or runs again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Cheap to clone.
#[derive(Clone)]
pub struct Materialized(Arc<Inner>);

struct Inner {
    store: Store,
    running: Mutex<BTreeMap<String, Running>>,
}

struct Running {
    wanted: watch::Sender<Command>,
    state: Arc<watch::Sender<State>>,
    task: JoinHandle<()>,
}

impl Materialized {
    /// Goes on with every view where it stood.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        let all = Self(Arc::new(Inner {
            store: store.clone(),
            running: Mutex::default(),
        }));
        for view in store.views().iter().filter(|view| view.materialized) {
            let paused = store.progress(&view.name)?.is_some_and(|p| p.paused);
            let wanted = if paused { Command::Pause } else { Command::Run };
            all.run(view.clone(), wanted, None);
        }
        Ok(all)
    }

    fn run(&self, view: Arc<View>, wanted: Command, follow: Option<Follow>) {
        let (wanted, asked) = watch::channel(wanted);
        let mut first = State::default();
        first.is(Status::Initialized);
        if let Some(follow) = &follow {
            first.position = follow.started().position();
        }
        let state = Arc::new(watch::Sender::new(first));
        let name = view.name.clone();
        let worker = Worker {
            store: self.0.store.clone(),
            view,
            wanted: asked,
            state: state.clone(),
        };
        let task = tokio::spawn(worker.run(follow));
        let running = Running {
            wanted,
            state,
            task,
        };
        self.lock().insert(name, running);
    }

    /// Its query runs from now on.
    pub async fn create(&self, request: Create, owner: Owner) -> Result<(), HttpError> {
        let store = &self.0.store;
        let target = request.target_stream.as_deref().map(str::trim);
        let request = Create {
            target_stream: target.filter(|t| !t.is_empty()).map(Into::into),
            ..request
        };
        if request.query.trim().is_empty() {
            return Err(HttpError::field("query", "a SELECT is needed"));
        }
        let follow = Follow::start(store, &request.query, None)
            .await
            .map_err(|failure| failure.at_field("query"))?;
        let own = check::target(store, follow.plan(), &request)?;
        let checkpoint = serde_json::to_string(follow.started()).map_err(HttpError::internal)?;
        let view = View {
            name: request.name,
            description: request.description.unwrap_or_default(),
            query: request.query,
            materialized: true,
            target: request.target_stream,
            ..View::default()
        };
        let made = store.create_materialized_view(view, own, checkpoint, owner);
        let view = made.await.map_err(|error| match error {
            // Columns are what the query makes them.
            StoreError::Invalid { field, message } if field.starts_with("columns") => {
                let words = format!("{message}; name the query's columns with AS");
                HttpError::field("query", words)
            }
            other => other.into(),
        })?;
        self.run(view, Command::Run, Some(follow));
        Ok(())
    }

    pub async fn update(&self, name: &str, change: Update, owner: Owner) -> Result<(), HttpError> {
        let view = self.view(name)?;
        if change.query.is_some_and(|query| query != view.query) {
            return Err(HttpError::field(
                "query",
                "the query of a materialized view cannot be changed; make another one",
            ));
        }
        let keep = UpdateStream {
            description: None,
            logstore_retention_bytes: change.logstore_retention_bytes,
            logstore_retention_ms: change.logstore_retention_ms,
            ttl_expression: change.ttl_expression,
        };
        self.keep(&view, keep, owner.clone()).await?;
        let store = &self.0.store;
        store
            .update_view(name, change.description, None, owner)
            .await?;
        Ok(())
    }

    /// Goes on with another query, from now on: what the one before has gathered is forgotten.
    pub async fn change_query(
        &self,
        name: &str,
        query: String,
        owner: Owner,
    ) -> Result<(), HttpError> {
        let store = &self.0.store;
        let view = self.view(name)?;
        let (other, known) = (store.clone(), view.name.clone());
        let progress = tokio::task::spawn_blocking(move || other.progress(&known));
        let progress = progress.await.map_err(HttpError::internal)??;
        let wanted = match progress.is_some_and(|progress| progress.paused) {
            true => Command::Pause,
            false => Command::Run,
        };
        // No row is to be written by both.
        let running = self.lock().remove(name);
        if let Some(running) = running {
            end(running).await;
        }
        match self.with_query(&view, query, owner).await {
            Ok((changed, follow)) => {
                self.run(changed, wanted, Some(follow));
                Ok(())
            }
            Err(failure) => {
                self.run(view, wanted, None);
                Err(failure)
            }
        }
    }

    async fn with_query(
        &self,
        view: &View,
        query: String,
        owner: Owner,
    ) -> Result<(Arc<View>, Follow), HttpError> {
        let store = &self.0.store;
        let follow = Follow::start(store, &query, None).await;
        let follow = follow.map_err(|failure| failure.at_field("query"))?;
        let target = view.target.as_deref().unwrap_or(&view.name);
        check::another(store, follow.plan(), target)?;
        let checkpoint = serde_json::to_string(follow.started()).map_err(HttpError::internal)?;
        let changed = store.change_materialized_query(&view.name, query, checkpoint, owner);
        Ok((changed.await?, follow))
    }

    /// How long the rows are kept.
    async fn keep(&self, view: &View, change: UpdateStream, owner: Owner) -> Result<(), HttpError> {
        if change == UpdateStream::default() {
            return Ok(());
        }
        if let Some(target) = &view.target {
            let field = match &change {
                UpdateStream {
                    logstore_retention_bytes: Some(_),
                    ..
                } => "logstore_retention_bytes",
                UpdateStream {
                    logstore_retention_ms: Some(_),
                    ..
                } => "logstore_retention_ms",
                _ => "ttl_expression",
            };
            return Err(HttpError::field(field, check::kept_by(target)));
        }
        let store = &self.0.store;
        store.update_own_target(&view.name, change, owner).await?;
        Ok(())
    }

    /// `ALTER STREAM` of a materialized view that keeps its rows itself; false where there is none
    /// of this name.
    pub async fn alter(
        &self,
        name: &str,
        mut change: UpdateStream,
        owner: Owner,
    ) -> Result<bool, HttpError> {
        let Ok(view) = self.view(name) else {
            return Ok(false);
        };
        let description = change.description.take();
        self.keep(&view, change, owner.clone()).await?;
        if description.is_some() {
            let store = &self.0.store;
            store.update_view(name, description, None, owner).await?;
        }
        Ok(true)
    }

    /// Fails while other views read it.
    pub async fn delete(&self, name: &str) -> Result<(), HttpError> {
        self.0.store.drop_view(name).await?;
        let running = self.lock().remove(name);
        if let Some(running) = running {
            end(running).await;
        }
        Ok(())
    }

    /// Returns once it is so, or after a while.
    pub async fn control(&self, name: &str, control: Control) -> Result<(), HttpError> {
        let store = &self.0.store;
        let (view, other) = (self.view(name)?, store.clone());
        let progress = tokio::task::spawn_blocking(move || other.progress(&view.name));
        let progress = progress.await.map_err(HttpError::internal)??;
        let progress = progress.ok_or_else(|| missing(name))?;
        let status = self.state(name).map(|state| state.status);
        match control {
            Control::Resume if !progress.paused => {
                return Err(conflict(format!("'{name}' is not paused")));
            }
            Control::Recover if progress.paused => {
                return Err(conflict(format!("'{name}' is paused; resume it")));
            }
            Control::Recover if status == Some(Status::ExecutingPipeline) => {
                return Err(conflict(format!(
                    "'{name}' runs; nothing has to be recovered"
                )));
            }
            _ => {}
        }
        if control != Control::Recover {
            let paused = control == Control::Pause;
            store.set_paused(progress.id, paused).await?;
        }
        let mut state = {
            let running = self.lock();
            let Some(running) = running.get(name) else {
                return Err(missing(name).into());
            };
            let (wanted, status) = match control {
                Control::Pause => (Command::Pause, None),
                Control::Resume => (Command::Run, Some(Status::Unpausing)),
                Control::Recover => (Command::Run, Some(Status::Recovering)),
            };
            if let Some(status) = status {
                running.state.send_modify(|state| state.wanted(status));
            }
            running.wanted.send_replace(wanted);
            running.state.subscribe()
        };
        let settled = state.wait_for(|state| match control {
            Control::Pause => state.status == Status::Paused,
            Control::Resume | Control::Recover => matches!(
                state.status,
                Status::ExecutingPipeline
                    | Status::AutoRecovering
                    | Status::Error
                    | Status::Suspended
            ),
        });
        // What takes longer goes on in the background.
        let _ = tokio::time::timeout(PATIENCE, settled).await;
        Ok(())
    }

    pub fn view(&self, name: &str) -> Result<Arc<View>, StoreError> {
        let view = self.0.store.view(name).filter(|view| view.materialized);
        view.ok_or_else(|| missing(name))
    }

    pub fn state(&self, name: &str) -> Option<State> {
        let running = self.lock();
        Some(running.get(name)?.state.borrow().clone())
    }

    /// Ends all queries and waits for that.
    pub async fn shut_down(&self) {
        let all = std::mem::take(&mut *self.lock());
        for running in all.values() {
            running.wanted.send_replace(Command::End);
        }
        for running in all.into_values() {
            end(running).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Running>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn end(running: Running) {
    running.wanted.send_replace(Command::End);
    if let Err(error) = running.task.await {
        tracing::error!("a materialized view's task: {error}");
    }
}

fn missing(name: &str) -> StoreError {
    StoreError::NotFound(format!("materialized view '{name}'"))
}

fn conflict(words: String) -> HttpError {
    HttpError::new(StatusCode::BAD_REQUEST, words)
}
