//! Reads a query's stream to its end and takes it up again behind a break.

use std::rc::Rc;

use js_sys::{Date, Promise};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use weir_api::{ApiError, ApiRequest, timeplus::query};

use super::{
    core::{Core, State},
    frame::Turns,
    orphan,
    seat::{self, Seat},
    session::{Offer, Retry, Session},
    silence::Silence,
};
use crate::http::{self, Abort, ByteStream, Endpoint};

/// Milliseconds before the first attempt to attach again, and at most.
const FIRST_WAIT: f64 = 1_000.0;
const LONGEST_WAIT: f64 = 30_000.0;

/// One reading of a stream; belongs to the session as long as nothing newer was asked for.
pub(super) struct Reading {
    stream: ByteStream,
    abort: Rc<Abort>,
    /// The query was asked for by this session and nobody knows its id yet: whoever reads it last
    /// has to end it.
    unnamed: bool,
    /// Its connection.
    seat: Option<Seat>,
}

impl Reading {
    pub(super) fn of_own_query(self) -> Self {
        Self {
            unnamed: true,
            ..self
        }
    }
}

/// Waits for a connection where it is for long.
pub(super) async fn open_seated(
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
pub(super) fn is_current(session: Session, abort: &Rc<Abort>) -> bool {
    !session.gone()
        && session.with(|inner| {
            let now = inner.abort.borrow();
            now.as_ref().is_some_and(|now| Rc::ptr_eq(now, abort))
        })
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

pub(super) async fn read_on(
    session: Session,
    endpoint: Endpoint,
    opened: Result<Reading, ApiError>,
) {
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
pub(super) async fn attach_again(
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
        // What the server answers to any other call is as good a time as the announced one.
        http::when_answered(endpoint, move || session.attach_now());
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
pub(super) async fn sleep(session: Session, ms: f64) {
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
