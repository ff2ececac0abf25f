//! Fetching for as long as a page is there: cancelled when it goes, again and again while it is
//! looked at, and the last answer stays on the screen when a later call fails.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use leptos::task::spawn_local;
use weir_api::{
    ApiError, ApiRequest, lenient,
    paging::{self, Gather, More, Progress, Stopped},
};

use crate::{
    connections::{use_endpoint, use_returns},
    http::{self, Abort, Endpoint},
};

/// The body of an answer in 200–299; ends with [`ApiError::Cancelled`] once `abort` is used.
pub async fn fetch(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: &Abort,
) -> Result<Vec<u8>, ApiError> {
    let mut stream = http::open(endpoint, request, abort).await?;
    let mut body = Vec::new();
    while let Some(piece) = stream.next().await? {
        body.extend_from_slice(&piece);
    }
    http::accepted(endpoint, body).await
}

/// A list to its end, or to where it stops; `told` is told how far it is.
pub async fn fetch_parts(
    endpoint: &Endpoint,
    request: ApiRequest,
    more: More,
    abort: &Abort,
    told: impl Fn(Progress),
) -> Result<(Vec<Vec<u8>>, Option<Stopped>), ApiError> {
    let mut gather = Gather::new(request, more);
    while let Some(next) = gather.next() {
        match fetch(endpoint, next, abort).await {
            Ok(body) => gather.push(body),
            Err(error) => gather.fail(error)?,
        }
        told(gather.progress());
    }
    Ok(gather.finish())
}

/// The parts of a list, as far as it could be read.
pub async fn fetch_all(
    endpoint: &Endpoint,
    request: ApiRequest,
    more: More,
    abort: &Abort,
) -> Result<Vec<Vec<u8>>, ApiError> {
    let (parts, _) = fetch_parts(endpoint, request, more, abort, |_| {}).await?;
    Ok(parts)
}

/// The answer where it comes as a whole.
pub fn whole(parts: &[Vec<u8>]) -> &[u8] {
    parts.first().map(Vec::as_slice).unwrap_or_default()
}

/// How a page's data is doing.
#[derive(Clone, Copy)]
pub struct Load {
    /// A first answer has come.
    pub ready: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    /// Of the last call.
    pub error: RwSignal<Option<ApiError>>,
    /// How far a list is that comes in parts.
    pub progress: RwSignal<Option<Progress>>,
    /// What the last answer lacks.
    pub stopped: RwSignal<Option<Stopped>>,
    /// What of the last answer could not be read: a reason for each field and element.
    pub unread: RwSignal<Vec<String>>,
    again: RwSignal<u32>,
}

impl Load {
    pub fn reload(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }

    /// What the page itself has to say: a lost connection and an ended session are the shell's.
    pub fn page_error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            self.error.get().filter(|error| {
                !matches!(error, ApiError::Network(_)) && error.status() != Some(401)
            })
        })
    }

    /// The server says there is no such thing.
    pub fn missing(self) -> bool {
        self.error
            .with(|error| error.as_ref().is_some_and(|e| e.status() == Some(404)))
    }
}

/// Sends `request` now, whenever it changes, when the connection is back, when asked to, and, with
/// `every`, again and again while the page is visible. `accept` decodes an answer and keeps it.
pub fn use_load(
    request: Signal<ApiRequest>,
    every: Option<Duration>,
    accept: Callback<Vec<u8>, Result<(), ApiError>>,
) -> Load {
    let first = Callback::new(move |parts: Vec<Vec<u8>>| {
        accept.run(parts.into_iter().next().unwrap_or_default())
    });
    use_load_all(request, paging::whole, every, first)
}

/// The same for answers that come in parts: `accept` gets them all.
pub fn use_load_all(
    request: Signal<ApiRequest>,
    more: More,
    every: Option<Duration>,
    accept: Callback<Vec<Vec<u8>>, Result<(), ApiError>>,
) -> Load {
    let (endpoint, returns) = (use_endpoint(), use_returns());
    let load = Load {
        ready: RwSignal::new(false),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        progress: RwSignal::new(None),
        stopped: RwSignal::new(None),
        unread: RwSignal::new(Vec::new()),
        again: RwSignal::new(0),
    };
    let running = StoredValue::new_local(None::<Rc<Abort>>);
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        if let Some(Some(abort)) = running.try_update_value(Option::take) {
            abort.abort();
        }
    };
    Effect::new(move || {
        load.again.track();
        // Read, not only tracked: a memo that nobody has read yet counts as changed.
        returns.get();
        let (Some(endpoint), request) = (endpoint.get(), request.get()) else {
            return;
        };
        stop();
        let abort = match Abort::new() {
            Ok(abort) => Rc::new(abort),
            Err(error) => return load.error.set(Some(error)),
        };
        running.set_value(Some(abort.clone()));
        load.busy.set(true);
        spawn_local(async move {
            let started = js_sys::Date::now();
            let told = |now: Progress| {
                load.progress.try_set(Some(now));
            };
            let outcome = fetch_parts(&endpoint, request, more, &abort, told).await;
            if outcome == Err(ApiError::Cancelled) || load.busy.is_disposed() {
                return;
            }
            let outcome = outcome.and_then(|(parts, stopped)| {
                let (accepted, unread) = lenient::watched(|| accept.run(parts));
                accepted?;
                load.stopped.set(stopped);
                if load.unread.with_untracked(|old| *old != unread) {
                    load.unread.set(unread);
                }
                Ok(())
            });
            load.busy.set(false);
            load.progress.set(None);
            if outcome.is_ok() {
                load.ready.set(true);
            }
            load.error.set(outcome.err());
            if let Some(every) = every {
                // A slow answer is not asked for all the time.
                let took = Duration::from_millis((js_sys::Date::now() - started).max(0.0) as u64);
                let wait = every.max(took * 20);
                let next = set_timeout_with_handle(move || due(load), wait);
                timer.set_value(next.ok());
            }
        });
    });
    let shown = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if every.is_some() && !document().hidden() && !load.busy.get_untracked() {
            load.reload();
        }
    });
    on_cleanup(move || {
        shown.remove();
        stop();
    });
    load
}

/// A hidden page waits until it is looked at again.
fn due(load: Load) {
    if load.again.is_disposed() || document().hidden() {
        return;
    }
    load.reload();
}
