//! The events of one running query: a bounded ring between one producer and any number of readers.
//!
//! Nobody waits for a slow reader but the producer for the fastest: it stops when what no reader
//! has taken yet reaches [`BACKLOG`], because the streams behind it are durable and can be read
//! later. What the fastest has taken is kept, up to [`CAPACITY`], for slower readers and for those
//! that come back; who falls behind even that gets a gap.
//!
//! An event's id is the number of result rows up to and including it, so that a gap tells exactly
//! how many rows it swallowed. Events without rows carry the id of the rows before them.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::watch;
use weir_engine::resting;

/// Bytes kept.
pub(crate) const CAPACITY: usize = 4 << 20;
/// Bytes nobody has taken at which the producer pauses between its steps.
const BACKLOG: usize = 1 << 20;

pub struct EventLog {
    state: Mutex<State>,
    /// The producer waits here.
    taken: Condvar,
    /// Sequence number after the newest event; readers wait here. The sender is dropped never;
    /// the end is told by [`State::closed`].
    news: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    /// Of all events held.
    bytes: usize,
    /// Sequence number of the oldest event held.
    first: u64,
    /// Rows in events no longer held.
    rows_gone: u64,
    /// Rows pushed.
    rows: u64,
    /// Sequence number after the newest event that any reader took.
    taken: u64,
    /// Bytes of events that no reader took.
    backlog: usize,
    readers: usize,
    /// Counts comings and goings of readers.
    visits: u64,
    /// No more events will come.
    closed: bool,
    /// The producer must not wait any more.
    abandoned: bool,
    /// The producer waits for readers.
    waiting: bool,
}

struct Event {
    /// As it goes over the wire.
    frame: Bytes,
    /// Its id: rows up to and including it.
    row: u64,
    has_rows: bool,
}

/// The query was canceled while its producer waited.
#[derive(Debug, PartialEq, Eq)]
pub struct Abandoned;

impl EventLog {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            taken: Condvar::new(),
            news: watch::Sender::new(0),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event; `row` is its id. Waits while the ring is full of events that nobody took.
    pub fn push(&self, frame: Bytes, row: u64) -> Result<(), Abandoned> {
        let length = frame.len();
        let state = self.wait_while(|state| state.backlog > 0 && state.backlog + length > CAPACITY);
        if state.abandoned {
            return Err(Abandoned);
        }
        self.add(state, frame, row);
        Ok(())
    }

    /// Adds the last event, without waiting, and closes the log.
    pub fn close(&self, frames: impl IntoIterator<Item = Bytes>) {
        for frame in frames {
            let state = self.state();
            let row = state.rows;
            self.add(state, frame, row);
        }
        self.state().closed = true;
        self.news.send_modify(|_| {});
    }

    fn add(&self, mut state: MutexGuard<'_, State>, frame: Bytes, row: u64) {
        state.bytes += frame.len();
        state.backlog += frame.len();
        let has_rows = row > state.rows;
        state.rows = row;
        state.events.push_back(Event {
            frame,
            row,
            has_rows,
        });
        while state.bytes > CAPACITY && state.first < state.taken {
            let Some(gone) = state.events.pop_front() else {
                break;
            };
            state.bytes -= gone.frame.len();
            state.first += 1;
            state.rows_gone = gone.row;
        }
        let next = state.first + state.events.len() as u64;
        drop(state);
        self.news.send_replace(next);
    }

    /// Waits until readers have caught up enough for another step of the producer.
    pub fn wait_for_room(&self) -> Result<(), Abandoned> {
        match self.wait_while(|state| state.backlog > BACKLOG).abandoned {
            true => Err(Abandoned),
            false => Ok(()),
        }
    }

    /// Other queries work in the place of a producer that waits.
    fn wait_while(&self, full: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waits = |state: &State| !state.abandoned && full(state);
        let state = self.state();
        if !waits(&state) {
            return state;
        }
        drop(state);
        // Who is stopped meanwhile finds it out at its next row.
        let _ = resting(|| {
            let mut state = self.state();
            state.waiting = true;
            let waited = self.taken.wait_while(state, |state| waits(state));
            waited.unwrap_or_else(PoisonError::into_inner).waiting = false;
        });
        self.state()
    }

    /// From now on the producer never waits; what it pushes is refused.
    pub fn abandon(&self) {
        self.state().abandoned = true;
        self.taken.notify_all();
    }

    /// Whether the producer waits for readers.
    pub(crate) fn is_waiting(&self) -> bool {
        self.state().waiting
    }

    /// Number of readers, and a number that changes whenever one comes or goes.
    pub fn readers(&self) -> (usize, u64) {
        let state = self.state();
        (state.readers, state.visits)
    }

    /// A reader of the events after `last_row`, or of all that are held.
    pub fn attach(self: &Arc<Self>, last_row: Option<u64>) -> Reader {
        let mut state = self.state();
        state.readers += 1;
        state.visits += 1;
        let row = last_row.map_or(state.rows_gone, |row| row.min(state.rows));
        let seen = |event: &Event| event.row < row || (event.row == row && event.has_rows);
        let skipped = match last_row {
            Some(_) => state.events.partition_point(seen) as u64,
            None => 0,
        };
        Reader {
            next: state.first + skipped,
            row,
            news: self.news.subscribe(),
            log: self.clone(),
        }
    }
}

/// One reader's place in the log. Dropping it detaches.
pub struct Reader {
    log: Arc<EventLog>,
    /// Sequence number of the next event.
    next: u64,
    /// Rows delivered or skipped so far.
    row: u64,
    news: watch::Receiver<u64>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    Frame(Bytes),
    /// These rows, counted from 1, are gone.
    Gap {
        from: u64,
        to: u64,
    },
    End,
}

impl Reader {
    /// Rows delivered or skipped so far: the id of the last event.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// Waits for the next event. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Read {
        loop {
            self.news.mark_unchanged();
            if let Some(read) = self.take() {
                return read;
            }
            if self.news.changed().await.is_err() {
                return Read::End;
            }
        }
    }

    fn take(&mut self) -> Option<Read> {
        let mut state = self.log.state();
        if self.row < state.rows_gone {
            let gap = Read::Gap {
                from: self.row + 1,
                to: state.rows_gone,
            };
            self.row = state.rows_gone;
            self.next = self.next.max(state.first);
            return Some(gap);
        }
        self.next = self.next.max(state.first);
        let index = usize::try_from(self.next - state.first).unwrap_or(usize::MAX);
        let Some(event) = state.events.get(index) else {
            return state.closed.then_some(Read::End);
        };
        let frame = event.frame.clone();
        self.row = event.row;
        self.next += 1;
        if self.next > state.taken {
            state.taken = self.next;
            state.backlog -= frame.len();
            drop(state);
            self.log.taken.notify_all();
        }
        Some(Read::Frame(frame))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut state = self.log.state();
        state.readers -= 1;
        state.visits += 1;
    }
}

#[cfg(test)]
#[path = "event_log_tests.rs"]
mod tests;
