//! The only place that talks to the network.

mod endpoint;
mod events;
mod late;
mod leaving;
mod observer;
mod stream;
mod vendor;

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use gloo_net::http::{Headers, Request, RequestBuilder, Response};
use js_sys::Uint8Array;
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use weir_api::{
    ApiError, ApiRequest, Method, StatusError, System, auth::Credential, lenient,
    request::has_dot_segment, timeplus,
};

pub use self::{
    endpoint::Endpoint,
    events::{Events, OnEvent},
    leaving::send_when_leaving,
    observer::{SentChange, observe, observe_changes, observe_late, observe_pauses, when_answered},
    stream::{ByteStream, open},
};

use self::{
    late::Waited,
    observer::{report, tell_change, tell_pause},
};
use crate::paths;

/// Seconds before a call that was refused for coming too often is sent again.
const PAUSES: [u32; 5] = [1, 2, 4, 8, 16];

/// A server that wants a longer pause than this is not waited for.
const LONGEST_PAUSE: u32 = 120;

/// How long an answer may take to begin: the other side may have gone without a word, and no browser
/// notices that soon. A statement is waited for as long as it takes.
const READ_BEGINS: Duration = Duration::from_secs(40);
/// A query that is taken up again answers at once, unless the connection has died meanwhile.
const ATTACH_BEGINS: Duration = Duration::from_secs(15);
const CHANGE_BEGINS: Duration = Duration::from_secs(120);

/// Why there is no answer, and the seconds after which the server wants to be asked again.
struct Refused {
    error: ApiError,
    again: Option<u32>,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self { error, again: None }
    }
}

/// How long to wait before the call is sent again, where it can be: it was refused before it did
/// anything, or it only reads and the server says when it will be back.
fn pause_after(refused: &Refused, throttled: bool, reads: bool, usual: u32) -> Option<u32> {
    let back = refused.error.status() == Some(503) && refused.again.is_some() && reads;
    let seconds = refused.again.unwrap_or(usual).max(1);
    ((throttled || back) && seconds <= LONGEST_PAUSE).then_some(seconds)
}

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

/// A call that comes too often is sent again after a pause, each time a longer one: it was refused
/// before it did anything.
async fn start(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    let reads = request.method == Method::Get;
    for usual in PAUSES {
        let refused = match once(endpoint, request.clone(), abort).await {
            Ok(response) => return Ok(response),
            Err(refused) => refused,
        };
        let throttled = endpoint.system.is_throttled(&refused.error);
        let Some(seconds) = pause_after(&refused, throttled, reads, usual) else {
            return Err(refused.error);
        };
        tell_pause(endpoint, Some(seconds));
        pause(Duration::from_secs(seconds.into())).await;
        tell_pause(endpoint, None);
        if abort.is_some_and(|abort| abort.aborted.get()) {
            return Err(ApiError::Cancelled);
        }
    }
    let last = once(endpoint, request, abort).await;
    last.map_err(|refused| refused.error)
}

async fn once(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, Refused> {
    if has_dot_segment(&request.path) {
        // A browser would call another operation instead.
        let words = "A name that is “.” or “..” cannot be part of an address.";
        return Err(ApiError::Status(StatusError {
            status: 400,
            code: None,
            message: words.into(),
            request_id: None,
            fields: Vec::new(),
        })
        .into());
    }
    if endpoint.look_only {
        let may_change = vendor::MAY_CHANGE.get(()).await.map_err(ApiError::from)?;
        if may_change(endpoint.system, &request) {
            let words = "This connection is read-only: edit the connection to change the system.";
            return Err(ApiError::with_status(403, words).into());
        }
    }
    let request = endpoint.complete(request).await?;
    let url = endpoint.url(&request);
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let takes_up = request
        .headers
        .iter()
        .any(|(name, _)| *name == "Last-Event-ID");
    let longest = match (request.method, abort) {
        (Method::Get, _) if takes_up => Some(ATTACH_BEGINS),
        (Method::Get, _) => Some(READ_BEGINS),
        (_, None) => Some(CHANGE_BEGINS),
        // What is read as it arrives is a statement's.
        (_, Some(_)) => None,
    };
    let controller = match abort {
        Some(abort) => abort.controller.clone(),
        None => AbortController::new().map_err(network)?,
    };
    let builder = RequestBuilder::new(&url)
        .method(method(request.method))
        .headers(headers)
        .abort_signal(Some(&controller.signal()));
    // A header of ours would follow to wherever a server leads.
    let builder = match endpoint.credential {
        Credential::None => builder,
        _ => builder.redirect(web_sys::RequestRedirect::Error),
    };
    let ready = match request.body {
        Some(body) => builder
            .header("Content-Type", &body.content_type)
            .body(Uint8Array::from(body.bytes.as_slice())),
        None => builder.build(),
    };
    let sent = {
        // A statement says so itself.
        let _waited = longest.map(|_| Waited::begin(endpoint));
        begun(ready.map_err(failed)?.send(), longest, &controller).await
    };
    if abort.is_some_and(|abort| abort.aborted.get()) {
        return Err(ApiError::Cancelled.into());
    }
    let response = checked(sent?, endpoint.system).await?;
    let kind = response.headers().get("Content-Type");
    match kind.is_some_and(|kind| kind.starts_with("text/html")) {
        // Also where the body is of no interest: nothing was done.
        true => Err(lenient::web_page().into()),
        false => Ok(response),
    }
}

/// The answer's head, at the latest after `longest`.
async fn begun(
    sent: impl Future<Output = Result<Response, gloo_net::Error>>,
    longest: Option<Duration>,
    controller: &AbortController,
) -> Result<Response, ApiError> {
    let Some(longest) = longest else {
        return sent.await.map_err(failed);
    };
    match select(pin!(sent), pin!(pause(longest))).await {
        Either::Left((sent, _)) => sent.map_err(failed),
        Either::Right(_) => {
            controller.abort();
            let words = format!("no answer within {} s", longest.as_secs());
            Err(ApiError::Network(words))
        }
    }
}

async fn checked(response: Response, system: System) -> Result<Response, Refused> {
    if response.ok() {
        return Ok(response);
    }
    let request_id = response.headers().get("X-Request-Id");
    let again = response.headers().get("Retry-After");
    let body = response.binary().await.unwrap_or_default();
    let status = response.status();
    let error = match system {
        System::Timeplus => timeplus::error(status, request_id, &body),
        system => {
            let refusal = vendor::Refusal {
                system,
                status,
                request_id,
                body,
            };
            let read = vendor::ERROR.get(refusal).await;
            read.unwrap_or_else(|_| ApiError::with_status(status, ""))
        }
    };
    Err(Refused {
        error,
        again: again.and_then(|seconds| seconds.trim().parse().ok()),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_when_it_wants_to_be_asked_again() {
        let refused = |status, again| Refused {
            error: ApiError::with_status(status, ""),
            again,
        };
        for (status, again, reads, pause) in [
            (429, None, false, Some(4)),
            (429, Some(7), false, Some(7)),
            (429, Some(0), false, Some(1)),
            (429, Some(3600), false, None),
            (503, Some(3), true, Some(3)),
            (503, Some(3), false, None),
            (503, None, true, None),
            (500, Some(3), true, None),
        ] {
            let throttled = status == 429;
            let found = pause_after(&refused(status, again), throttled, reads, 4);
            assert_eq!(found, pause, "{status} {again:?} {reads}");
        }
    }
}
