//! The work of a running sink.

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use weir_api::timeplus::sink::SinkDef;
use weir_store::StoreError;

use super::{plan::Plan, storage};
use crate::{
    clock,
    delivery::{self, Outcome, outbox, outbox::Waiting},
    follow::Follow,
    roster::jobs::Worker,
    running::Monitor,
};

/// Rows read from the outbox at once.
const PAGE: i64 = 500;

impl Worker<SinkDef> {
    /// Until it is stopped, the query ends, or something fails.
    pub(super) async fn run(
        &self,
        follow: Option<Follow>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let record = self.entry.record();
        let said = |error: StoreError| error.to_string();
        let mut follow = match follow {
            Some(follow) => follow,
            None => {
                let from = storage::checkpoint(&self.store, &record.id)
                    .await
                    .map_err(said)?;
                let query = &record.definition.query;
                let started = Follow::start(&self.store, query, from).await;
                started.map_err(|failure| failure.message().to_owned())?
            }
        };
        let columns: Vec<&str> = follow.columns().iter().map(|c| c.name.as_str()).collect();
        let plan = Plan::new(&record.definition, &columns)
            .map_err(|failure| failure.message().to_owned())?;
        monitor.up();
        // Of an earlier run.
        loop {
            let left = outbox::waiting(&self.store, &record.id, PAGE).await;
            let left = left.map_err(said)?;
            if left.is_empty() {
                break;
            }
            if self.deliver(&plan, &record.id, left, monitor).await? {
                return Ok(());
            }
        }
        loop {
            let batch = tokio::select! {
                () = monitor.stopped() => return Ok(()),
                batch = follow.next() => batch?,
            };
            let Some(batch) = batch else {
                return Ok(());
            };
            let rows = batch
                .rows
                .iter()
                .map(|row| delivery::object(&batch.columns, row))
                .collect();
            let rows = storage::take(&self.store, &record.id, rows, &batch.checkpoint).await;
            let rows = rows.map_err(said)?;
            if self.deliver(&plan, &record.id, rows, monitor).await? {
                return Ok(());
            }
        }
    }

    /// True where a stop came first. What is delivered is noted before more is sent, so that a
    /// crash repeats at most the calls of that moment.
    async fn deliver(
        &self,
        plan: &Plan,
        id: &str,
        rows: Vec<Waiting>,
        monitor: &Monitor,
    ) -> Result<bool, String> {
        let mut rows = rows.into_iter();
        let mut flying = FuturesUnordered::new();
        loop {
            while flying.len() < plan.target.parallel && !monitor.is_stopping() {
                let Some(row) = rows.next() else { break };
                flying.push(self.one(plan, row, monitor));
            }
            let Some(first) = flying.next().await else {
                return Ok(monitor.is_stopping());
            };
            let mut ready = vec![first];
            while let Some(Some(more)) = flying.next().now_or_never() {
                ready.push(more);
            }
            self.settle(id, ready, monitor).await?;
        }
    }

    async fn one(&self, plan: &Plan, row: Waiting, monitor: &Monitor) -> (Waiting, u64, Outcome) {
        let body = match plan.body(&row.row) {
            Ok(body) => body,
            Err(words) => return (row, 0, Outcome::Failed(words)),
        };
        let bytes = body.len() as u64;
        let told = |words: &str| monitor.warn(&format!("will try again: {words}"));
        let outcome = plan
            .target
            .deliver(&self.outbound, body, monitor, told)
            .await;
        (row, bytes, outcome)
    }

    async fn settle(
        &self,
        id: &str,
        ready: Vec<(Waiting, u64, Outcome)>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let mut settled = storage::Settled::default();
        let mut sent = 0;
        for (waiting, bytes, outcome) in ready {
            match outcome {
                Outcome::Stopped => continue,
                Outcome::Delivered => {
                    settled.delivered += 1;
                    sent += bytes;
                }
                Outcome::Failed(words) => {
                    settled.failed += 1;
                    let row = delivery::excerpt(&waiting.row);
                    let words = format!("{words}; given up: {row}");
                    settled.errors.push((clock::now_ms(), words));
                }
            }
            settled.seqs.push(waiting.seq);
        }
        if settled.seqs.is_empty() {
            return Ok(());
        }
        let (delivered, failed) = (settled.delivered, settled.failed);
        let errors = settled.errors.clone();
        let stored = storage::settle(&self.store, id, settled).await;
        stored.map_err(|error| error.to_string())?;
        for (_, words) in &errors {
            monitor.warn(words);
        }
        self.entry.state.note(delivered, failed, errors);
        monitor.count(u64::from(delivered), sent);
        Ok(())
    }
}
