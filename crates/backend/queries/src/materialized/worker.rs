//! The task of one materialized view: runs its query, writes the rows, begins again after a
//! failure. Rows and the position behind them are committed together.

use std::sync::Arc;

use tokio::sync::watch;
use weir_api::timeplus::materialized_view::Status;
use weir_store::{Progress, Store, View, ingest};

use super::state::State;
use crate::follow::{Batch, Follow};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Run,
    Pause,
    End,
}

pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) view: Arc<View>,
    pub(super) wanted: watch::Receiver<Command>,
    pub(super) state: Arc<watch::Sender<State>>,
}

/// Why the query no longer runs.
enum Stopped {
    /// Something else is wanted.
    Commanded,
    /// It has sent all it ever will.
    Ended,
    Failed(String),
}

impl Worker {
    /// `follow` is the query where it is running already.
    pub(super) async fn run(mut self, mut follow: Option<Follow>) {
        loop {
            let wanted = *self.wanted.borrow_and_update();
            match wanted {
                Command::End => return,
                Command::Pause => {
                    drop(follow.take());
                    self.is(Status::Paused);
                    if self.wanted.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                Command::Run => {}
            }
            let pause = match self.execute(follow.take()).await {
                Stopped::Commanded => continue,
                Stopped::Ended => {
                    self.is(Status::Suspended);
                    None
                }
                Stopped::Failed(message) => {
                    tracing::warn!("materialized view '{}': {message}", self.view.name);
                    let mut pause = None;
                    self.state
                        .send_modify(|state| pause = state.failed(message));
                    pause
                }
            };
            let again = async {
                match pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.wanted.changed() => if changed.is_err() { return },
                () = again => {}
            }
        }
    }

    fn is(&self, status: Status) {
        self.state.send_modify(|state| state.is(status));
    }

    async fn execute(&mut self, follow: Option<Follow>) -> Stopped {
        self.is(Status::CheckingDependencies);
        let (store, name) = (self.store.clone(), self.view.name.clone());
        let progress = tokio::task::spawn_blocking(move || store.progress(&name)).await;
        let progress = match progress {
            Ok(Ok(Some(progress))) => progress,
            Ok(Ok(None)) => return Stopped::Failed("the view was deleted".into()),
            Ok(Err(error)) => return Stopped::Failed(error.to_string()),
            Err(error) => return Stopped::Failed(error.to_string()),
        };
        self.is(Status::BuildingPipeline);
        let follow = match follow {
            Some(follow) => Ok(follow),
            None => self.start(&progress).await,
        };
        match follow {
            Ok(follow) => self.follow(follow, progress.id).await,
            Err(message) => Stopped::Failed(message),
        }
    }

    async fn start(&self, progress: &Progress) -> Result<Follow, String> {
        let checkpoint = serde_json::from_str(&progress.checkpoint)
            .map_err(|error| format!("its checkpoint cannot be read: {error}"))?;
        let follow = Follow::start(&self.store, &self.view.query, Some(checkpoint)).await;
        let follow = follow.map_err(|failure| failure.message().to_string())?;
        self.state.send_modify(|state| {
            state.position = follow.started().position();
            state.checkpoint_ms = progress.saved_ms;
            state.checkpoint_bytes = progress.checkpoint.len();
        });
        Ok(follow)
    }

    async fn follow(&mut self, mut follow: Follow, id: i64) -> Stopped {
        let followed = follow.plan().followed().map(str::to_string);
        self.state.send_modify(|state| {
            state.followed = followed;
            state.stats = follow.stats();
            state.is(Status::ExecutingPipeline);
        });
        loop {
            let batch = tokio::select! {
                biased;
                _ = self.wanted.changed() => return Stopped::Commanded,
                batch = follow.next() => batch,
            };
            let batch = match batch {
                Ok(Some(batch)) => batch,
                Ok(None) => return Stopped::Ended,
                Err(message) => return Stopped::Failed(message),
            };
            if let Err(message) = self.write(batch, id).await {
                return Stopped::Failed(message);
            }
            self.state.send_modify(|state| state.stats = follow.stats());
        }
    }

    async fn write(&self, batch: Batch, id: i64) -> Result<(), String> {
        let target = self.view.target.as_deref().unwrap_or(&self.view.name);
        let stream = self.store.catalog().stream(target);
        let stream = stream.ok_or_else(|| format!("stream '{target}' does not exist"))?;
        // What `SELECT *` gives since its stream has gained a column has no place here.
        let has = |name: &str| stream.columns.iter().any(|own| own.name == name);
        let known: Vec<bool> = batch.columns.iter().map(|c| has(&c.name)).collect();
        let mut rows = batch.rows;
        if known.contains(&false) {
            for row in &mut rows {
                let mut known = known.iter();
                row.retain(|_| known.next() == Some(&true));
            }
        }
        let columns = batch.columns.iter().map(|column| column.name.as_str());
        let columns = columns.filter(|name| has(name));
        let rows = ingest::encoded(&stream, columns, &rows)
            .map_err(|errors| format!("into stream '{target}': {errors}"))?;
        let checkpoint =
            serde_json::to_string(&batch.checkpoint).map_err(|error| error.to_string())?;
        let (progress, bytes) = (!rows.is_empty(), checkpoint.len());
        self.store
            .materialize(target, rows, id, checkpoint)
            .await
            .map_err(|error| error.to_string())?;
        let position = batch.checkpoint.position();
        self.state
            .send_modify(|state| state.saved(position, bytes, progress));
        Ok(())
    }
}
