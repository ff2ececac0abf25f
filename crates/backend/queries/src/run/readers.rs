//! Queries that nobody reads are canceled; ended ones stay a while for readers that come back.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::runtime::Handle;

use super::{Inner, Queries, history::Record, live::LiveQuery};

/// Ended queries whose events are kept a while for readers that come back.
const RETAINED: usize = 16;

/// Milliseconds after which whoever asked for a query knows its id. A reader that goes sooner may
/// have left with the page, and nobody could come back to the query or cancel it.
const KNOWN_AFTER: i64 = 500;

/// How many times as long such a query stays for one whose network only broke: clients come back
/// after a second or three.
const UNKNOWN_STAYS: u32 = 5;

impl Queries {
    /// From running to history. Its events stay for a while.
    pub(super) fn retire(&self, query: &Arc<LiveQuery>, runtime: &Handle) {
        let record = Record {
            query: query.query(),
            pipeline: query.pipeline(),
        };
        if let Err(error) = runtime.block_on(self.0.history.ended(record)) {
            tracing::warn!("query {} is not remembered: {error}", query.id());
        }
        {
            let mut live = self.lock();
            live.retained.push_back(query.id().to_string());
            if live.retained.len() > RETAINED
                && let Some(oldest) = live.retained.pop_front()
            {
                live.by_id.remove(&oldest);
            }
        }
        query.finished();
        let (inner, id, grace) = (
            Arc::downgrade(&self.0),
            query.id().to_string(),
            self.0.limits.reader_grace,
        );
        runtime.spawn(async move {
            tokio::time::sleep(grace).await;
            forget(&inner, &id);
        });
    }

    /// Cancels the query when nobody reads it for a while from now.
    pub(super) fn watch_for_readers(&self, query: &Arc<LiveQuery>) {
        let (_, visits) = query.log.readers();
        let (query, grace) = (Arc::downgrade(query), self.0.limits.reader_grace);
        tokio::spawn(async move {
            tokio::time::sleep(grace).await;
            cancel_unread(&query, visits, grace);
        });
    }

    /// A reader has gone: its query ends soon. Where the reader said that it may come back, a query
    /// that only waits for rows costs little and stays so long.
    pub(super) fn reader_left(&self, query: &Arc<LiveQuery>) {
        let (_, visits) = query.log.readers();
        let soon = self.0.limits.leaving_grace.min(self.0.limits.reader_grace);
        let stay = match query.query().duration {
            age if age < KNOWN_AFTER => query.stay.clamp(soon, soon * UNKNOWN_STAYS),
            _ => query.stay.max(soon),
        };
        let query = Arc::downgrade(query);
        tokio::spawn(async move {
            tokio::time::sleep(soon).await;
            if stay == soon || !query.upgrade().is_some_and(|query| query.is_parked()) {
                cancel_unread(&query, visits, soon);
            }
            tokio::time::sleep(stay - soon).await;
            cancel_unread(&query, visits, stay);
        });
    }
}

fn cancel_unread(query: &Weak<LiveQuery>, visits: u64, grace: Duration) {
    if let Some(query) = query.upgrade()
        && query.log.readers() == (0, visits)
    {
        let seconds = grace.as_secs_f64();
        let unit = if seconds == 1.0 { "second" } else { "seconds" };
        query.cancel(&format!("no reader for {seconds} {unit}"));
    }
}

fn forget(inner: &Weak<Inner>, id: &str) {
    if let Some(inner) = inner.upgrade() {
        Queries(inner).remove(id);
    }
}
