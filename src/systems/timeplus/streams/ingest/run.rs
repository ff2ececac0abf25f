//! Sends a file in batches: read in slices, bad rows set aside, good rows of the same batch sent.

use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use weir_api::{
    ApiError,
    timeplus::{ingest, stream::StreamColumn},
};

use super::{
    RowError,
    batch::{Batch, Shape},
    plan::Plan,
    reader::{Reader, gather},
};
use crate::{
    http::{Abort, Endpoint},
    kit::fetch,
};

const SLICE: f64 = 1_048_576.0;
/// Complaints kept; more are only counted.
const KEPT: usize = 10_000;
/// A server that refuses so many rows one by one, and takes none, will take none.
const HOPELESS: u64 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Running,
    Finished,
    Cancelled,
    /// Ended before the end of the file.
    Failed,
}

/// What is known of an ingest under way or over.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub phase: Phase,
    pub read: f64,
    pub size: f64,
    pub accepted: u64,
    pub refused: u64,
    pub row_errors: Vec<RowError>,
    /// First and last of lines that could not be read at all.
    pub unread: Option<(u64, u64)>,
    pub started: f64,
    pub now: f64,
    /// Why it failed, and the first line that was not stored for certain.
    pub error: Option<(ApiError, u64)>,
}

impl Progress {
    fn new(size: f64) -> Self {
        let started = js_sys::Date::now();
        Self {
            phase: Phase::Running,
            read: 0.0,
            size,
            accepted: 0,
            refused: 0,
            row_errors: Vec::new(),
            unread: None,
            started,
            now: started,
            error: None,
        }
    }

    /// Rows stored per second so far.
    pub fn rate(&self) -> f64 {
        let seconds = (self.now - self.started) / 1_000.0;
        if seconds > 0.0 {
            self.accepted as f64 / seconds
        } else {
            0.0
        }
    }

    fn refuse(&mut self, row_errors: Vec<RowError>) {
        for error in &row_errors {
            match error.until {
                Some(until) => self.unread = Some((error.line, until)),
                None => self.refused += 1,
            }
        }
        let room = KEPT.saturating_sub(self.row_errors.len());
        self.row_errors.extend(row_errors.into_iter().take(room));
    }
}

/// Where rows go.
pub struct Goal {
    pub endpoint: Endpoint,
    pub stream: String,
    pub columns: Vec<StreamColumn>,
}

/// Begins; ends when the file does, when `abort` is used, or at an error that is not of a row.
pub fn start(
    goal: Goal,
    blob: Blob,
    plan: Plan,
    progress: RwSignal<Option<Progress>>,
    abort: Rc<Abort>,
) {
    progress.set(Some(Progress::new(blob.size())));
    spawn_local(async move {
        let mut sender = Sender {
            goal,
            progress,
            abort,
        };
        let outcome = sender.send_all(&blob, &plan).await;
        sender.change(|progress| {
            progress.phase = match &outcome {
                Ok(()) => Phase::Finished,
                Err((ApiError::Cancelled, _)) => Phase::Cancelled,
                Err(_) => Phase::Failed,
            };
            progress.error = outcome
                .err()
                .filter(|(error, _)| *error != ApiError::Cancelled);
        });
    });
}

struct Sender {
    goal: Goal,
    progress: RwSignal<Option<Progress>>,
    abort: Rc<Abort>,
}

/// Why it ended and the first line that is not stored for certain.
type Ended = (ApiError, u64);

impl Sender {
    fn change(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.try_update(|progress| {
            if let Some(progress) = progress {
                progress.now = js_sys::Date::now();
                change(progress);
            }
        });
    }

    async fn send_all(&mut self, blob: &Blob, plan: &Plan) -> Result<(), Ended> {
        let mut reader = Reader::new(plan, &self.goal.columns);
        let (mut batch, mut read) = (Batch::default(), 0.0);
        while read < blob.size() {
            let end = (read + SLICE).min(blob.size());
            let bytes = slice(blob, read, end)
                .await
                .map_err(|error| (error, batch.first_line()))?;
            let (mut ready, mut full, mut row_errors) = (Vec::new(), Vec::new(), Vec::new());
            reader.push(&bytes, &mut ready);
            gather(ready, &mut batch, &mut full, &mut row_errors);
            self.change(|progress| progress.refuse(row_errors));
            for one in full {
                self.send(one, &reader.shape).await?;
            }
            read = end;
            self.change(|progress| progress.read = read);
        }
        let shape = reader.shape.clone();
        let (mut ready, mut full, mut row_errors) = (Vec::new(), Vec::new(), Vec::new());
        reader.finish(&mut ready);
        gather(ready, &mut batch, &mut full, &mut row_errors);
        self.change(|progress| progress.refuse(row_errors));
        full.push(batch);
        for one in full {
            self.send(one, &shape).await?;
        }
        Ok(())
    }

    /// Sends a batch until each of its rows is stored or refused.
    async fn send(&mut self, batch: Batch, shape: &Shape) -> Result<(), Ended> {
        let mut waiting = vec![batch];
        while let Some(mut batch) = waiting.pop() {
            if batch.is_empty() {
                continue;
            }
            let line = batch.first_line();
            let request = ingest::ingest(&self.goal.stream, shape.format(), batch.body(shape));
            let error = match fetch(&self.goal.endpoint, request, &self.abort).await {
                Ok(_) => {
                    let rows = batch.len() as u64;
                    self.change(|progress| progress.accepted += rows);
                    continue;
                }
                Err(error) => error,
            };
            let refusal = match &error {
                ApiError::Status(refusal) if matches!(refusal.status, 400 | 413 | 422) => {
                    refusal.clone()
                }
                _ => return Err((error, line)),
            };
            let row_errors = batch.take_refused(&refusal);
            let by_row = !row_errors.is_empty();
            self.change(|progress| progress.refuse(row_errors));
            if by_row {
                waiting.push(batch);
            } else if batch.len() > 1 {
                let (first, second) = batch.halves();
                waiting.push(second);
                waiting.push(first);
            } else {
                let row_error = RowError {
                    line,
                    until: None,
                    column: None,
                    message: refusal.message,
                };
                self.change(|progress| progress.refuse(vec![row_error]));
                if self.hopeless() {
                    return Err((error, line));
                }
            }
        }
        Ok(())
    }

    fn hopeless(&self) -> bool {
        let state = self
            .progress
            .try_with_untracked(|progress| progress.as_ref().map(|p| (p.accepted, p.refused)));
        matches!(state.flatten(), Some((0, refused)) if refused >= HOPELESS)
    }
}

/// Bytes of a part of the file.
pub async fn slice(blob: &Blob, start: f64, end: f64) -> Result<Vec<u8>, ApiError> {
    let unreadable = |_| {
        ApiError::Decode(
            "the file could not be read; perhaps it has changed since it was chosen".into(),
        )
    };
    let part = blob
        .slice_with_f64_and_f64(start, end)
        .map_err(unreadable)?;
    let buffer = JsFuture::from(part.array_buffer())
        .await
        .map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
