//! Browsers keep six connections of HTTP/1.1 to a server, for all their pages together. Queries
//! that never end take at most four of them, so that pages still load; more wait for a seat.

use std::{cell::Cell, rc::Rc, time::Duration};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::session::Session;
use crate::http::Endpoint;

/// Connections that streams may have at once.
pub const SEATS: u32 = 4;

/// A shorter wait is not told.
const UNTOLD: Duration = Duration::from_millis(300);

#[wasm_bindgen(module = "/src/js/seats.js")]
extern "C" {
    fn take(name: &str, count: u32, granted: &Function) -> Option<Function>;
}

/// Given back when dropped.
pub struct Seat(Option<Function>);

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Newer protocols carry any number of streams over one connection.
pub fn is_multiplexed(base: &str) -> bool {
    let entries = window()
        .performance()
        .map(|performance| performance.get_entries_by_type("resource"));
    entries.is_some_and(|entries| {
        entries.iter().rev().any(|entry| {
            let read = |key: &str| {
                let value = Reflect::get(&entry, &JsValue::from_str(key)).ok();
                value
                    .and_then(|value| value.as_string())
                    .unwrap_or_default()
            };
            let protocol = read("nextHopProtocol");
            read("name").starts_with(base) && (protocol == "h2" || protocol == "h3")
        })
    })
}

/// Waits for a seat, or until the session reads something else; the caller looks which.
pub(super) async fn wait(session: Session, endpoint: &Endpoint) -> Seat {
    if is_multiplexed(&endpoint.base) {
        return Seat(None);
    }
    let origin = web_sys::Url::new_with_base(
        &endpoint.base,
        &window().location().origin().unwrap_or_default(),
    );
    let name = format!(
        "weir stream {}",
        origin.map_or_else(|_| String::new(), |url| url.origin())
    );
    let seated = Rc::new(Cell::new(false));
    let mut release = None;
    let told = seated.clone();
    let promise = Promise::new(&mut |resolve, _| {
        let (wake, seated) = (resolve.clone(), seated.clone());
        let granted = Closure::once_into_js(move || {
            seated.set(true);
            let _ = wake.call0(&JsValue::UNDEFINED);
        });
        release = take(&name, SEATS, granted.unchecked_ref());
        if release.is_none() {
            told.set(true);
            let _ = resolve.call0(&JsValue::UNDEFINED);
        } else if !session.gone() {
            session.with(|inner| inner.leave_queue.replace(Some(resolve.clone())));
        }
    });
    let seat = Seat(release);
    let waits = told.clone();
    set_timeout(
        move || {
            if !waits.get() && !session.gone() {
                session.waiting.set(true);
            }
        },
        UNTOLD,
    );
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
    told.set(true);
    session.waiting.try_set(false);
    seat
}
