//! The one thread that writes. It takes everything that is queued, runs it in one transaction and
//! answers after the commit, so that one flush to disk serves all who wait.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::{StoreError, effects::Effects, meta::Shared, schema::now_ms, segments::OpenSegment};

/// A batch that has run this long is committed even while more is queued.
const BATCH_TIME: Duration = Duration::from_millis(100);

/// What a job may use.
pub(crate) struct Scope<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) shared: &'a Arc<Shared>,
    /// Of the jobs before it in the same transaction.
    pub(crate) before: &'a Effects,
    pub(crate) effects: Effects,
    pub(crate) now_ms: i64,
}

/// Called with the reason when the transaction could not be committed.
type Finish = Box<dyn FnOnce(Result<(), &str>) + Send>;
/// Without a scope when no transaction could be begun.
type Run = Box<dyn FnOnce(Option<&mut Scope<'_>>) -> (bool, Finish) + Send>;

pub(crate) struct Job {
    run: Run,
    /// Has a transaction for itself, because those after it must see what it changes in memory.
    alone: bool,
}

pub(crate) type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

impl Job {
    /// `publish` runs on the writer thread after the commit, before the answer is sent.
    pub(crate) fn alone<T: Send + 'static>(
        run: impl FnOnce(&mut Scope<'_>) -> Result<T, StoreError> + Send + 'static,
        publish: impl FnOnce(&T) + Send + 'static,
    ) -> (Self, Answer<T>) {
        Self::new(true, None, run, publish)
    }

    /// Shares a transaction with what else is queued; `room` is held until it is answered.
    pub(crate) fn shared<T: Send + 'static>(
        room: Option<OwnedSemaphorePermit>,
        run: impl FnOnce(&mut Scope<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> (Self, Answer<T>) {
        Self::new(false, room, run, |_| {})
    }

    fn new<T: Send + 'static>(
        alone: bool,
        room: Option<OwnedSemaphorePermit>,
        run: impl FnOnce(&mut Scope<'_>) -> Result<T, StoreError> + Send + 'static,
        publish: impl FnOnce(&T) + Send + 'static,
    ) -> (Self, Answer<T>) {
        let (reply, answer) = oneshot::channel();
        let run: Run = Box::new(move |scope| {
            let result = match scope {
                Some(scope) => run(scope),
                None => Err(StoreError::Commit("the database cannot be written".into())),
            };
            let done = result.is_ok();
            let finish: Finish = Box::new(move |outcome| {
                drop(room);
                let result = match (result, outcome) {
                    (Ok(value), Ok(())) => {
                        publish(&value);
                        Ok(value)
                    }
                    (Ok(_), Err(reason)) => Err(StoreError::Commit(reason.to_owned())),
                    (Err(error), _) => Err(error),
                };
                // Nobody waits any more when a request was given up; its rows are stored.
                let _ = reply.send(result);
            });
            (done, finish)
        });
        (Self { run, alone }, answer)
    }
}

pub(crate) fn run(
    mut conn: Connection,
    shared: &Arc<Shared>,
    mut queue: mpsc::UnboundedReceiver<Job>,
) {
    let mut jobs = VecDeque::new();
    loop {
        if jobs.is_empty() {
            match queue.blocking_recv() {
                Some(job) => jobs.push_back(job),
                // The last connection that closes puts the log into the database, and may only
                // where it writes.
                None => return shared.readers.close(),
            }
        }
        while let Ok(job) = queue.try_recv() {
            jobs.push_back(job);
        }
        batch(&mut conn, shared, &mut jobs);
    }
}

fn batch(conn: &mut Connection, shared: &Arc<Shared>, jobs: &mut VecDeque<Job>) {
    let mut waiting = Vec::new();
    let now_ms = now_ms();
    match commit(conn, shared, jobs, &mut waiting, now_ms) {
        Ok((effects, open)) => {
            effects.publish(open, now_ms);
            for finish in waiting {
                finish(Ok(()));
            }
        }
        Err(error) => {
            let reason = error.to_string();
            tracing::error!("transaction of {} writes lost: {reason}", waiting.len());
            if waiting.is_empty() {
                waiting.extend(jobs.drain(..).map(|job| (job.run)(None).1));
            }
            for finish in waiting {
                finish(Err(&reason));
            }
        }
    }
}

type Committed = (Effects, Vec<(i64, Option<OpenSegment>)>);

fn commit(
    conn: &mut Connection,
    shared: &Arc<Shared>,
    jobs: &mut VecDeque<Job>,
    waiting: &mut Vec<Finish>,
    now_ms: i64,
) -> Result<Committed, StoreError> {
    let started = Instant::now();
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut effects = Effects::default();
    while let Some(job) = jobs.pop_front_if(|job| waiting.is_empty() || !job.alone) {
        let alone = job.alone;
        let (later, finish) = attempt(&tx, shared, &effects, job, now_ms);
        waiting.push(finish);
        // Out of space or an input/output error: SQLite has already rolled everything back.
        if tx.is_autocommit() {
            return Err(StoreError::Commit("the disk is full or failing".into()));
        }
        if let Some(later) = later? {
            effects.merge(later);
        }
        if alone || started.elapsed() > BATCH_TIME {
            break;
        }
    }
    let open = effects.account(&tx, now_ms)?;
    tx.commit()?;
    Ok((effects, open))
}

/// Runs a job such that its failure takes back what it did and nothing else.
fn attempt(
    tx: &Transaction<'_>,
    shared: &Arc<Shared>,
    before: &Effects,
    job: Job,
    now_ms: i64,
) -> (Result<Option<Effects>, StoreError>, Finish) {
    let begun = execute(tx, "SAVEPOINT job");
    let mut scope = Scope {
        tx,
        shared,
        before,
        effects: Effects::default(),
        now_ms,
    };
    let (done, finish) = (job.run)(Some(&mut scope));
    let effects = scope.effects;
    let ended = begun.and_then(|()| {
        if tx.is_autocommit() {
            return Ok(None);
        }
        if !done {
            execute(tx, "ROLLBACK TO job")?;
        }
        execute(tx, "RELEASE job")?;
        Ok(done.then_some(effects))
    });
    (ended, finish)
}

fn execute(tx: &Transaction<'_>, sql: &str) -> Result<(), StoreError> {
    tx.prepare_cached(sql)?.execute([])?;
    Ok(())
}
