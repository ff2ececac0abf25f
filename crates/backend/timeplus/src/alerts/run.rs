//! The work of a running alert: both queries are watched, and whoever is to be told is told.

use chrono::DateTime;
use weir_api::timeplus::alert::AlertDef;
use weir_store::{Store, StoreError};

use super::{
    plan::Plan,
    state::{Notice, Sign, State},
    storage::{self, Positions},
};
use crate::{
    clock,
    delivery::{self, Outcome, outbox},
    error::HttpError,
    follow::{Batch, Follow},
    roster::jobs::Worker,
    running::Monitor,
};

/// Event time of a row.
const TIME_COLUMN: &str = "_tp_time";

/// Both queries of an alert.
pub(crate) struct Queries {
    trigger: Follow,
    resolve: Option<Follow>,
}

impl Queries {
    /// Goes on where they were, and where that is not possible with what comes from now on.
    pub(super) async fn start(
        store: &Store,
        definition: &AlertDef,
        from: Positions,
    ) -> Result<Self, HttpError> {
        let inside = |failure: HttpError, field| failure.inside_sql().at_field(field);
        let trigger = Follow::start(store, &definition.trigger_sql, from.trigger).await;
        let resolve = match definition.resolve_sql.trim() {
            "" => None,
            sql => {
                let follow = Follow::start(store, sql, from.resolve).await;
                Some(follow.map_err(|failure| inside(failure, "resolve_sql"))?)
            }
        };
        Ok(Self {
            trigger: trigger.map_err(|failure| inside(failure, "trigger_sql"))?,
            resolve,
        })
    }

    pub(super) fn started(&self) -> Positions {
        Positions {
            trigger: Some(self.trigger.started().clone()),
            resolve: self.resolve.as_ref().map(|one| one.started().clone()),
        }
    }
}

fn names(follow: &Follow) -> Vec<String> {
    let columns = follow.columns().iter();
    columns.map(|column| column.name.clone()).collect()
}

pub(super) fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn said(error: StoreError) -> String {
    error.to_string()
}

impl Worker<AlertDef> {
    pub(super) async fn run(
        &self,
        queries: Option<Queries>,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let record = self.entry.record();
        let queries = match queries {
            Some(queries) => queries,
            None => {
                let from = storage::positions(&self.store, &record.id).await;
                let queries =
                    Queries::start(&self.store, &record.definition, from.map_err(said)?).await;
                queries.map_err(|failure| failure.message().to_owned())?
            }
        };
        let trigger = names(&queries.trigger);
        let resolve = queries.resolve.as_ref().map_or(trigger.clone(), names);
        let plan = Plan::new(&record.definition, &texts(&trigger), &texts(&resolve))
            .map_err(|failure| failure.message().to_owned())?;
        let timed = [&trigger, &resolve]
            .iter()
            .all(|columns| columns.iter().any(|name| name == TIME_COLUMN));
        let started = queries.started();
        self.step(started, |_| Vec::new()).await?;
        monitor.up();
        tokio::try_join!(
            self.watch(queries, timed, monitor),
            self.tell(&plan, monitor)
        )?;
        Ok(())
    }

    async fn watch(
        &self,
        mut queries: Queries,
        timed: bool,
        monitor: &Monitor,
    ) -> Result<(), String> {
        let over = || "the query has ended".to_string();
        loop {
            let resolve = async {
                match &mut queries.resolve {
                    Some(follow) => follow.next().await,
                    None => std::future::pending().await,
                }
            };
            let (batch, resolves) = tokio::select! {
                () = monitor.stopped() => return Ok(()),
                batch = queries.trigger.next() => (batch?.ok_or_else(over)?, false),
                batch = resolve => (batch?.ok_or_else(over)?, true),
            };
            let signs = signs(&batch, timed);
            monitor.count(signs.len() as u64, 0);
            let moved = match resolves {
                false => Positions {
                    trigger: Some(batch.checkpoint),
                    resolve: None,
                },
                true => Positions {
                    trigger: None,
                    resolve: Some(batch.checkpoint),
                },
            };
            let change = |state: &mut State| {
                let now = clock::now_ms();
                let notices = signs.into_iter().flat_map(|sign| match resolves {
                    false => state.trigger(sign, now),
                    true => state.resolve(sign, now),
                });
                notices.collect()
            };
            self.step(moved, change).await?;
        }
    }

    async fn step(
        &self,
        moved: Positions,
        change: impl FnOnce(&mut State) -> Vec<Notice>,
    ) -> Result<(), String> {
        let stepped = self.entry.step(&self.store, moved, change).await;
        stepped.map_err(said).map(drop)
    }

    /// One after the other, in their order.
    async fn tell(&self, plan: &Plan, monitor: &Monitor) -> Result<(), String> {
        let id = self.entry.record().id;
        loop {
            let waiting = outbox::waiting(&self.store, &id, 1).await.map_err(said)?;
            let Some(waiting) = waiting.into_iter().next() else {
                tokio::select! {
                    () = monitor.stopped() => return Ok(()),
                    () = self.entry.state.told.notified() => continue,
                }
            };
            let notice: Result<Notice, _> = serde_json::from_str(&waiting.row);
            let body = notice
                .map_err(|error| error.to_string())
                .and_then(|notice| plan.body(&notice));
            let outcome = match body {
                Ok(body) => {
                    let failing = |words: &str| {
                        monitor.warn(&format!("will try again: {words}"));
                        self.entry.state.failing(words);
                    };
                    plan.target
                        .deliver(&self.outbound, body, monitor, failing)
                        .await
                }
                Err(words) => Outcome::Failed(words),
            };
            let failed = match outcome {
                Outcome::Stopped => return Ok(()),
                Outcome::Delivered => None,
                Outcome::Failed(words) => Some(words),
            };
            if let Some(words) = &failed {
                monitor.failed(1, words);
            }
            let settled = self.entry.settle(&self.store, waiting.seq, failed).await;
            settled.map_err(said)?;
        }
    }
}

fn signs(batch: &Batch, timed: bool) -> Vec<Sign> {
    let time = batch
        .columns
        .iter()
        .position(|column| timed && column.name == TIME_COLUMN);
    let at_ms = |row: &Vec<Box<serde_json::value::RawValue>>| {
        let text: String = serde_json::from_str(row.get(time?)?.get()).ok()?;
        let at = DateTime::parse_from_rfc3339(&text).ok()?;
        Some(at.timestamp_millis())
    };
    let signs = batch.rows.iter().map(|row| Sign {
        row: delivery::object(&batch.columns, row),
        at_ms: at_ms(row),
    });
    signs.collect()
}
