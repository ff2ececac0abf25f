//! Reading and planning SQL. What people write can take as long as the engine's limits allow, so
//! it never happens on a thread that others' requests wait for, and only so much at once.

use std::{
    cell::Cell,
    sync::{Condvar, Mutex, PoisonError},
};

use tokio::runtime::{Handle, RuntimeFlavor};
use weir_api::timeplus::sql::Analysis;
use weir_engine::{Catalog, Given, Insert, Plan, Select, SqlError, Statement};
use weir_platform::access;

use super::turns::State;

pub fn parse(sql: &str) -> Result<Statement, SqlError> {
    in_turn(|| weir_engine::parse(sql))
}

pub fn plan(select: &Select, catalog: &dyn Catalog, now_ms: i64) -> Result<Plan, SqlError> {
    in_turn(|| weir_engine::plan(select, catalog, now_ms))
}

/// As [`plan`], with every stream read as a table is.
pub fn plan_tables(select: &Select, catalog: &dyn Catalog, now_ms: i64) -> Result<Plan, SqlError> {
    in_turn(|| weir_engine::plan_tables(select, catalog, now_ms))
}

pub fn analyze(sql: &str, catalog: &dyn Catalog) -> Result<Analysis, SqlError> {
    in_turn(|| weir_engine::analyze(sql, catalog))
}

pub fn format(sql: &str) -> Result<String, SqlError> {
    in_turn(|| weir_engine::format(sql))
}

pub fn parameters(sql: &str) -> Result<Vec<String>, SqlError> {
    in_turn(|| weir_engine::parameters(sql))
}

pub fn bind(sql: &str, given: &[(String, Given)]) -> Result<Select, SqlError> {
    in_turn(|| weir_engine::bind(sql, given))
}

/// For what makes statements of what people write.
pub fn prepare<T>(work: impl FnOnce() -> Result<T, SqlError>) -> Result<T, SqlError> {
    in_turn(work)
}

pub fn insert_rows(insert: &Insert) -> Result<Vec<Vec<String>>, SqlError> {
    in_turn(|| weir_engine::insert_rows(insert))
}

/// The runtime gives what else waits for this thread to another one meanwhile.
fn in_turn<T>(work: impl FnOnce() -> Result<T, SqlError>) -> Result<T, SqlError> {
    // A catalog can plan a view while a query of it is planned.
    if HAS_TURN.get() {
        return work();
    }
    let worker = Handle::try_current()
        .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    match worker {
        true => tokio::task::block_in_place(|| TURNS.take(access::user())?.run(work)),
        false => TURNS.take(access::user())?.run(work),
    }
}

thread_local! {
    static HAS_TURN: Cell<bool> = const { Cell::new(false) };
}

static TURNS: Turns = Turns {
    state: Mutex::new(State::new()),
    ended: Condvar::new(),
};

struct Turns {
    state: Mutex<State>,
    ended: Condvar,
}

impl Turns {
    fn take(&self, user: String) -> Result<Turn<'_>, SqlError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = state.queue(user)?;
        while !state.begins(ticket) {
            state = self
                .ended
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        // Another one may begin as well.
        drop(state);
        self.ended.notify_all();
        HAS_TURN.set(true);
        Ok(Turn {
            turns: self,
            ticket,
        })
    }
}

struct Turn<'t> {
    turns: &'t Turns,
    ticket: u64,
}

impl Turn<'_> {
    fn run<T>(self, work: impl FnOnce() -> T) -> T {
        work()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        HAS_TURN.set(false);
        let state = self.turns.state.lock();
        state
            .unwrap_or_else(PoisonError::into_inner)
            .end(self.ticket);
        self.turns.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::{super::turns, *};

    #[test]
    fn who_has_a_turn_needs_no_other() {
        fn nested(depth: usize) -> Result<usize, SqlError> {
            match depth {
                0 => Ok(0),
                _ => in_turn(|| nested(depth - 1)).map(|inner| inner + 1),
            }
        }
        assert_eq!(nested(turns::AT_ONCE + 2), Ok(turns::AT_ONCE + 2));
    }

    #[test]
    fn a_user_has_one_turn_at_a_time() {
        let (working, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    in_turn(|| {
                        let now = working.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::yield_now();
                        working.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    })
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
    }

    /// While a statement is planned on the only worker, other tasks go on.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn other_tasks_go_on_meanwhile() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let planning = tokio::spawn(async move {
            in_turn(|| {
                let told = receiver.recv_timeout(Duration::from_secs(10));
                told.map_err(|error| SqlError::new(error.to_string()))
            })
        });
        tokio::task::yield_now().await;
        tokio::spawn(async move { sender.send(()) });
        let done = planning.await.expect("no panic");
        assert_eq!(done, Ok(()));
    }
}
