//! A bounded queue of records in front of a stream.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout_at},
};
use weir_api::timeplus::ingest::Format;
use weir_store::{Store, ingest};

const QUEUE: usize = 8192;
const BATCH: usize = 1000;
const BATCH_AGE: Duration = Duration::from_millis(200);

pub(super) struct Recorder<T> {
    queue: mpsc::Sender<T>,
    dropped: Arc<AtomicU64>,
}

impl<T: Serialize + Send + 'static> Recorder<T> {
    pub(super) fn start(
        store: Store,
        stream: &'static str,
        shutdown: watch::Receiver<bool>,
    ) -> Arc<Self> {
        let (queue, records) = mpsc::channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        tokio::spawn(run(store, stream, records, dropped.clone(), shutdown));
        Arc::new(Self { queue, dropped })
    }

    /// Waits until there is room.
    pub(super) async fn keep(&self, record: T) {
        if self.queue.send(record).await.is_err() {
            tracing::warn!("a record came after the end");
        }
    }

    pub(super) fn record(&self, record: T) {
        if self.queue.try_send(record).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Stamps records when they come out of the queue, so that `_tp_time` never runs backwards.
async fn run<T: Serialize>(
    store: Store,
    stream: &'static str,
    mut records: mpsc::Receiver<T>,
    dropped: Arc<AtomicU64>,
    mut shutdown: watch::Receiver<bool>,
) {
    loop {
        let first = tokio::select! {
            record = records.recv() => record,
            _ = shutdown.wait_for(|stop| *stop), if !records.is_closed() => {
                records.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let mut body = Vec::new();
        push(&mut body, &first);
        let due = Instant::now() + BATCH_AGE;
        for _ in 1..BATCH {
            match timeout_at(due, records.recv()).await {
                Ok(Some(record)) => push(&mut body, &record),
                Ok(None) | Err(_) => break,
            }
        }
        append(&store, stream, &body).await;
        let lost = dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!("{stream}: {lost} records dropped because the queue was full");
        }
    }
}

#[derive(Serialize)]
struct Stamped<'a, T> {
    #[serde(flatten)]
    record: &'a T,
    _tp_time: i64,
}

fn push<T: Serialize>(body: &mut Vec<u8>, record: &T) {
    let stamped = Stamped {
        record,
        _tp_time: chrono::Utc::now().timestamp_millis(),
    };
    let start = body.len();
    match serde_json::to_writer(&mut *body, &stamped) {
        Ok(()) => body.push(b'\n'),
        Err(error) => {
            body.truncate(start);
            tracing::warn!("record not written: {error}");
        }
    }
}

/// Stores one body of rows, each a JSON object. A stream that someone deleted stays deleted.
pub(super) async fn append(store: &Store, stream: &str, body: &[u8]) {
    let Some(info) = store.catalog().stream(stream) else {
        return;
    };
    let rows = match ingest::parse(&info, Format::Streaming, body) {
        Ok(rows) => rows,
        Err(error) => {
            tracing::warn!("{stream}: {error}");
            return;
        }
    };
    if let Err(error) = store.append(stream, rows).await {
        tracing::warn!("{stream}: {error}");
    }
}
