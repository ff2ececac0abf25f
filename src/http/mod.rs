//! The only place that talks to the network.

mod endpoint;
mod events;
mod leaving;
mod observer;
mod stream;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::{Headers, Request, RequestBuilder, Response};
use js_sys::Uint8Array;
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use weir_api::{
    ApiError, ApiRequest, Method, StatusError, System, auth::Credential, request::has_dot_segment,
};

pub use self::{
    endpoint::Endpoint,
    events::{Events, OnEvent},
    leaving::send_when_leaving,
    observer::{SentChange, observe, observe_changes, observe_pauses},
    stream::{ByteStream, open},
};

use self::observer::{report, tell_change, tell_pause};
use crate::paths;

/// Seconds before a call that was refused for coming too often is sent again.
const PAUSES: [u32; 5] = [1, 2, 4, 8, 16];

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
    let change = SentChange::of(endpoint, &request);
    let outcome = match start(endpoint, request, None).await {
        Ok(response) => response.binary().await.map_err(failed),
        Err(error) => Err(error),
    };
    let outcome = outcome.and_then(|body| accepted(endpoint, body));
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
    Ok((value, response.binary().await.map_err(failed)?))
}

/// Some systems refuse with status 200.
pub fn accepted(endpoint: &Endpoint, body: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    match endpoint.system.refusal(&body) {
        Some(error) => Err(error),
        None => Ok(body),
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
    let response = checked(response, System::Timeplus).await?;
    response.binary().await.map_err(failed)
}

/// A call that comes too often is sent again after a pause, each time a longer one: it was refused
/// before it did anything.
async fn start(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    for seconds in PAUSES {
        match once(endpoint, request.clone(), abort).await {
            Err(error) if endpoint.system.is_throttled(&error) => {}
            outcome => return outcome,
        }
        tell_pause(endpoint, Some(seconds));
        pause(Duration::from_secs(seconds.into())).await;
        tell_pause(endpoint, None);
        if abort.is_some_and(|abort| abort.aborted.get()) {
            return Err(ApiError::Cancelled);
        }
    }
    once(endpoint, request, abort).await
}

async fn once(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    if has_dot_segment(&request.path) {
        // A browser would call another operation instead.
        let words = "A name that is “.” or “..” cannot be part of an address.";
        return Err(ApiError::Status(StatusError {
            status: 400,
            code: None,
            message: words.into(),
            request_id: None,
            fields: Vec::new(),
        }));
    }
    if endpoint.look_only && endpoint.system.may_change(&request) {
        let words = "This connection is read-only: edit the connection to change the system.";
        return Err(ApiError::with_status(403, words));
    }
    let request = endpoint.complete(request);
    let url = endpoint.url(&request);
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let signal = abort.map(|abort| abort.controller.signal());
    let builder = RequestBuilder::new(&url)
        .method(method(request.method))
        .headers(headers)
        .abort_signal(signal.as_ref());
    // A header of ours would follow to wherever a server leads.
    let builder = match endpoint.credential {
        Credential::None => builder,
        _ => builder.redirect(web_sys::RequestRedirect::Error),
    };
    let sent = match request.body {
        Some(body) => {
            builder
                .header("Content-Type", &body.content_type)
                .body(Uint8Array::from(body.bytes.as_slice()))
                .map_err(failed)?
                .send()
                .await
        }
        None => builder.send().await,
    };
    if abort.is_some_and(|abort| abort.aborted.get()) {
        return Err(ApiError::Cancelled);
    }
    checked(sent.map_err(failed)?, endpoint.system).await
}

async fn checked(response: Response, system: System) -> Result<Response, ApiError> {
    if response.ok() {
        return Ok(response);
    }
    let request_id = response.headers().get("X-Request-Id");
    let body = response.binary().await.unwrap_or_default();
    Err(system.error(response.status(), request_id, &body))
}

fn method(method: Method) -> http_method::Method {
    match method {
        Method::Get => http_method::Method::GET,
        Method::Post => http_method::Method::POST,
        Method::Put => http_method::Method::PUT,
        Method::Patch => http_method::Method::PATCH,
        Method::Delete => http_method::Method::DELETE,
    }
}

use gloo_net::http as http_method;

fn failed(error: gloo_net::Error) -> ApiError {
    ApiError::Network(error.to_string())
}

fn network(error: JsValue) -> ApiError {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    ApiError::Network(message.unwrap_or_else(|| "the browser gave no reason".into()))
}
