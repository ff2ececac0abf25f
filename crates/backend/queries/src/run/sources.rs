//! The streams that a query reads.

use futures_util::{FutureExt, future::select_all};
use rusqlite::Connection;
use tokio::{runtime::Handle, sync::watch};
use weir_engine::{Plan, RunnerStats};
use weir_store::Store;

use crate::{
    error::HttpError,
    external::{Feed, bring},
};

/// New rows of the streams that a streaming query reads.
pub(crate) struct Sources {
    watched: Vec<(String, watch::Receiver<i64>)>,
    /// Of all of them, as far as the query has taken them into account.
    deletions: u64,
    feed: Option<Feed>,
}

impl Sources {
    /// To be called before the query's starting point is fixed: what has an end outside is in
    /// temporary tables of `conn` after it, which is there where there is any of it, and what comes
    /// from now on is seen. `position` is where a resumed query goes on, otherwise 0. What comes
    /// from outside can take long: `stopped` ends the waiting.
    pub(crate) fn open(
        store: &Store,
        conn: Option<&Connection>,
        plan: &Plan,
        position: i64,
        runtime: &Handle,
        stopped: impl Future<Output = ()>,
    ) -> Result<Self, HttpError> {
        let streams = if plan.streaming {
            plan.sources.as_slice()
        } else {
            &[]
        };
        let inside = |name: &&String| plan.outside.iter().all(|bring| bring.name != **name);
        let watched = streams.iter().filter(inside);
        let watched = watched.map(|name| match store.watch(name) {
            Some(news) => Ok((name.clone(), news)),
            None => Err(HttpError::bad_request(deleted(name))),
        });
        let watched = watched.collect::<Result<_, _>>()?;
        let feed = match conn {
            None => None,
            Some(conn) => runtime.block_on(async {
                tokio::select! {
                    feed = bring(store, conn, plan, position) => feed,
                    () = stopped => Err(HttpError::bad_request("the query was stopped")),
                }
            })?,
        };
        let mut sources = Self {
            watched,
            deletions: 0,
            feed,
        };
        sources.rows_went(store);
        Ok(sources)
    }

    /// Whether rows were only taken away since it was asked last.
    pub(crate) fn rows_went(&mut self, store: &Store) -> bool {
        let watched = self.watched.iter();
        let deletions = watched.map(|(name, _)| store.deletions(name)).sum();
        std::mem::replace(&mut self.deletions, deletions) != deletions
    }

    /// To be called before each step; `position` is how far the query has read.
    pub(crate) fn take(&mut self, conn: Option<&Connection>, position: i64) -> Result<(), String> {
        for (_, news) in &mut self.watched {
            news.mark_unchanged();
        }
        match (&mut self.feed, conn) {
            (Some(feed), Some(conn)) => feed.take(conn, position),
            _ => Ok(()),
        }
    }

    /// That one of the streams was deleted, in words.
    pub(crate) fn gone(&self) -> Option<String> {
        let gone = self
            .watched
            .iter()
            .find(|(_, news)| news.has_changed().is_err());
        gone.map(|(name, _)| deleted(name))
    }

    pub(crate) async fn changed(&mut self) -> Result<(), String> {
        let streams = self.watched.iter_mut().map(|(name, news)| {
            let change = async move { news.changed().await.map_err(|_| deleted(name)) };
            change.boxed()
        });
        let fed = self.feed.iter_mut().map(|feed| feed.changed().boxed());
        let changes: Vec<_> = streams.chain(fed).collect();
        if changes.is_empty() {
            return std::future::pending().await;
        }
        select_all(changes).await.0
    }
}

fn deleted(name: &str) -> String {
    format!("stream '{name}' was deleted")
}

/// Tells the store how much was read, for the statistics of streams.
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
