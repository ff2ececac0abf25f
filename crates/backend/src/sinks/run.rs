//! The task of a running sink.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use weir_store::{Store, StoreError};

use super::{ERROR, Entry, RUNNING, STOPPED, plan::Plan, storage};
use crate::{
    clock,
    delivery::{self, Outcome, Stop, outbox, outbox::Waiting},
    follow::Follow,
    outbound::Outbound,
};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Rows read from the outbox at once.
const PAGE: i64 = 500;

pub(super) struct Worker {
    pub store: Store,
    pub outbound: Outbound,
    pub entry: Arc<Entry>,
}

enum End {
    Stopped,
    /// The query has no more rows.
    Finished,
}

impl Worker {
    /// What fails is tried again, less and less often.
    pub(super) async fn run(self, mut follow: Option<Follow>, mut stop: Stop) {
        let mut pause = FIRST_PAUSE;
        loop {
            let before = self.entry.journal.counts();
            let words = match self.once(follow.take(), &mut stop).await {
                Ok(End::Stopped) => return self.entry.journal.stopped("stopped"),
                Ok(End::Finished) => return self.finish().await,
                Err(words) => words,
            };
            if self.entry.journal.counts() != before {
                pause = FIRST_PAUSE;
            }
            tracing::warn!("sink {}: {words}", self.entry.record().definition.name);
            self.entry.journal.stopped("the query has failed");
            self.fail(&words).await;
            if stop.during(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn fail(&self, words: &str) {
        let at = clock::now_ms();
        self.entry.set_state(ERROR, words);
        self.entry.journal.error(at, words.to_owned());
        let settled = storage::Settled {
            errors: vec![(at, words.to_owned())],
            ..Default::default()
        };
        let id = self.entry.record().id;
        // What cannot be stored is in memory.
        let _ = storage::settle(&self.store, &id, settled).await;
    }

    async fn finish(&self) {
        let words = "the query has no more rows";
        let mut record = self.entry.record();
        record.wanted = false;
        if let Err(error) = storage::update(&self.store, &record, None).await {
            tracing::warn!("sink {}: {error}", record.definition.name);
        }
        self.entry.set_record(record);
        self.entry.set_state(STOPPED, words);
        self.entry.journal.stopped(words);
    }

    async fn once(&self, follow: Option<Follow>, stop: &mut Stop) -> Result<End, String> {
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
        self.entry.set_state(RUNNING, "");
        self.entry.journal.started();
        // Of an earlier run.
        loop {
            let left = outbox::waiting(&self.store, &record.id, PAGE).await;
            let left = left.map_err(said)?;
            if left.is_empty() {
                break;
            }
            if self.deliver(&plan, &record.id, left, stop).await? {
                return Ok(End::Stopped);
            }
        }
        loop {
            let Some(batch) = stop.during(follow.next()).await else {
                return Ok(End::Stopped);
            };
            let Some(batch) = batch? else {
                return Ok(End::Finished);
            };
            let rows = batch
                .rows
                .iter()
                .map(|row| delivery::object(&batch.columns, row))
                .collect();
            let rows = storage::take(&self.store, &record.id, rows, &batch.checkpoint).await;
            let rows = rows.map_err(said)?;
            if self.deliver(&plan, &record.id, rows, stop).await? {
                return Ok(End::Stopped);
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
        stop: &mut Stop,
    ) -> Result<bool, String> {
        let mut rows = rows.into_iter();
        let mut flying = FuturesUnordered::new();
        loop {
            while flying.len() < plan.target.parallel && !stop.asked() {
                let Some(row) = rows.next() else { break };
                flying.push(self.one(plan, row, stop.clone()));
            }
            let Some(first) = flying.next().await else {
                return Ok(stop.asked());
            };
            let mut ready = vec![first];
            while let Some(Some(more)) = flying.next().now_or_never() {
                ready.push(more);
            }
            self.settle(id, ready).await?;
        }
    }

    async fn one(&self, plan: &Plan, row: Waiting, mut stop: Stop) -> (Waiting, u64, Outcome) {
        let body = match plan.body(&row.row) {
            Ok(body) => body,
            Err(words) => return (row, 0, Outcome::Failed(words)),
        };
        let bytes = body.len() as u64;
        let journal = &self.entry.journal;
        let told = |words: &str| journal.line("warn", &format!("will try again: {words}"));
        let outcome = plan
            .target
            .deliver(&self.outbound, body, &mut stop, told)
            .await;
        (row, bytes, outcome)
    }

    async fn settle(&self, id: &str, ready: Vec<(Waiting, u64, Outcome)>) -> Result<(), String> {
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
        self.entry.journal.delivered(delivered, sent);
        self.entry.journal.failed(failed);
        for (at, words) in errors {
            self.entry.journal.error(at, words);
        }
        Ok(())
    }
}
