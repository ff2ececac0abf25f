//! Ends what runs on a connection: when somebody says so, at its deadline, or when it takes more
//! than [`Limits`] allow.

use std::{
    fmt,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, InterruptHandle};

use crate::{
    Limits, SqlError,
    udf::Stop,
    working::{self, Worker, Working},
};

/// SQLite's operations between two questions whether to go on: some tens of microseconds.
const OPERATIONS: i32 = 1000;

/// Between two looks at the clock and at what was written.
const LOOK: Duration = Duration::from_millis(20);

/// Cheap to clone; all clones govern the same query.
#[derive(Clone, Default)]
pub struct Governor(Arc<State>);

#[derive(Default)]
struct State {
    worker: Worker,
    stopped: Stop,
    /// When it ends, and the time that it had.
    until: OnceLock<(Instant, Duration)>,
    /// Why it ended by itself.
    exceeded: OnceLock<String>,
    /// What is written counts from the next look on.
    renewed: AtomicBool,
    interrupt: Mutex<Option<InterruptHandle>>,
}

impl fmt::Debug for Governor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Governor")
            .field("stopped", &self.is_stopped())
            .field("exceeded", &self.0.exceeded.get())
            .finish()
    }
}

impl Governor {
    /// Of what the backend itself runs, which does not wait for users' queries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a query of this user.
    pub fn of(user: &str) -> Self {
        Self(Arc::new(State {
            worker: Worker::of(user),
            ..State::default()
        }))
    }

    /// The query ends after this time from now; to be told once.
    pub fn end_after(&self, time: Duration) {
        // The first deadline is the earliest.
        let _ = self.0.until.set((Instant::now() + time, time));
    }

    /// To be held while statements of the query run on this thread. One that follows streams waits
    /// for its turn: of very many of them few work at once, so that these need few connections.
    pub fn turn(&self, follows: bool) -> Result<Turn, SqlError> {
        let state = &self.0;
        let until = state.until.get().map(|(until, _)| *until);
        let working = state.worker.enter(state.stopped.clone(), until);
        if follows {
            working::take_turn().map_err(SqlError::new)?;
        }
        Ok(Turn { _working: working })
    }

    /// Governs every statement of `conn` until the answer is dropped, in the thread that runs them.
    pub fn govern<'c>(&self, conn: &'c Connection) -> Result<Governed<'c>, SqlError> {
        let limits = Limits::get();
        limits.apply(conn)?;
        *self.interrupt() = Some(conn.get_interrupt_handle());
        let governed = Governed {
            governor: self.clone(),
            conn,
        };
        let state = self.0.clone();
        let deadline = state.until.get().copied();
        let mut looked = Instant::now();
        let mut written_before = None;
        conn.progress_handler(
            OPERATIONS,
            Some(move || {
                if state.stopped.is_set() {
                    return true;
                }
                let now = Instant::now();
                if now.duration_since(looked) < LOOK {
                    return false;
                }
                let given = working::give_way();
                looked = Instant::now();
                if let Some((at, time)) = deadline
                    && looked >= at
                {
                    let seconds = time.as_secs_f64();
                    return state.exceed(format!("the query took more than {seconds} seconds"));
                }
                if given.is_err() {
                    return true;
                }
                let Some(written) = written() else {
                    return false;
                };
                if state.renewed.swap(false, Ordering::Relaxed) {
                    written_before = None;
                }
                let before = *written_before.get_or_insert(written);
                if written.saturating_sub(before) > limits.query_disk_bytes {
                    return state.exceed(format!(
                        "the query wrote more than {} MiB of temporary files: sort, join or group \
                         less at once",
                        limits.query_disk_bytes >> 20
                    ));
                }
                false
            }),
        )?;
        Ok(governed)
    }

    /// The statement that runs ends, and no other begins.
    pub fn stop(&self) {
        self.0.stopped.set();
        // Some operations of SQLite ask for this one only.
        if let Some(handle) = self.interrupt().as_ref() {
            handle.interrupt();
        }
    }

    /// A step begins: each may write as much as the limit says.
    pub(crate) fn renew(&self) {
        self.0.renewed.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.0.stopped.is_set()
    }

    /// Set where it is stopped.
    pub(super) fn flag(&self) -> Stop {
        self.0.stopped.clone()
    }

    /// What the failure of a statement comes from, where the query ended by itself.
    pub fn explain(&self, error: SqlError) -> SqlError {
        match self.0.exceeded.get() {
            Some(message) => SqlError::new(message.clone()),
            None => error,
        }
    }

    fn interrupt(&self) -> std::sync::MutexGuard<'_, Option<InterruptHandle>> {
        self.0
            .interrupt
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Governor::turn`].
pub struct Turn {
    _working: Working,
}

/// See [`Governor::govern`].
pub struct Governed<'c> {
    governor: Governor,
    conn: &'c Connection,
}

impl Drop for Governed<'_> {
    fn drop(&mut self) {
        // From now on a stop is none of the connection's.
        *self.governor.interrupt() = None;
        // It fails for connections that somebody else owns.
        let _ = self.conn.progress_handler(0, None::<fn() -> bool>);
    }
}

impl State {
    fn exceed(&self, message: String) -> bool {
        // The first reason is the right one.
        let _ = self.exceeded.set(message);
        self.stopped.set();
        true
    }
}

/// Bytes that this thread has written to files: a query's thread writes temporary ones only. Where
/// the system does not tell, they are not bounded.
fn written() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("wchar: "))?;
    line.trim().parse().ok()
}
