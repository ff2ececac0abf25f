//! Reads a query's stream into its session and takes it up again after a break. A query is never
//! run again by itself.

use std::rc::Rc;

use js_sys::{Date, Promise};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use weir_api::{
    ApiError, ApiRequest,
    auth::Credential,
    sse::Event,
    timeplus::{
        query::{self, CreateQuery},
        read_only,
    },
};

use super::{
    bounded::is_endless,
    core::{Core, State},
    frame::Turns,
    orphan,
    seat::{self, Seat},
    session::{Access, Offer, Retry, Session},
    silence::Silence,
};
use crate::http::{self, Abort, ByteStream, Endpoint, Events};

/// Milliseconds before the first attempt to attach again, and at most.
const FIRST_WAIT: f64 = 1_000.0;
const LONGEST_WAIT: f64 = 30_000.0;

/// Seconds that the embedded backend keeps a query for when its connection breaks.
const RESUME_WITHIN: u32 = 30;

/// Milliseconds a canceled query gets to say that it ended.
const CANCEL_WAIT: f64 = 3_000.0;

/// Servers other than the embedded backend do not know the flag, so the statement is looked at here,
/// too.
fn request(sql: String, access: Access) -> Result<ApiRequest, ApiError> {
    let read_only = access == Access::ReadOnly;
    if read_only {
        read_only::check(&sql).map_err(|why| {
            let words = format!(
                "Not run: a page that is only looked at may only read, and {why}. Open the \
                 statement in the workspace to run it yourself."
            );
            weir_api::timeplus::error(403, None, words.as_bytes())
        })?;
    }
    query::run(&CreateQuery {
        sql,
        read_only,
        resume_within: Some(RESUME_WITHIN),
        ..CreateQuery::default()
    })
}

pub(super) fn run(session: Session, endpoint: Endpoint, sql: String) {
    leptos::task::spawn_local(async move {
        // The page was left as soon as it was there.
        if session.gone() {
            return;
        }
        let endless = is_endless(&sql);
        let request = request(sql, session.with(|inner| inner.access.get()));
        let opened = match (request, Abort::new()) {
            (Ok(request), Ok(abort)) => {
                open_seated(session, &endpoint, request, Rc::new(abort), endless).await
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        let opened = opened.map(Reading::of_own_query);
        read_on(session, endpoint, opened).await;
    });
}

/// Waits for a connection where it is for long.
async fn open_seated(
    session: Session,
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Rc<Abort>,
    endless: bool,
) -> Result<Reading, ApiError> {
    if session.gone() {
        return Err(ApiError::Cancelled);
    }
    session.with(|inner| inner.abort.replace(Some(abort.clone())));
    let seat = match endless {
        true => Some(seat::wait(session, endpoint).await),
        false => None,
    };
    if !is_current(session, &abort) {
        return Err(ApiError::Cancelled);
    }
    let reading = open(session, endpoint, request, abort).await?;
    Ok(Reading { seat, ..reading })
}

/// Nothing newer was asked for.
fn is_current(session: Session, abort: &Rc<Abort>) -> bool {
    !session.gone()
        && session.with(|inner| {
            let now = inner.abort.borrow();
            now.as_ref().is_some_and(|now| Rc::ptr_eq(now, abort))
        })
}

/// With a cookie session the browser's own `EventSource` does it, which any tab can; otherwise a
/// fetch stream carries the credential.
pub(super) fn attach(session: Session, endpoint: Endpoint, id: String) {
    leptos::task::spawn_local(async move {
        if endpoint.credential == Credential::None {
            let (Ok(abort), false) = (Abort::new().map(Rc::new), session.gone()) else {
                return;
            };
            session.with(|inner| inner.abort.replace(Some(abort.clone())));
            let seat = seat::wait(session, &endpoint).await;
            if is_current(session, &abort) {
                listen(session, &endpoint, &id, seat);
            }
            return;
        }
        let opened = match Abort::new() {
            Ok(abort) => {
                open_seated(session, &endpoint, query::attach(&id), Rc::new(abort), true).await
            }
            Err(error) => Err(error),
        };
        read_on(session, endpoint, opened).await;
    });
}

pub(super) fn cancel(session: Session, endpoint: Endpoint, id: String) {
    leptos::task::spawn_local(async move {
        let sent = http::send(&endpoint, query::cancel(&id)).await;
        if session.gone() {
            return;
        }
        if let Err(error) = sent {
            session.with(|inner| {
                let mut core = inner.core.borrow_mut();
                core.canceling = false;
                core.problem = Some(error);
            });
            return session.publish();
        }
        sleep(session, CANCEL_WAIT).await;
        let waiting = |session: Session| {
            session.read(|core| core.canceling && core.query_id() == Some(id.as_str()))
        };
        if !session.gone() && session.state.get_untracked().is_live() && waiting(session) {
            session.stop_reading();
        }
    });
}

/// One reading of a stream; belongs to the session as long as nothing newer was asked for.
struct Reading {
    stream: ByteStream,
    abort: Rc<Abort>,
    /// The query was asked for by this session and nobody knows its id yet: whoever reads it last
    /// has to end it.
    unnamed: bool,
    /// Its connection.
    seat: Option<Seat>,
}

impl Reading {
    fn of_own_query(self) -> Self {
        Self {
            unnamed: true,
            ..self
        }
    }
}

async fn open(
    session: Session,
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Rc<Abort>,
) -> Result<Reading, ApiError> {
    // The page may be left before this task has its first turn.
    if session.gone() {
        return Err(ApiError::Cancelled);
    }
    session.with(|inner| inner.abort.replace(Some(abort.clone())));
    let stream = http::open(endpoint, request, &abort).await?;
    Ok(Reading {
        stream,
        abort,
        unnamed: false,
        seat: None,
    })
}

async fn read_on(session: Session, endpoint: Endpoint, opened: Result<Reading, ApiError>) {
    let mut opened = opened;
    let mut attempt = 0;
    loop {
        let before = session_end(session);
        read(session, &endpoint, opened).await;
        if session.gone() || session.state.get_untracked() != State::Disconnected {
            return;
        }
        // Rows came in between: the next break begins with short waits again.
        if session_end(session) > before {
            attempt = 0;
        }
        match attach_again(session, &endpoint, &mut attempt).await {
            Some(again) => opened = again,
            None => return,
        }
    }
}

fn session_end(session: Session) -> u64 {
    if session.gone() {
        0
    } else {
        session.read(|core| core.rows.end())
    }
}

/// Reads to the end, or to where a newer reading takes over.
async fn read(session: Session, endpoint: &Endpoint, opened: Result<Reading, ApiError>) {
    let ended = match opened {
        Ok(reading) => read_stream(session, endpoint, reading).await,
        Err(ApiError::Cancelled) => return,
        Err(error) => Err(error),
    };
    if session.gone() {
        return;
    }
    if let Ok(Ended::Body) = ended
        && let Some(id) = session.read(Core::asks_after)
    {
        let told = http::send(endpoint, query::get(&id)).await;
        let told = told.and_then(|body| weir_api::json_response(&body));
        if session.gone() || session.read(Core::asks_after) != Some(id) {
            return;
        }
        let now = Date::now();
        session.with(|inner| inner.core.borrow_mut().told_after(told, now));
        return session.publish();
    }
    let now = Date::now();
    session.with(|inner| {
        let mut core = inner.core.borrow_mut();
        match ended {
            Ok(Ended::Replaced) => {}
            Ok(Ended::NoResult(notices)) => {
                core.notices = notices;
                core.over(State::Finished, now);
            }
            Ok(Ended::Body) => core.ended(now),
            Err(error) => core.stopped(error, now),
        }
    });
    session.publish();
}

enum Ended {
    Body,
    /// A statement without rows, and what of it changes nothing.
    NoResult(Vec<String>),
    Replaced,
}

async fn read_stream(
    session: Session,
    endpoint: &Endpoint,
    reading: Reading,
) -> Result<Ended, ApiError> {
    let Reading {
        mut stream,
        abort,
        mut unnamed,
        seat: _seat,
    } = reading;
    let replaced = || !is_current(session, &abort);
    if stream.status() == 204 {
        return Ok(if replaced() {
            Ended::Replaced
        } else {
            Ended::NoResult(stream.notices().to_vec())
        });
    }
    let mut silence = Silence::new(abort.clone());
    let mut turns = Turns::new().map_err(|_| ApiError::Cancelled)?;
    loop {
        let piece = silence
            .next(&mut stream, || session.read(Core::has_pulse))
            .await;
        if replaced() {
            if unnamed && let Ok(Some(first)) = piece {
                orphan::end(endpoint, &mut stream, first).await;
            }
            return Ok(Ended::Replaced);
        }
        let Some(bytes) = piece? else {
            return Ok(Ended::Body);
        };
        let changed = session.with(|inner| {
            let mut core = inner.core.borrow_mut();
            let before = (core.state, core.header, core.problem.is_some());
            core.bytes(&bytes, Date::now());
            unnamed &= core.query_id().is_none();
            before != (core.state, core.header, core.problem.is_some())
        });
        if changed {
            session.publish();
        } else {
            session.ask_frame();
        }
        turns.give().await;
    }
}

/// Waits and attaches behind the last event seen, with longer waits after each failure. `None`:
/// the server cannot, or the person did something else.
async fn attach_again(
    session: Session,
    endpoint: &Endpoint,
    attempt: &mut u32,
) -> Option<Result<Reading, ApiError>> {
    loop {
        let point = session.read(|core| {
            let (id, last) = core.resume_point()?;
            Some((query::attach(id), last.to_string(), core.retry()))
        });
        let Some((mut request, last, asked_wait)) = point else {
            session.offer.set(Some(Offer::RunAgain));
            return None;
        };
        request.headers.push(("Last-Event-ID".into(), last));
        let wait =
            asked_wait.map_or(FIRST_WAIT, |ms| ms as f64) * f64::from(1 << (*attempt).min(5));
        let wait = wait.min(LONGEST_WAIT);
        let retry = Retry {
            attempt: *attempt,
            at: Date::now() + wait,
        };
        session.offer.set(Some(Offer::Attach(retry)));
        *attempt += 1;
        sleep(session, wait).await;
        if session.gone() || session.state.get_untracked() != State::Disconnected {
            return None;
        }
        let abort = Rc::new(Abort::new().ok()?);
        match open_seated(session, endpoint, request, abort, true).await {
            Ok(reading) => {
                session.with(|inner| inner.core.borrow_mut().reattach());
                session.offer.set(None);
                return Some(Ok(reading));
            }
            Err(ApiError::Cancelled) => return None,
            Err(ApiError::Status(error)) if error.status < 500 => {
                session.offer.set(Some(Offer::RunAgain));
                return None;
            }
            Err(_) => {}
        }
    }
}

/// Waits `ms`, or until [`Session::attach_now`].
async fn sleep(session: Session, ms: f64) {
    let promise = Promise::new(&mut |resolve, _| {
        let early = resolve.clone();
        if !session.gone() {
            session.with(|inner| {
                inner.wake.replace(Some(Box::new(move || {
                    let _ = early.call0(&wasm_bindgen::JsValue::UNDEFINED);
                })))
            });
        }
        set_timeout(
            move || {
                let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
            },
            std::time::Duration::from_millis(ms as u64),
        );
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

fn listen(session: Session, endpoint: &Endpoint, id: &str, seat: Seat) {
    let url = endpoint.url(&query::attach(id));
    let on_event = move |kind: &str, data: &str, id: &str| {
        if session.gone() {
            return;
        }
        let event = Event {
            event: kind,
            data: data.as_bytes(),
            id: (!id.is_empty()).then_some(id),
            retry: None,
        };
        let over = session.with(|inner| {
            let mut core = inner.core.borrow_mut();
            core.event(event, Date::now());
            !core.state.is_live()
        });
        if over {
            session.with(|inner| drop(inner.events.take()));
        }
        session.publish();
    };
    let again = endpoint.clone();
    let on_error = move || {
        if session.gone() {
            return;
        }
        let now = Date::now();
        let broken = session.with(|inner| {
            let events = inner.events.borrow();
            let given_up = events.as_ref().is_none_or(|(events, _)| events.closed());
            let mut core = inner.core.borrow_mut();
            if core.state == State::Running {
                core.stopped(ApiError::Network(String::new()), now);
            } else if given_up && core.state == State::Connecting {
                core.failed(gone_error(), now);
            }
            core.state == State::Disconnected
        });
        if broken {
            // The browser would try again too, but tells nobody when.
            session.with(|inner| drop(inner.events.take()));
            take_up(session, again.clone());
        }
        session.publish();
    };
    match Events::open(
        &url,
        &["query", "metric", "metrics", "gap"],
        Rc::new(on_event),
        on_error,
    ) {
        Ok(events) => session.with(|inner| drop(inner.events.replace(Some((events, seat))))),
        Err(error) => {
            session.with(|inner| inner.core.borrow_mut().failed(error, Date::now()));
            session.publish();
        }
    }
}

fn take_up(session: Session, endpoint: Endpoint) {
    leptos::task::spawn_local(async move {
        if session.gone() {
            return;
        }
        if let Some(again) = attach_again(session, &endpoint, &mut 0).await {
            read_on(session, endpoint, again).await;
        }
    });
}

fn gone_error() -> ApiError {
    ApiError::with_status(
        404,
        "The server offers no live results of this query: it has ended, or the server cannot attach to running queries.",
    )
}
