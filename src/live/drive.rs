//! Begins, attaches and cancels queries for their session. A query is never run again by itself.

use std::rc::Rc;

use js_sys::Date;
use leptos::prelude::*;
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
    core::State,
    reading::{Reading, attach_again, is_current, open_seated, read_on, sleep},
    seat::{self, Seat},
    session::{Access, Session},
};
use crate::http::{self, Abort, Endpoint, Events};

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
                "Not run: opening a page runs only statements that read, and {why}. Open the \
                 statement in the SQL workspace to run it."
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
        "No live results for this query: it has ended, or the server cannot attach to running queries.",
    )
}
