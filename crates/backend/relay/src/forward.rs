//! One call passed on.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Extension, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use weir_api::role::Role;

use super::{
    answer,
    body::read,
    headers,
    reads::{self, Outgoing},
    sign::{path, sign},
    upstream::{Upstream, origin},
};
use crate::{
    Services,
    audit::Change,
    auth::{Actor, Caller},
    error::HttpError,
    outbound,
};

/// How long an upstream may take until its answer begins.
const ANSWER: Duration = Duration::from_secs(60);

const PASSED_ON: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// Only for people signed in to this backend by their session: all other headers are the vendor's.
pub(super) async fn forward(
    State(app): State<Services>,
    Extension(caller): Extension<Caller>,
    params: RawPathParams,
    request: Request,
) -> Response {
    let Some(actor) = app.auth.by_session(request.headers()) else {
        let words = "the relay is for people signed in to the backend that runs it: sign in to its own connection first";
        return HttpError::new(StatusCode::UNAUTHORIZED, words).into_response();
    };
    caller.set(actor.clone());
    let open = match app.auth.connections.of(&actor) {
        Ok(open) => open,
        Err(failure) => return failure.into_response(),
    };
    let name = params.iter().find(|(param, _)| *param == "name");
    let name = name.map_or("", |(_, name)| name);
    let Some(upstream) = app.relay.upstreams.get(name) else {
        return unknown(name, &app.relay.names()).into_response();
    };
    let call = match prepare(&app, upstream, name, request).await {
        Ok(call) => call,
        // It was not looked at, so it may have been a change.
        Err(failure) => return change(name, &[]).on(failure.into_response()),
    };
    let response = match permitted(&actor, upstream, name, &call) {
        Ok(()) => send(&app, upstream, name, call.request).await,
        Err(failure) => Err(failure),
    };
    let response = open.over(response.unwrap_or_else(IntoResponse::into_response));
    match call.reads {
        true => Change::None.on(response),
        false => change(name, &call.actions).on(response),
    }
}

/// For the audit log.
fn change(name: &str, actions: &[String]) -> Change {
    let detail = match actions {
        [] => String::new(),
        actions => format!("?Action={}", actions.join(",")),
    };
    Change::made("relay", "upstream", name).with_detail(detail)
}

fn unknown(name: &str, names: &str) -> HttpError {
    let known = match names {
        "" => "there is none".to_string(),
        names => format!("there are: {names}"),
    };
    let words = format!("weir.toml has no [relay.{name}]; {known}");
    HttpError::new(StatusCode::NOT_FOUND, words)
}

/// A call that is ready to be sent, and what it will do.
struct Call {
    request: Request,
    reads: bool,
    /// The operations that it names.
    actions: Vec<String>,
}

/// A reader only reads.
fn permitted(actor: &Actor, upstream: &Upstream, name: &str, call: &Call) -> Result<(), HttpError> {
    if actor.role == Role::Admin || call.reads {
        return Ok(());
    }
    let why = match upstream.system {
        Some(_) => "passing on a change needs role admin".into(),
        None => format!(
            "relay.{name}.system in weir.toml does not say which operations of this upstream only \
             read, so that passing on a call needs role admin"
        ),
    };
    Err(actor.refusal(&why))
}

async fn prepare(
    app: &Services,
    upstream: &Upstream,
    name: &str,
    request: Request,
) -> Result<Call, HttpError> {
    let (head, body) = request.into_parts();
    if !PASSED_ON.contains(&head.method) {
        let words = format!("{} cannot be passed on", head.method);
        return Err(HttpError::new(StatusCode::METHOD_NOT_ALLOWED, words));
    }
    // A page, a script or an image of the upstream has no business in this origin.
    let wanted = head.headers.get("sec-fetch-dest");
    if wanted.is_some_and(|wanted| wanted != "empty") {
        let words = "answers of an upstream are data: they are not shown as a page";
        return Err(HttpError::new(StatusCode::FORBIDDEN, words));
    }
    // Without the name; what follows goes on as it came, with its encoding.
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let target = target.strip_prefix(&format!("/{name}"));
    let target = target.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let target = target.filter(|rest| reads::stays_inside(path(rest)));
    let target = target.ok_or_else(|| {
        HttpError::bad_request("the path leads out of the upstream's, or is not written plainly")
    })?;
    let mut onward = headers::onward(&head.headers);
    // Without either of them there is none, whatever layers are around it.
    let bodiless = !head.headers.contains_key(header::CONTENT_LENGTH)
        && !head.headers.contains_key(header::TRANSFER_ENCODING);
    let body = if bodiless { Body::empty() } else { body };
    let (target, content) = match upstream.holds_credential() {
        true => sign(upstream, &head.method, target, &mut onward, body).await?,
        false => (target.to_string(), read(upstream, body).await?),
    };
    for (name, value) in &upstream.headers {
        onward.insert(name, value.clone());
    }
    let url = format!("{}{target}", upstream.base);
    let url: Uri = url.parse().map_err(|error| {
        HttpError::bad_request(format!("the path cannot be passed on: {error}"))
    })?;
    // Nothing in a path can change the host, and yet it is looked at once more.
    if origin(&url) != upstream.origin {
        return Err(HttpError::bad_request("the path leads to another host"));
    }
    let outgoing = Outgoing {
        system: upstream.system,
        method: &head.method,
        below: path_of(&upstream.base),
        url: &url,
        headers: &onward,
        content: content.known(),
    };
    let (reads, actions) = (outgoing.reads(&app.relay.reading), outgoing.actions());
    let mut request = Request::new(content.into_body());
    *request.method_mut() = head.method;
    *request.uri_mut() = url;
    *request.headers_mut() = onward;
    Ok(Call {
        request,
        reads,
        actions,
    })
}

async fn send(
    app: &Services,
    upstream: &Upstream,
    name: &str,
    request: Request,
) -> Result<Response, HttpError> {
    let answer = tokio::time::timeout(ANSWER, app.relay.client.request(request)).await;
    let answer = answer.map_err(|_| {
        let words = format!(
            "{} did not answer within {}",
            upstream.origin,
            outbound::words(ANSWER)
        );
        HttpError::new(StatusCode::GATEWAY_TIMEOUT, words)
    })?;
    let answer = answer.map_err(|error| unreachable(&upstream.origin, &error))?;
    let (head, body) = answer.into_parts();
    let mut back = headers::back(&head.headers);
    if head.status.is_redirection() {
        redirect(upstream, &format!("/relay/{name}"), &mut back)?;
    }
    let mut response = Response::new(answer::bounded(body, &head.headers));
    *response.status_mut() = head.status;
    *response.headers_mut() = back;
    Ok(response)
}

fn unreachable(origin: &str, error: &dyn std::error::Error) -> HttpError {
    let words = format!("{origin} cannot be reached: {}", outbound::chain(error));
    HttpError::new(StatusCode::BAD_GATEWAY, words)
}

/// A browser follows redirects by itself: within the upstream through the relay, elsewhere not at
/// all.
fn redirect(upstream: &Upstream, prefix: &str, back: &mut HeaderMap) -> Result<(), HttpError> {
    let Some(to) = back.get(header::LOCATION) else {
        return Ok(());
    };
    let to = to.to_str().unwrap_or_default();
    let inside = to.strip_prefix(&upstream.base).or(
        // A path of the upstream's host.
        to.strip_prefix(path_of(&upstream.base))
            .filter(|_| to.starts_with('/') && !to.starts_with("//")),
    );
    let inside = inside.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let value = inside.and_then(|rest| HeaderValue::try_from(format!("{prefix}{rest}")).ok());
    match value {
        Some(value) => {
            back.insert(header::LOCATION, value);
            Ok(())
        }
        None => {
            let words = format!(
                "{} leads elsewhere, and the relay does not follow",
                upstream.origin
            );
            Err(HttpError::new(StatusCode::BAD_GATEWAY, words))
        }
    }
}

/// The path of a base URL, without a slash at the end.
fn path_of(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.find('/').map_or("", |slash| &rest[slash..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream() -> Upstream {
        let settings = toml::from_str("upstream = 'https://a.example/v3'").expect("settings");
        Upstream::new("a", &settings).expect("upstream")
    }

    fn led(to: &str) -> Option<String> {
        let mut back = HeaderMap::new();
        back.insert(header::LOCATION, to.parse().expect("value"));
        redirect(&upstream(), "/relay/a", &mut back).ok()?;
        let to = back.get(header::LOCATION)?.to_str().ok()?;
        Some(to.to_string())
    }

    #[test]
    fn redirects_stay_within_the_upstream() {
        assert_eq!(
            led("https://a.example/v3/x?y=1").as_deref(),
            Some("/relay/a/x?y=1")
        );
        assert_eq!(led("/v3/x").as_deref(), Some("/relay/a/x"));
        for elsewhere in [
            "https://b.example/v3/x",
            "//b.example/v3",
            "/other",
            "https://a.example/v33",
            "x",
        ] {
            assert_eq!(led(elsewhere), None, "{elsewhere}");
        }
    }
}
