//! One call passed on.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Extension, RawPathParams, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use weir_api::{ApiRequest, Method as ApiMethod, Moment, System, auth::Credential, role::Role};

use super::{
    answer, headers,
    reads::{self, Content, Outgoing},
    upstream::{Upstream, origin},
};
use crate::{
    Services, audit::Change, auth::Actor, auth::Caller, clock, error::Failure, extract::BODY_LIMIT,
    outbound, random,
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
        return Failure::new(StatusCode::UNAUTHORIZED, words).into_response();
    };
    caller.set(actor.clone());
    let name = params.iter().find(|(param, _)| *param == "name");
    let name = name.map_or("", |(_, name)| name);
    let Some(upstream) = app.relay.upstreams.get(name) else {
        return unknown(name, &app.relay.names()).into_response();
    };
    let call = match prepare(upstream, name, request).await {
        Ok(call) => call,
        // It was not looked at, so it may have been a change.
        Err(failure) => return change(name, &[]).on(failure.into_response()),
    };
    let response = match permitted(&actor, &call) {
        Ok(()) => send(&app, upstream, name, call.request).await,
        Err(failure) => Err(failure),
    };
    let response = response.unwrap_or_else(IntoResponse::into_response);
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

fn unknown(name: &str, names: &str) -> Failure {
    let known = match names {
        "" => "there is none".to_string(),
        names => format!("there are: {names}"),
    };
    let words = format!("weir.toml has no [relay.{name}]; {known}");
    Failure::new(StatusCode::NOT_FOUND, words)
}

/// A call that is ready to be sent, and what it will do.
struct Call {
    request: Request,
    reads: bool,
    /// The operations that it names.
    actions: Vec<String>,
}

/// A reader only reads.
fn permitted(actor: &Actor, call: &Call) -> Result<(), Failure> {
    if actor.role == Role::Admin || call.reads {
        return Ok(());
    }
    Err(actor.refusal("passing on a change needs role admin"))
}

async fn prepare(upstream: &Upstream, name: &str, request: Request) -> Result<Call, Failure> {
    let (head, body) = request.into_parts();
    if !PASSED_ON.contains(&head.method) {
        let words = format!("{} cannot be passed on", head.method);
        return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, words));
    }
    // A page, a script or an image of the upstream has no business in this origin.
    let wanted = head.headers.get("sec-fetch-dest");
    if wanted.is_some_and(|wanted| wanted != "empty") {
        let words = "answers of an upstream are data: they are not shown as a page";
        return Err(Failure::new(StatusCode::FORBIDDEN, words));
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
        Failure::bad_request("the path leads out of the upstream's, or is not written plainly")
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
    let url: Uri = url
        .parse()
        .map_err(|error| Failure::bad_request(format!("the path cannot be passed on: {error}")))?;
    // Nothing in a path can change the host, and yet it is looked at once more.
    if origin(&url) != upstream.origin {
        return Err(Failure::bad_request("the path leads to another host"));
    }
    let outgoing = Outgoing {
        system: upstream.system,
        method: &head.method,
        below: path_of(&upstream.base),
        url: &url,
        headers: &onward,
        content: content.known(),
    };
    let (reads, actions) = (outgoing.reads(), outgoing.actions());
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

/// The body of a call.
enum Sent {
    Whole(Bytes),
    Streamed(Body),
}

impl Sent {
    fn known(&self) -> Content<'_> {
        match self {
            Self::Whole(bytes) if bytes.is_empty() => Content::Nothing,
            Self::Whole(bytes) => Content::Whole(bytes),
            Self::Streamed(_) => Content::Unread,
        }
    }

    fn into_body(self) -> Body {
        match self {
            Self::Whole(bytes) => Body::from(bytes),
            Self::Streamed(body) => Body::new(Limited::new(body, BODY_LIMIT)),
        }
    }
}

/// Whether a call only reads may stand in its body, which is then read first.
async fn read(upstream: &Upstream, body: Body) -> Result<Sent, Failure> {
    let telling = !matches!(upstream.system, None | Some(System::Azion));
    match telling || body.is_end_stream() {
        true => whole(body).await.map(Sent::Whole),
        false => Ok(Sent::Streamed(body)),
    }
}

async fn whole(body: Body) -> Result<Bytes, Failure> {
    let whole = Limited::new(body, BODY_LIMIT).collect().await;
    let whole = whole.map_err(|error| Failure::bad_request(error.to_string()))?;
    Ok(whole.to_bytes())
}

async fn send(
    app: &Services,
    upstream: &Upstream,
    name: &str,
    request: Request,
) -> Result<Response, Failure> {
    let answer = tokio::time::timeout(ANSWER, app.relay.client.request(request)).await;
    let answer = answer.map_err(|_| {
        let words = format!(
            "{} did not answer within {}",
            upstream.origin,
            outbound::words(ANSWER)
        );
        Failure::new(StatusCode::GATEWAY_TIMEOUT, words)
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

fn unreachable(origin: &str, error: &dyn std::error::Error) -> Failure {
    let words = format!("{origin} cannot be reached: {}", outbound::chain(error));
    Failure::new(StatusCode::BAD_GATEWAY, words)
}

/// A browser follows redirects by itself: within the upstream through the relay, elsewhere not at
/// all.
fn redirect(upstream: &Upstream, prefix: &str, back: &mut HeaderMap) -> Result<(), Failure> {
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
            Err(Failure::new(StatusCode::BAD_GATEWAY, words))
        }
    }
}

/// The path of a base URL, without a slash at the end.
fn path_of(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.find('/').map_or("", |slash| &rest[slash..])
}

/// With what the relay holds instead of what the browser sent; signatures cover the body.
async fn sign(
    upstream: &Upstream,
    method: &Method,
    target: &str,
    headers: &mut HeaderMap,
    body: Body,
) -> Result<(String, Sent), Failure> {
    for given in [
        "authorization",
        "x-api-key",
        "x-auth-token",
        "x-security-token",
        "x-acs-action",
    ] {
        headers.remove(given);
    }
    let needs_body = matches!(
        upstream.credential,
        Credential::HuaweiKeys { .. } | Credential::AlibabaKeys { .. }
    );
    let content = match needs_body {
        true => Sent::Whole(whole(body).await?),
        false => read(upstream, body).await?,
    };
    let mut request = ApiRequest::new(api_method(method)?, path(target));
    request.query = query(target)?;
    request.headers = Vec::new();
    if let Sent::Whole(bytes) = &content
        && needs_body
        && !bytes.is_empty()
    {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        request = request.bytes(kind.to_string(), bytes.to_vec());
    }
    let moment = Moment {
        at_ms: clock::now_ms(),
        nonce: random::uuid(),
    };
    let signed = upstream.credential.sign(&upstream.base, request, &moment);
    if let Some(body) = &signed.body
        && needs_body
    {
        headers.remove(header::CONTENT_LENGTH);
        let kind = HeaderValue::try_from(body.content_type.as_ref());
        headers.insert(header::CONTENT_TYPE, kind.map_err(Failure::internal)?);
    }
    for (name, value) in &signed.headers {
        let name = HeaderName::try_from(name.as_ref()).map_err(Failure::internal)?;
        // Parameters of the caller are among them.
        let value = HeaderValue::try_from(value).map_err(|_| {
            Failure::bad_request(format!("a parameter has no place in the header {name}"))
        })?;
        if name != header::HOST {
            headers.insert(name, value);
        }
    }
    let target = signed.target();
    // Signing may move parameters into the body.
    let content = match signed.body {
        Some(body) if needs_body => Sent::Whole(body.bytes.into()),
        _ => content,
    };
    Ok((target, content))
}

fn api_method(method: &Method) -> Result<ApiMethod, Failure> {
    Ok(match *method {
        Method::GET => ApiMethod::Get,
        Method::POST => ApiMethod::Post,
        Method::PUT => ApiMethod::Put,
        Method::PATCH => ApiMethod::Patch,
        Method::DELETE => ApiMethod::Delete,
        _ => {
            let words = format!("{method} cannot be passed on with a credential");
            return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, words));
        }
    })
}

fn path(target: &str) -> &str {
    match target.split('?').next().unwrap_or_default() {
        "" => "/",
        path => path,
    }
}

fn query(target: &str) -> Result<Vec<(weir_api::request::Name, String)>, Failure> {
    let Some((_, query)) = target.split_once('?') else {
        return Ok(Vec::new());
    };
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let plain = percent_encoding::percent_decode_str(&text).decode_utf8();
        plain
            .map(String::from)
            .map_err(|_| Failure::bad_request("a parameter is not UTF-8"))
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?.into(), decoded(value)?))
        })
        .collect()
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

    #[test]
    fn parameters_are_read_as_they_were_meant() {
        let Ok(read) = query("/x?a=1&b=a%20b%26&c") else {
            panic!("refused");
        };
        let expected = [("a", "1"), ("b", "a b&"), ("c", "")];
        assert_eq!(
            read,
            expected.map(|(name, value)| (name.into(), value.to_string()))
        );
        assert!(query("/x?a=%ff").is_err());
    }
}
