//! So many queries work at once, and each user has only some of these places, so that whoever runs
//! many keeps nobody else waiting. Whoever has one gives it up when it rests and, after a while,
//! when somebody else waits.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Thread},
    time::Duration,
};

/// Between two looks whether somebody who waits was stopped.
const LOOK: Duration = Duration::from_millis(100);

/// Queries that make values of many MiB at once. They keep their place for a whole step: what they
/// hold stays while others have a turn.
const LARGE: usize = 8;
const LARGE_OF_ONE: usize = 2;

pub(super) struct Places {
    most: usize,
    most_of_one: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    all: usize,
    working: BTreeMap<Arc<str>, usize>,
    waiting: BTreeMap<Arc<str>, VecDeque<Arc<Waiter>>>,
    tickets: u64,
}

struct Waiter {
    ticket: u64,
    thread: Thread,
    called: AtomicBool,
}

/// Dropping it lets the next one in.
pub(super) struct Place {
    of: &'static Places,
    user: Arc<str>,
}

/// Where queries work that hold little.
pub(super) fn small() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| Places::new(usual(), usual() / 4 * 3))
}

/// Where works what the backend itself runs.
pub(super) fn own() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| Places::new(usual(), usual()))
}

fn usual() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    (2 * cores).max(8)
}

pub(super) fn large() -> &'static Places {
    static PLACES: Places = Places::new(LARGE, LARGE_OF_ONE);
    &PLACES
}

impl Places {
    const fn new(most: usize, most_of_one: usize) -> Self {
        Self {
            most,
            most_of_one,
            state: Mutex::new(State {
                all: 0,
                working: BTreeMap::new(),
                waiting: BTreeMap::new(),
                tickets: 0,
            }),
        }
    }

    /// Waits for a place; none where it was stopped meanwhile.
    pub(super) fn take(
        &'static self,
        user: &Arc<str>,
        stopped: impl Fn() -> bool,
    ) -> Option<Place> {
        let place = || Place {
            of: self,
            user: user.clone(),
        };
        let waiter = {
            let mut state = self.state();
            state.tickets += 1;
            let waiter = Arc::new(Waiter {
                ticket: state.tickets,
                thread: thread::current(),
                called: AtomicBool::new(false),
            });
            let queue = state.waiting.entry(user.clone()).or_default();
            queue.push_back(waiter.clone());
            self.call(&mut state);
            waiter
        };
        while !waiter.called.load(Ordering::Acquire) {
            if stopped() {
                let mut state = self.state();
                if state.leave(user, &waiter) {
                    return None;
                }
                drop(state);
                // Called in the meantime: the next one is.
                drop(place());
                return None;
            }
            thread::park_timeout(LOOK);
        }
        Some(place())
    }

    /// Whether somebody could work in the place of one of this user.
    pub(super) fn wanted(&self, user: &str) -> bool {
        let state = self.state();
        let all_taken = state.all >= self.most;
        let count = |user: &Arc<str>| state.working.get(user).copied().unwrap_or(0);
        let mut waiting = state.waiting.keys();
        let others = waiting.any(|other| &**other != user && count(other) < self.most_of_one);
        let own = state.waiting.contains_key(user);
        own || (others && all_taken)
    }

    /// Lets in who may: of the user who has the fewest, and of several the one who waits longest.
    fn call(&self, state: &mut State) {
        while state.all < self.most {
            let count = |user: &Arc<str>| state.working.get(user).copied().unwrap_or(0);
            let may = state
                .waiting
                .iter()
                .filter(|(user, _)| count(user) < self.most_of_one);
            let next = may.min_by_key(|(user, queue)| {
                (count(user), queue.front().map(|waiter| waiter.ticket))
            });
            let Some(user) = next.map(|(user, _)| user.clone()) else {
                return;
            };
            let Some(waiter) = state.next_of(&user) else {
                return;
            };
            state.all += 1;
            *state.working.entry(user).or_default() += 1;
            waiter.called.store(true, Ordering::Release);
            waiter.thread.unpark();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_of(&mut self, user: &Arc<str>) -> Option<Arc<Waiter>> {
        let queue = self.waiting.get_mut(user)?;
        let next = queue.pop_front();
        if queue.is_empty() {
            self.waiting.remove(user);
        }
        next
    }

    /// False where it does not wait any more.
    fn leave(&mut self, user: &Arc<str>, waiter: &Waiter) -> bool {
        let Some(queue) = self.waiting.get_mut(user) else {
            return false;
        };
        let before = queue.len();
        queue.retain(|other| other.ticket != waiter.ticket);
        let left = queue.len() < before;
        if queue.is_empty() {
            self.waiting.remove(user);
        }
        left
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.of.state();
        state.all -= 1;
        if let Some(own) = state.working.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                state.working.remove(&self.user);
            }
        }
        self.of.call(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn whoever_runs_many_leaves_places_to_others_and_all_come_in_turn() {
        static PLACES: Places = Places::new(4, 3);
        let user = |name: &str| Arc::<str>::from(name);
        let take = |name: &str| PLACES.take(&user(name), || false);
        let held: Vec<_> = (0..3).map(|_| take("many").unwrap()).collect();
        let stopped = AtomicBool::new(false);
        thread::scope(|scope| {
            let refused =
                scope.spawn(|| PLACES.take(&user("many"), || stopped.load(Ordering::Relaxed)));
            let other = take("other").unwrap();
            while !PLACES.wanted("many") {
                thread::yield_now();
            }
            let wanted = PLACES.wanted("stranger");
            // Before anything is looked at: what fails must not wait for this thread.
            stopped.store(true, Ordering::Relaxed);
            assert!(!wanted, "one of many waits for a place of many");
            assert!(refused.join().unwrap().is_none());
            drop(other);
        });
        let (told, came) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..3 {
                let told = told.clone();
                scope.spawn(move || {
                    let place = take("many").unwrap();
                    told.send(()).unwrap();
                    drop(place);
                });
            }
            while !PLACES.wanted("many") {
                thread::yield_now();
            }
            assert!(came.try_recv().is_err());
            drop(held);
            for _ in 0..3 {
                came.recv().unwrap();
            }
        });
        let state = PLACES.state();
        assert_eq!(
            (state.all, state.working.len(), state.waiting.len()),
            (0, 0, 0)
        );
    }
}
