//! The work of an active streaming: records are gathered into batches and sent until they are
//! taken; then the place is stored.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};
use weir_api::azion::{DataSource, Model, streaming::StreamingDef};
use weir_store::{Store, StoreError};

use super::{
    record::{Entry, Position},
    send::{Retry, Sender, Sent},
    source::{self, Row, Writer},
    storage,
    templates::Templates,
};
use crate::{
    clock,
    delivery::excerpt,
    follow::{self, Follow},
    outbound::Outbound,
    running::Monitor,
};

/// Records of a batch, as at the vendor.
const RECORDS: usize = 2000;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(60);
/// For the last batch of a streaming that is stopped.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// The place is stored so often even when nothing is sent.
const PLACE_EVERY: Duration = Duration::from_secs(10);

pub(super) struct Worker {
    pub store: Store,
    pub outbound: Outbound,
    pub entry: Arc<Entry>,
    pub templates: Templates,
    /// A record waits no longer for others.
    pub wait: Duration,
}

/// Lines that wait, and the place after them.
struct Batch {
    lines: Vec<String>,
    bytes: usize,
    due: Instant,
    after: Position,
}

fn said(error: StoreError) -> String {
    error.to_string()
}

pub(super) fn writer(definition: &StreamingDef, templates: &Templates) -> Result<Writer, String> {
    let source = DataSource::meant(&definition.data_source)
        .ok_or_else(|| format!("there is no data source '{}'", definition.data_source))?;
    let of_template = |id: i64| {
        let template = templates
            .get(id)
            .ok_or_else(|| format!("there is no template {id}"))?;
        Ok::<String, String>(template.template_model)
    };
    let text = match (definition.template_id, &definition.template_model) {
        (Some(id), _) => of_template(id)?,
        (None, Some(text)) => text.clone(),
        (None, None) => of_template(super::templates::of(source))?,
    };
    let sample = definition.sampling_percentage.unwrap_or(100);
    Ok(Writer {
        source,
        model: Model::parse(&text),
        domains: definition.domain_ids.clone(),
        sample: u32::try_from(sample).unwrap_or(100),
    })
}

impl Worker {
    /// Until it is stopped or something fails. `follow` begins at the stored place.
    pub(super) async fn run(
        &self,
        follow: Option<Follow>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let definition = self.entry.definition();
        let writer = writer(&definition, &self.templates)?;
        let sender = Sender::new(&definition)?;
        let place = storage::position(&self.store, self.entry.id).await;
        let place = place.map_err(said)?;
        let mut follow = match follow {
            Some(follow) => follow,
            None => {
                let from = place.as_ref().map(|place| place.checkpoint.clone());
                let query = source::query(writer.source);
                let started = Follow::start(&self.store, query, from).await;
                started.map_err(|failure| failure.message().to_owned())?
            }
        };
        let place = place.unwrap_or_else(|| Position {
            checkpoint: follow.started().clone(),
            rows: 0,
        });
        let mut batch = Batch {
            lines: Vec::new(),
            bytes: 0,
            due: Instant::now(),
            after: place,
        };
        let mut stored = Instant::now();
        monitor.up();
        loop {
            let waiting = !batch.lines.is_empty();
            tokio::select! {
                () = monitor.stopped() => break,
                () = sleep_until(batch.due), if waiting => {
                    if self.deliver(&sender, &mut batch, monitor).await? {
                        break;
                    }
                    stored = Instant::now();
                }
                next = follow.next() => {
                    let Some(next) = next? else { return Ok(()) };
                    if self.take(next, &writer, &sender, &mut batch, monitor).await? {
                        break;
                    }
                }
            }
            if batch.lines.is_empty() && stored.elapsed() >= PLACE_EVERY {
                let figures = self.entry.figures();
                let id = self.entry.id;
                let step = storage::step(&self.store, id, Some(&batch.after), &figures);
                step.await.map_err(said)?;
                stored = Instant::now();
            }
        }
        self.flush(&sender, batch).await
    }

    /// True where a stop came first.
    async fn take(
        &self,
        next: follow::Batch,
        writer: &Writer,
        sender: &Sender,
        batch: &mut Batch,
        monitor: &Monitor,
    ) -> Result<bool, String> {
        // Rows after the last place that were sent before.
        let known = batch.after.rows;
        let before = batch.after.checkpoint.clone();
        let rows = next.rows.len() as u64;
        for (at, values) in (1..).zip(&next.rows) {
            if at <= known {
                continue;
            }
            let row = Row {
                columns: &next.columns,
                values,
            };
            let Some(line) = writer.line(&row) else {
                continue;
            };
            let size = line.len() + 1;
            if !batch.lines.is_empty() && batch.bytes + size > sender.max_size() {
                batch.after = Position {
                    checkpoint: before.clone(),
                    rows: at - 1,
                };
                if self.deliver(sender, batch, monitor).await? {
                    return Ok(true);
                }
            }
            if batch.lines.is_empty() {
                batch.due = Instant::now() + self.wait;
            }
            batch.bytes += size;
            batch.lines.push(line);
            if batch.lines.len() >= RECORDS {
                batch.after = Position {
                    checkpoint: before.clone(),
                    rows: at,
                };
                if self.deliver(sender, batch, monitor).await? {
                    return Ok(true);
                }
            }
        }
        batch.after = Position {
            checkpoint: next.checkpoint,
            rows: known.saturating_sub(rows),
        };
        Ok(false)
    }

    /// Tries until everything is taken; true where a stop came first.
    async fn deliver(
        &self,
        sender: &Sender,
        batch: &mut Batch,
        monitor: &Monitor,
    ) -> Result<bool, String> {
        let mut wait = FIRST_WAIT;
        loop {
            let Err(after) = self.attempt(sender, batch, monitor).await? else {
                return Ok(false);
            };
            tokio::select! {
                () = monitor.stopped() => return Ok(true),
                () = tokio::time::sleep(after.unwrap_or_default().max(wait).min(LAST_WAIT)) => {}
            }
            wait = (wait * 2).min(LAST_WAIT);
        }
    }

    /// The error is how long the endpoint wants to be left alone.
    async fn attempt(
        &self,
        sender: &Sender,
        batch: &mut Batch,
        monitor: &Monitor,
    ) -> Result<Result<(), Option<Duration>>, String> {
        let all = batch.lines.len();
        let outcome = sender.send(&self.outbound, &batch.lines).await;
        let now = clock::now_ms();
        let (sent, again) = match outcome {
            Ok(sent) => (sent, None),
            Err(Retry {
                words,
                after,
                left,
                sent,
            }) => {
                if let Some(left) = left {
                    batch.lines = left;
                }
                (sent, Some((words, after)))
            }
        };
        let left = again.as_ref().map_or(0, |_| batch.lines.len());
        let Sent { refused } = sent;
        let delivered = (all - left).saturating_sub(refused.len()) as u64;
        for words in &refused {
            monitor.warn(&format!("a record was refused: {words}"));
        }
        if let Some((words, _)) = &again {
            monitor.failed(0, words);
        }
        let figures = self.entry.note(|figures| {
            figures.delivered += delivered;
            figures.failures += refused.len() as u64 + u64::from(again.is_some());
            if delivered > 0 {
                figures.last_delivery_ms = now;
            }
            let words = again.as_ref().map(|(words, _)| words).or(refused.last());
            if let Some(words) = words {
                figures.last_error = excerpt(words);
                figures.last_error_ms = now;
            }
            figures.failing = again.is_some();
        });
        let place = again.is_none().then_some(&batch.after);
        let step = storage::step(&self.store, self.entry.id, place, &figures);
        step.await.map_err(said)?;
        monitor.count(delivered, batch.bytes as u64);
        match again {
            Some((_, after)) => Ok(Err(after)),
            None => {
                batch.lines.clear();
                batch.bytes = 0;
                Ok(Ok(()))
            }
        }
    }

    /// What waits when a streaming is switched off or changed is sent once more. Otherwise it is
    /// read again when the backend starts again.
    async fn flush(&self, sender: &Sender, batch: Batch) -> Result<(), String> {
        if batch.lines.is_empty() || !self.entry.flush.load(Ordering::Relaxed) {
            return Ok(());
        }
        let all = batch.lines.len() as u64;
        let sending = sender.send(&self.outbound, &batch.lines);
        let Ok(Ok(Sent { refused })) = tokio::time::timeout(LAST_WORDS, sending).await else {
            tracing::warn!(
                "data streaming {}: {all} records were not sent",
                self.entry.id
            );
            return Ok(());
        };
        let figures = self.entry.note(|figures| {
            figures.delivered += all.saturating_sub(refused.len() as u64);
            figures.last_delivery_ms = clock::now_ms();
        });
        let step = storage::step(&self.store, self.entry.id, Some(&batch.after), &figures);
        step.await.map_err(said)
    }
}
