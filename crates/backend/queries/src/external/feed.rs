//! New rows of a followed external stream, on their way into a query.

use rusqlite::Connection;
use tokio::{sync::mpsc, task::JoinHandle};
use weir_engine::{Bring, Seek};
use weir_store::{Scratch, Store};

use super::{
    bring::scratch,
    decode::Decoder,
    message::Message,
    reader::{Location, not_run},
    settings::Settings,
};
use crate::error::HttpError;

/// Batches that wait for the query; the reader waits when there are more.
const AHEAD: usize = 4;

/// A reader that runs until it is dropped.
pub struct Feed {
    scratch: Scratch,
    decoder: Decoder,
    batches: mpsc::Receiver<Result<Vec<Message>, String>>,
    /// Received while waiting.
    waiting: Option<Result<Vec<Message>, String>>,
    task: JoinHandle<()>,
}

impl Feed {
    /// Rows that come from now on are seen; they are numbered from the one after `position`.
    pub async fn open(
        store: &Store,
        conn: &Connection,
        bring: &Bring,
        seek: Seek,
        position: i64,
    ) -> Result<Self, HttpError> {
        let mut scratch = scratch(store, bring)?;
        scratch.create(conn, position)?;
        let settings = &scratch.external().settings;
        let decoder = Decoder::new(store, Settings(settings), scratch.info())?;
        let Some(location) = Location::of(store, settings)? else {
            let kind = Settings(settings).text("type");
            return Err(HttpError::bad_request(not_run(&kind)));
        };
        location.check(store)?;
        let mut reader = location
            .open(seek, false)
            .await
            .map_err(HttpError::bad_request)?;
        let (sender, batches) = mpsc::channel(AHEAD);
        let task = tokio::spawn(async move {
            loop {
                let batch = reader.next().await;
                let failed = batch.is_err();
                // A followed stream has no end.
                let Some(batch) = batch.transpose() else {
                    return;
                };
                if sender.send(batch).await.is_err() || failed {
                    return;
                }
            }
        });
        Ok(Self {
            scratch,
            decoder,
            batches,
            waiting: None,
            task,
        })
    }

    /// Takes over what has come and forgets what the query has read, up to `position`.
    pub fn take(&mut self, conn: &Connection, position: i64) -> Result<(), String> {
        let words = |error: weir_store::StoreError| error.to_string();
        self.scratch.forget(conn, position).map_err(words)?;
        for _ in 0..AHEAD {
            let batch = match self.waiting.take() {
                Some(batch) => batch,
                None => match self.batches.try_recv() {
                    Ok(batch) => batch,
                    Err(_) => break,
                },
            };
            self.append(conn, &batch?)?;
        }
        Ok(())
    }

    fn append(&mut self, conn: &Connection, batch: &[Message]) -> Result<(), String> {
        for message in batch {
            let rows = self.decoder.rows(self.scratch.info(), message)?;
            self.scratch
                .append(conn, &rows, message.time_ms)
                .map_err(|error| format!("{}: {error}", message.place))?;
        }
        Ok(())
    }

    /// Until there is something to take.
    pub async fn changed(&mut self) -> Result<(), String> {
        if self.waiting.is_none() {
            let batch = self.batches.recv().await;
            self.waiting = Some(batch.ok_or("the external stream's reader has ended")?);
        }
        Ok(())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.task.abort();
    }
}
