//! Who is told of calls and of their pauses.

use std::cell::RefCell;

use weir_api::{ApiError, ApiRequest, Method};

use super::{endpoint::Endpoint, vendor};

type Wake = Box<dyn FnOnce()>;

/// Told of the outcome of every call.
pub(super) type Observer = Box<dyn Fn(&Endpoint, Result<(), &ApiError>)>;

thread_local! {
    static OBSERVER: RefCell<Option<Observer>> = const { RefCell::new(None) };
    static ON_CHANGE: RefCell<Option<OnChange>> = const { RefCell::new(None) };
    static ON_PAUSE: RefCell<Option<OnPause>> = const { RefCell::new(None) };
    static ON_LATE: RefCell<Option<OnLate>> = const { RefCell::new(None) };
    /// By the base of the endpoint that is waited for.
    static WAKES: RefCell<Vec<(String, Wake)>> = const { RefCell::new(Vec::new()) };
}

/// Told when a call waits because the system wants to be called less, with the seconds until it is
/// sent again, and when it waits no more.
pub(super) type OnPause = Box<dyn Fn(&Endpoint, Option<u32>)>;

/// Once in the application: this is how it notices a lost server and a session that ended.
pub fn observe(observer: impl Fn(&Endpoint, Result<(), &ApiError>) + 'static) {
    OBSERVER.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
}

/// Once in the application: this is how pages say that calls wait.
pub fn observe_pauses(observer: impl Fn(&Endpoint, Option<u32>) + 'static) {
    ON_PAUSE.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
}

pub(super) fn tell_pause(endpoint: &Endpoint, seconds: Option<u32>) {
    ON_PAUSE.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, seconds);
        }
    });
}

/// Told when an answer is long in coming, and when it is waited for no more.
pub(super) type OnLate = Box<dyn Fn(&Endpoint, bool)>;

/// Once in the application: this is how pages say that nothing came yet.
pub fn observe_late(observer: impl Fn(&Endpoint, bool) + 'static) {
    ON_LATE.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
}

pub(super) fn tell_late(endpoint: &Endpoint, late: bool) {
    ON_LATE.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, late);
        }
    });
}

/// Calls `wake` once the server has answered anything again.
pub fn when_answered(endpoint: &Endpoint, wake: impl FnOnce() + 'static) {
    WAKES.with_borrow_mut(|wakes| wakes.push((endpoint.base.clone(), Box::new(wake))));
}

fn wake(endpoint: &Endpoint) {
    let ready = WAKES.with_borrow_mut(|wakes| {
        let (ready, others) = std::mem::take(wakes)
            .into_iter()
            .partition::<Vec<_>, _>(|(base, _)| *base == endpoint.base);
        *wakes = others;
        ready
    });
    for (_, wake) in ready {
        wake();
    }
}

pub(super) fn report<T>(endpoint: &Endpoint, outcome: &Result<T, ApiError>) {
    // A gateway answers for a server that is gone, too.
    if outcome.is_ok() || matches!(outcome, Err(ApiError::Status(error)) if error.status < 500) {
        wake(endpoint);
    }
    OBSERVER.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, outcome.as_ref().map(|_| ()));
        }
    });
}

/// A call that may have changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentChange {
    pub method: Method,
    /// With its parameters, without what proves the caller.
    pub path: String,
}

impl SentChange {
    /// `None` where it only reads, or nobody is told.
    pub(super) async fn of(endpoint: &Endpoint, request: &ApiRequest) -> Option<Self> {
        if ON_CHANGE.with(|slot| slot.borrow().is_none()) {
            return None;
        }
        let may_change = vendor::MAY_CHANGE.get(()).await;
        let changes = may_change.is_ok_and(|may_change| may_change(endpoint.system, request));
        changes.then(|| Self {
            method: request.method,
            path: request.target(),
        })
    }
}

type OnChange = Box<dyn Fn(&Endpoint, &SentChange, Result<(), &ApiError>)>;

/// Once in the application: this is how the journal is kept.
pub fn observe_changes(observer: impl Fn(&Endpoint, &SentChange, Result<(), &ApiError>) + 'static) {
    // Opaque: the optimiser would see that there is only one, and have every call name it, so that
    // the page to sign in would come with the journal.
    let observer: OnChange = std::hint::black_box(Box::new(observer));
    ON_CHANGE.with(|slot| *slot.borrow_mut() = Some(observer));
}

pub(super) fn tell_change<T>(
    endpoint: &Endpoint,
    change: &SentChange,
    outcome: &Result<T, ApiError>,
) {
    ON_CHANGE.with(|slot| {
        if let Some(observer) = &*slot.borrow() {
            observer(endpoint, change, outcome.as_ref().map(|_| ()));
        }
    });
}
