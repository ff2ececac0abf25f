//! One call, sent once.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use gloo_net::http::{self, Headers, RequestBuilder, Response};
use js_sys::Uint8Array;
use web_sys::AbortController;
use weir_api::{
    ApiError, ApiRequest, Method, System, auth::Credential, lenient, request::has_dot_segment,
    timeplus,
};

use super::{Abort, Endpoint, failed, late::Waited, network, pause, vendor};

/// How long an answer may take to begin: the other side may have gone without a word, and no browser
/// notices that soon. A statement is waited for as long as it takes.
const READ_BEGINS: Duration = Duration::from_secs(40);
/// A query that is taken up again answers at once, unless the connection has died meanwhile.
const ATTACH_BEGINS: Duration = Duration::from_secs(15);
const CHANGE_BEGINS: Duration = Duration::from_secs(120);

/// Why there is no answer, and the seconds after which the server wants to be asked again.
pub(super) struct Refused {
    pub(super) error: ApiError,
    pub(super) again: Option<u32>,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self { error, again: None }
    }
}

pub(super) async fn once(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, Refused> {
    allowed(endpoint, &request).await?;
    let request = endpoint.complete(request).await?;
    let url = endpoint.url(&request);
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let longest = longest(&request, abort.is_some());
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

/// What is refused here, before anybody is asked.
async fn allowed(endpoint: &Endpoint, request: &ApiRequest) -> Result<(), ApiError> {
    if has_dot_segment(&request.path) {
        // A browser would call another operation instead.
        let words = "The name “.” or “..” cannot be used in a URL.";
        return Err(ApiError::with_status(400, words));
    }
    // Sessions and the password are one's own: they change nothing of the system.
    if endpoint.look_only && !is_own(&request.path) {
        let may_change = vendor::MAY_CHANGE.get(()).await?;
        if may_change(endpoint.system, request) {
            let words = "This connection is read-only: edit the connection to change the system.";
            return Err(ApiError::with_status(403, words));
        }
    }
    Ok(())
}

fn is_own(path: &str) -> bool {
    let of_others = ["/sessions/everybody", "/sessions/users"];
    (path.starts_with("/session/") || path == "/sessions" || path.starts_with("/sessions/"))
        && !of_others.iter().any(|others| path.starts_with(others))
}

/// How long to wait for the answer to begin.
fn longest(request: &ApiRequest, streamed: bool) -> Option<Duration> {
    let takes_up = request
        .headers
        .iter()
        .any(|(name, _)| *name == "Last-Event-ID");
    match (request.method, streamed) {
        (Method::Get, _) if takes_up => Some(ATTACH_BEGINS),
        (Method::Get, _) => Some(READ_BEGINS),
        (_, false) => Some(CHANGE_BEGINS),
        // What is read as it arrives is a statement's.
        (_, true) => None,
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
            let words = format!("no response within {} s", longest.as_secs());
            Err(ApiError::Network(words))
        }
    }
}

pub(super) async fn checked(response: Response, system: System) -> Result<Response, Refused> {
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

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sessions_and_the_password_of_oneself_change_nothing_of_a_system() {
        for own in ["/session/password", "/sessions", "/sessions/1"] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "/sessions/everybody/1",
            "/sessions/users/bob",
            "/v1beta2/users",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}
