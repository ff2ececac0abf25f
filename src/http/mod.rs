//! The only place that talks to the network.

mod again;
mod call;
mod endpoint;
mod events;
mod late;
mod leaving;
mod observer;
mod stream;
mod vendor;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::{Request, Response};
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use weir_api::{ApiError, ApiRequest, System};

pub use self::{
    endpoint::Endpoint,
    events::{Events, OnEvent},
    leaving::send_when_leaving,
    observer::{SentChange, observe, observe_changes, observe_late, observe_pauses, when_answered},
    stream::{ByteStream, open},
};

use self::{
    again::start,
    call::checked,
    late::Waited,
    observer::{report, tell_change},
};
use crate::paths;

/// Waits.
pub async fn pause(duration: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            },
            duration,
        );
    });
    let _ = JsFuture::from(promise).await;
}

/// Ends what it stands for when dropped or asked to.
pub struct Abort {
    controller: AbortController,
    aborted: Rc<Cell<bool>>,
}

impl Abort {
    pub fn new() -> Result<Self, ApiError> {
        Ok(Self {
            controller: AbortController::new().map_err(network)?,
            aborted: Rc::default(),
        })
    }

    pub fn abort(&self) {
        self.aborted.set(true);
        self.controller.abort();
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Sends a call and returns the body of an answer in 200–299.
pub async fn send(endpoint: &Endpoint, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
    let change = SentChange::of(endpoint, &request).await;
    let outcome = match start(endpoint, request, None).await {
        Ok(response) => whole(endpoint, response).await,
        Err(error) => Err(error),
    };
    let outcome = match outcome {
        Ok(body) => accepted(endpoint, body).await,
        Err(error) => Err(error),
    };
    report(endpoint, &outcome);
    if let Some(change) = change {
        tell_change(endpoint, &change, &outcome);
    }
    outcome
}

/// Like [`send`], with a header of the answer. Another origin has to expose it.
pub async fn send_for_header(
    endpoint: &Endpoint,
    request: ApiRequest,
    header: &str,
) -> Result<(Option<String>, Vec<u8>), ApiError> {
    let outcome = start(endpoint, request, None).await;
    report(endpoint, &outcome);
    let response = outcome?;
    let value = response.headers().get(header);
    Ok((value, whole(endpoint, response).await?))
}

async fn whole(endpoint: &Endpoint, response: Response) -> Result<Vec<u8>, ApiError> {
    let _waited = Waited::begin(endpoint);
    response.binary().await.map_err(failed)
}

/// Some systems refuse with status 200.
pub async fn accepted(endpoint: &Endpoint, body: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    match endpoint.system {
        System::Timeplus | System::Azion => Ok(body),
        system => vendor::ACCEPT.get((system, body)).await?,
    }
}

/// Whether anything answers at `url` at all, even where it refuses calls from this page.
pub async fn answers(url: &str) -> bool {
    let request = Request::get(url).mode(web_sys::RequestMode::NoCors);
    request.send().await.is_ok()
}

/// A file of the console itself, for example `config.json`.
pub async fn asset(name: &str) -> Result<Vec<u8>, ApiError> {
    let response = Request::get(&paths::file(name))
        .send()
        .await
        .map_err(failed)?;
    let checked = checked(response, System::Timeplus).await;
    let response = checked.map_err(|refused| refused.error)?;
    response.binary().await.map_err(failed)
}

fn failed(error: gloo_net::Error) -> ApiError {
    ApiError::Network(error.to_string())
}

fn network(error: JsValue) -> ApiError {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    ApiError::Network(message.unwrap_or_else(|| "the browser reported no reason".into()))
}
