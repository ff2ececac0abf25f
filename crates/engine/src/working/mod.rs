//! Queries at work: who has a place to work at, what they hold, and for whom.

mod account;
mod places;

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

pub(crate) use self::account::{Account, Charge, STEP};
pub use self::account::{held_by, held_by_all};
use self::places::{Place, Places};
use crate::udf::Stop;

/// How long a step works without a place: most need no more.
const FREE: Duration = Duration::from_millis(20);

/// How long a query works while others wait.
const SLICE: Duration = Duration::from_millis(100);

/// Bytes of a value from which on a query is one that makes large ones.
pub(crate) const LARGE: usize = 1 << 20;

/// The query whose step runs on this thread.
struct Work {
    stop: Stop,
    account: Account,
    /// None for what the backend itself runs: it does not wait for users.
    user: Option<Arc<str>>,
    until: Option<Instant>,
    large: bool,
    place: Option<Place>,
    since: Instant,
}

impl Work {
    fn user(&self) -> &str {
        self.user.as_deref().unwrap_or_default()
    }

    fn places(&self) -> &'static Places {
        match (&self.user, self.large) {
            (None, _) => places::own(),
            (Some(_), true) => places::large(),
            (Some(_), false) => places::small(),
        }
    }
}

thread_local! {
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
}

/// Whose a query is, for as long as it runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Worker {
    account: Account,
    user: Option<Arc<str>>,
}

impl Worker {
    pub(crate) fn of(user: &str) -> Self {
        Self {
            account: Account::of(user),
            user: Some(user.into()),
        }
    }

    /// A step begins on this thread; it ends when the answer is dropped.
    pub(crate) fn enter(&self, stop: Stop, until: Option<Instant>) -> Working {
        WORK.set(Some(Work {
            stop,
            account: self.account.clone(),
            user: self.user.clone(),
            until,
            large: false,
            place: None,
            since: Instant::now(),
        }));
        Working
    }
}

pub(crate) struct Working;

impl Drop for Working {
    fn drop(&mut self) {
        // What is dropped with it looks for it.
        let work = WORK.take();
        drop(work);
    }
}

/// Whether the query of this thread was stopped.
pub(crate) fn is_stopped() -> bool {
    WORK.with_borrow(|work| work.as_ref().is_some_and(|work| work.stop.is_set()))
}

fn account() -> Account {
    WORK.with_borrow(|work| work.as_ref().map(|work| work.account.clone()))
        .unwrap_or_default()
}

/// Takes a place where the step is no short one, and gives way to others that wait where it had
/// its share.
pub(crate) fn give_way() -> Result<(), String> {
    let (takes, gives) = WORK.with_borrow(|work| {
        let Some(work) = work else {
            return (false, false);
        };
        let share = match work.place {
            None => return (work.user.is_some() && work.since.elapsed() >= FREE, false),
            Some(_) => !work.large && work.since.elapsed() >= SLICE,
        };
        (false, share && work.places().wanted(work.user()))
    });
    match (takes, gives) {
        (true, _) => take_turn(),
        (_, true) => resting(|| ()).1,
        _ => Ok(()),
    }
}

/// The query makes large values from now on. True where it has to take a place for that: what it
/// made before is better thrown away before it waits.
pub(crate) fn becomes_large() -> bool {
    WORK.with_borrow_mut(|work| match work {
        Some(work) if work.user.is_some() && !work.large => {
            work.large = true;
            work.place = None;
            true
        }
        _ => false,
    })
}

/// Takes a place where it has none. What is short, and what the backend itself runs, needs none,
/// unless many of them would work at once.
pub(crate) fn take_turn() -> Result<(), String> {
    let wanted = WORK.with_borrow(|work| {
        let work = work.as_ref().filter(|work| work.place.is_none())?;
        let (user, places) = (Arc::<str>::from(work.user()), work.places());
        Some((user, places, work.stop.clone(), work.until))
    });
    let Some((user, places, stop, until)) = wanted else {
        return Ok(());
    };
    let over = || stop.is_set() || until.is_some_and(|until| Instant::now() >= until);
    let place = places.take(&user, over).ok_or("canceled")?;
    WORK.with_borrow_mut(|work| {
        if let Some(work) = work {
            work.place = Some(place);
            work.since = Instant::now();
        }
    });
    Ok(())
}

/// Does something that takes long and needs nothing, as waiting for a reader; others work
/// meanwhile.
pub fn resting<T>(rest: impl FnOnce() -> T) -> (T, Result<(), String>) {
    let place = WORK.with_borrow_mut(|work| work.as_mut().and_then(|work| work.place.take()));
    let had = place.is_some();
    drop(place);
    let rested = rest();
    let again = match had {
        true => take_turn(),
        false => Ok(()),
    };
    (rested, again)
}
