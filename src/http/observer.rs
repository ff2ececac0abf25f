//! Who is told of calls and of their pauses.

use std::cell::RefCell;

use weir_api::{ApiError, ApiRequest, Method};

use super::endpoint::Endpoint;

/// Told of the outcome of every call.
pub(super) type Observer = Box<dyn Fn(&Endpoint, Result<(), &ApiError>)>;

thread_local! {
    static OBSERVER: RefCell<Option<Observer>> = const { RefCell::new(None) };
    static ON_CHANGE: RefCell<Option<OnChange>> = const { RefCell::new(None) };
    static ON_PAUSE: RefCell<Option<OnPause>> = const { RefCell::new(None) };
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

pub(super) fn report<T>(endpoint: &Endpoint, outcome: &Result<T, ApiError>) {
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
    pub(super) fn of(endpoint: &Endpoint, request: &ApiRequest) -> Option<Self> {
        endpoint.system.may_change(request).then(|| Self {
            method: request.method,
            path: request.target(),
        })
    }
}

type OnChange = Box<dyn Fn(&Endpoint, &SentChange, Result<(), &ApiError>)>;

/// Once in the application: this is how the journal is kept.
pub fn observe_changes(observer: impl Fn(&Endpoint, &SentChange, Result<(), &ApiError>) + 'static) {
    ON_CHANGE.with(|slot| *slot.borrow_mut() = Some(Box::new(observer)));
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
