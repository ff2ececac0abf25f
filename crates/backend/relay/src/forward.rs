//! One call passed on.

use axum::{
    body::Body,
    extract::{Extension, RawPathParams, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, Limited};
use weir_api::{ApiRequest, Method as ApiMethod, Moment, auth::Credential, role::Role};

use super::{
    headers,
    upstream::{Upstream, origin},
};
use crate::{
    Services, audit::Change, auth::Actor, auth::Caller, clock, error::Failure, extract::BODY_LIMIT,
    outbound, random,
};

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
    if let Err(failure) = permitted(&actor, &request) {
        return failure.into_response();
    }
    let change = match request.method().is_safe() {
        true => Change::None,
        false => Change::made("relay", "upstream", name),
    };
    match pass_on(&app, upstream, name, request).await {
        Ok(response) => change.on(response),
        Err(failure) => failure.into_response(),
    }
}

fn unknown(name: &str, names: &str) -> Failure {
    let known = match names {
        "" => "there is none".to_string(),
        names => format!("there are: {names}"),
    };
    let words = format!("weir.toml has no [relay.{name}]; {known}");
    Failure::new(StatusCode::NOT_FOUND, words)
}

/// A reader only reads. RPC APIs change things by GET, too: their action tells.
fn permitted(actor: &Actor, request: &Request) -> Result<(), Failure> {
    let query = request.uri().query().unwrap_or_default();
    let action = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let reads = match action {
        Some(action) => action.starts_with("Get") || action.starts_with("List"),
        None => request.method().is_safe(),
    };
    if actor.role == Role::Admin || reads {
        return Ok(());
    }
    Err(actor.refusal("passing on a change needs role admin"))
}

async fn pass_on(
    app: &Services,
    upstream: &Upstream,
    name: &str,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    // Without the name; what follows goes on as it came, with its encoding.
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let target = target.strip_prefix(&format!("/{name}")).unwrap_or(target);
    let mut onward = headers::onward(&head.headers);
    let (target, body) = if upstream.holds_credential() {
        let (target, body) = sign(upstream, &head.method, target, &mut onward, body).await?;
        (target, body)
    } else {
        (target.to_string(), body)
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
    let mut call = Request::new(body);
    *call.method_mut() = head.method;
    *call.uri_mut() = url;
    *call.headers_mut() = onward;
    let answer = app.relay.client.request(call).await;
    let answer = answer.map_err(|error| unreachable(&upstream.origin, &error))?;
    let (head, body) = answer.into_parts();
    let mut back = headers::back(&head.headers);
    if head.status.is_redirection() {
        redirect(upstream, &format!("/relay/{name}"), &mut back)?;
    }
    let mut response = Response::new(Body::new(body.map_err(axum::Error::new)));
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

/// With what the relay holds instead of what the browser sent; signatures cover the body, so it is
/// read first.
async fn sign(
    upstream: &Upstream,
    method: &Method,
    target: &str,
    headers: &mut HeaderMap,
    body: Body,
) -> Result<(String, Body), Failure> {
    for given in [
        "authorization",
        "x-api-key",
        "x-auth-token",
        "x-security-token",
    ] {
        headers.remove(given);
    }
    let mut request = ApiRequest::new(api_method(method)?, path(target));
    request.query = query(target)?;
    request.headers = Vec::new();
    let needs_body = matches!(
        upstream.credential,
        Credential::HuaweiKeys { .. } | Credential::AlibabaKeys { .. }
    );
    let body = match needs_body {
        true => {
            let whole = Limited::new(body, BODY_LIMIT).collect().await;
            let whole = whole.map_err(|error| Failure::bad_request(error.to_string()))?;
            let bytes = whole.to_bytes();
            let kind = headers.get(header::CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            if !bytes.is_empty() {
                request = request.bytes(kind.to_string(), bytes.to_vec());
            }
            Body::from(bytes)
        }
        false => body,
    };
    let moment = Moment {
        at_ms: clock::now_ms(),
        nonce: random::uuid(),
    };
    let signed = upstream.credential.sign(&upstream.base, request, &moment);
    for (name, value) in &signed.headers {
        let name = HeaderName::try_from(name.as_ref()).map_err(Failure::internal)?;
        let value = HeaderValue::try_from(value).map_err(Failure::internal)?;
        if name != header::HOST {
            headers.insert(name, value);
        }
    }
    Ok((signed.target(), body))
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
