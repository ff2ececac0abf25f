//! The streams that a query reads.

use futures_util::future::select_all;
use tokio::sync::watch;
use weir_engine::{Plan, RunnerStats};
use weir_store::Store;

/// New rows of the streams that a streaming query reads.
pub(crate) struct Sources(Vec<(String, watch::Receiver<i64>)>);

impl Sources {
    pub(crate) fn watch(store: &Store, plan: &Plan) -> Result<Self, String> {
        let streams = if plan.streaming {
            plan.sources.as_slice()
        } else {
            &[]
        };
        let watched = streams.iter().map(|name| match store.watch(name) {
            Some(news) => Ok((name.clone(), news)),
            None => Err(deleted(name)),
        });
        watched.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn mark_seen(&mut self) {
        for (_, news) in &mut self.0 {
            news.mark_unchanged();
        }
    }

    pub(crate) async fn changed(&mut self) -> Result<(), String> {
        if self.0.is_empty() {
            return std::future::pending().await;
        }
        let changes = self.0.iter_mut().map(|(name, news)| {
            Box::pin(async move { news.changed().await.map_err(|_| deleted(name)) })
        });
        select_all(changes).await.0
    }
}

fn deleted(name: &str) -> String {
    format!("stream '{name}' was deleted")
}

/// Tells the store how much was read, for the statistics of streams.
#[derive(Default)]
pub(crate) struct Reads {
    rows: i64,
    bytes: i64,
}

impl Reads {
    /// What was read before is counted already.
    pub(crate) fn after(stats: &RunnerStats) -> Self {
        Self {
            rows: stats.scanned_rows,
            bytes: stats.scanned_bytes,
        }
    }

    /// A query that reads several streams counts for each of them.
    pub(crate) fn note(&mut self, store: &Store, sources: &[String], stats: &RunnerStats) {
        let rows = u64::try_from(stats.scanned_rows - self.rows).unwrap_or(0);
        let bytes = u64::try_from(stats.scanned_bytes - self.bytes).unwrap_or(0);
        if rows > 0 {
            for source in sources {
                store.note_read(source, rows, bytes);
            }
        }
        (self.rows, self.bytes) = (stats.scanned_rows, stats.scanned_bytes);
    }
}
