//! Running SQL: queries with live results, their readers, and their history.

pub mod bounded;
mod event_log;
mod frame;
mod history;
mod live;
mod output;
mod pause;
pub mod planning;
pub mod quota;
mod readers;
mod runner;
mod sources;
pub mod sse;
pub(crate) mod stepper;
mod turns;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use history::{History, Record};
use live::LiveQuery;
pub use live::pipeline;
pub use output::Batching;
use quota::{Permit, Quota};
use runner::Job;
use tokio::{runtime::Handle, sync::oneshot};
use weir_api::{
    Audit, Column, Owner,
    session::Usage,
    timeplus::query::{CreateQuery, Query, QueryResult, Status},
};
use weir_engine::{Plan, catalog::Process};
use weir_store::{Store, StoreError};

use crate::{clock, error::HttpError, random};

const INTERRUPT_AGAIN: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Queries that run at once.
    pub running_queries: usize,
    /// Those of one user among them.
    pub queries_per_user: usize,
    /// Rows that one user's queries may send in an hour; 0: any.
    pub rows_per_hour: u64,
    /// A query that nobody has read yet is canceled after this time; at most so long one stays for
    /// a reader that said it may come back.
    pub reader_grace: Duration,
    /// Any other query is canceled so soon after its last reader has gone.
    pub leaving_grace: Duration,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Queries(Arc<Inner>);

struct Inner {
    store: Store,
    limits: Limits,
    quota: Quota,
    history: History,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    by_id: HashMap<String, Arc<LiveQuery>>,
    /// Ended ones among them, oldest first.
    retained: VecDeque<String>,
    /// No more queries are started.
    closed: bool,
}

impl Queries {
    pub async fn load(store: &Store, limits: Limits) -> Result<Self, StoreError> {
        let queries = Self(Arc::new(Inner {
            store: store.clone(),
            limits,
            quota: Quota::new(
                limits.running_queries,
                limits.queries_per_user,
                limits.rows_per_hour,
            ),
            history: History::load(store).await?,
            live: Mutex::default(),
        }));
        let inner = Arc::downgrade(&queries.0);
        store.tell_processes_with(move || {
            let queries = inner.upgrade().map(Self);
            queries.map_or_else(Vec::new, |queries| queries.processes())
        });
        Ok(queries)
    }

    /// Those that run, oldest first.
    fn processes(&self) -> Vec<Process> {
        let live: Vec<_> = self.lock().by_id.values().cloned().collect();
        let queries = live.iter().map(|query| query.query());
        let mut running: Vec<Query> = queries.filter(|q| q.status == Status::Running).collect();
        running.sort_by_key(|query| query.start_time);
        let process = |query: Query| Process {
            id: query.id,
            user: query.audit.created_by.unwrap_or_default().name,
            sql: query.sql,
            elapsed_ms: query.duration,
        };
        running.into_iter().map(process).collect()
    }

    pub async fn start(
        &self,
        plan: Plan,
        request: CreateQuery,
        owner: Owner,
    ) -> Result<Arc<LiveQuery>, HttpError> {
        let batching = Batching::try_from(request.batching_policy)?;
        let permit = self.permit(&owner)?;
        let stay = Duration::from_secs(request.resume_within.unwrap_or(0).into());
        let stay = stay.min(self.0.limits.reader_grace);
        let live = LiveQuery::new(describe(&plan, request, owner), permit, stay);
        self.admit(&live)?;
        let job = Job {
            live: live.clone(),
            plan,
            batching,
            store: self.0.store.clone(),
            runtime: Handle::current(),
        };
        let (ready, prepared) = oneshot::channel();
        let queries = self.clone();
        let thread = std::thread::Builder::new().name("query".into());
        let spawned = thread.spawn(move || queries.run(job, ready));
        let outcome = match spawned {
            Ok(_) => prepared.await.unwrap_or_else(|_| {
                Err(HttpError::internal(
                    "a query's thread ended before it began",
                ))
            }),
            Err(error) => Err(HttpError::internal(format!(
                "no thread for a query: {error}"
            ))),
        };
        if let Err(failure) = outcome {
            self.remove(live.id());
            return Err(failure);
        }
        self.watch_for_readers(&live);
        Ok(live)
    }

    /// Room for a query of this user; 429 where there is none.
    pub fn permit(&self, owner: &Owner) -> Result<Permit, HttpError> {
        self.0.quota.take(&owner.id)
    }

    /// The life of a query's thread; `ready` is told once the query has its starting point.
    fn run(&self, job: Job, ready: oneshot::Sender<Result<(), HttpError>>) {
        let (live, runtime) = (job.live.clone(), job.runtime.clone());
        let prepared = job.prepare().and_then(|prepared| {
            runtime.block_on(self.0.history.started(live.started()))?;
            Ok(prepared)
        });
        let (outcome, prepared) = match prepared {
            Ok(prepared) => (Ok(()), Some(prepared)),
            Err(failure) => (Err(failure), None),
        };
        if ready.send(outcome).is_err() {
            live.cancel("its client has gone");
        }
        match prepared {
            Some(prepared) => {
                prepared.run();
                self.retire(&live, &runtime);
            }
            None => live.finished(),
        }
    }

    /// What this user uses of what there is.
    pub fn usage(&self, owner: &Owner) -> Usage {
        self.0.quota.usage(&owner.id)
    }

    /// Whoever has used anything, and what.
    pub fn used(&self) -> BTreeMap<String, quota::Used> {
        self.0.quota.used()
    }

    fn admit(&self, query: &Arc<LiveQuery>) -> Result<(), HttpError> {
        let mut live = self.lock();
        if live.closed {
            let words = "the backend is stopping";
            return Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, words));
        }
        live.by_id.insert(query.id().to_string(), query.clone());
        Ok(())
    }

    /// Running, or ended a moment ago.
    pub fn live(&self, id: &str) -> Option<Arc<LiveQuery>> {
        self.lock().by_id.get(id).cloned()
    }

    pub fn ended(&self, id: &str) -> Option<Record> {
        self.0.history.get(id)
    }

    /// Newest first.
    pub fn list(&self) -> Vec<Query> {
        let mut list: Vec<Query> = {
            let live = self.lock();
            live.by_id.values().map(|query| query.query()).collect()
        };
        let ended = self.0.history.list();
        list.retain(|query| ended.iter().all(|other| other.id != query.id));
        list.extend(ended);
        list.sort_by_key(|query| std::cmp::Reverse(query.start_time));
        list
    }

    /// Returns once it has ended. An ended one stays as it is.
    pub async fn cancel(&self, query: &LiveQuery, reason: &str) {
        let mut again = tokio::time::interval(INTERRUPT_AGAIN);
        loop {
            // A statement that began right after an interrupt did not see it.
            tokio::select! {
                biased;
                () = query.wait_for_end() => return,
                _ = again.tick() => query.cancel(reason),
            }
        }
    }

    /// False when there is none.
    pub async fn delete(&self, id: &str) -> Result<bool, StoreError> {
        if let Some(query) = self.live(id) {
            self.cancel(&query, "deleted").await;
            self.remove(id);
        }
        self.0.history.delete(id).await
    }

    /// Cancels everything that runs and waits for it.
    pub async fn shut_down(&self) {
        let running: Vec<_> = {
            let mut live = self.lock();
            live.closed = true;
            live.by_id.values().cloned().collect()
        };
        for query in &running {
            query.cancel("the backend was stopped");
        }
        for query in &running {
            self.cancel(query, "the backend was stopped").await;
        }
    }

    /// Cancels whatever runs for somebody who is not there any more.
    pub fn end_all(&self, owner: &str) {
        let live: Vec<_> = self.lock().by_id.values().cloned().collect();
        let of_owner = |query: &Query| {
            let by = query.audit.created_by.as_ref();
            by.is_some_and(|by| by.id == owner)
        };
        for query in live.iter().filter(|live| of_owner(&live.query())) {
            query.cancel("its user was deleted");
        }
    }

    fn remove(&self, id: &str) {
        let mut live = self.lock();
        live.by_id.remove(id);
        live.retained.retain(|other| other != id);
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names and types of a plan's result.
pub fn columns(plan: &Plan) -> Vec<Column> {
    let columns = plan.header.iter().map(|column| Column {
        name: column.name.clone(),
        data_type: column.data_type.to_string(),
    });
    columns.collect()
}

fn describe(plan: &Plan, request: CreateQuery, owner: Owner) -> Query {
    let now = clock::now_ms();
    Query {
        id: random::uuid(),
        name: request.name.unwrap_or_default(),
        description: request.description.unwrap_or_default(),
        sql: request.sql,
        status: Status::Running,
        tags: request.tags,
        start_time: now,
        result: QueryResult {
            header: columns(plan),
        },
        analysis: plan.analysis.clone(),
        time_columns: plan.time_columns,
        notices: plan.notices.clone(),
        audit: Audit {
            created_at: Some(clock::text(now)),
            created_by: Some(owner),
            ..Audit::default()
        },
        ..Query::default()
    }
}
