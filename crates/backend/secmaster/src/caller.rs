//! Who is calling: a token, an AK/SK signature, or the console's own session.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::{OriginalUri, RawPathParams, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::NaiveDateTime;
use percent_encoding::percent_decode_str;
use weir_api::secmaster::Signed;

use super::{
    vendor_error::{VendorError, code},
    wire::{DEFAULT, Workspace},
};
use crate::{
    Services,
    auth::{Actor, Caller},
    clock, random,
};

const TOKEN: &str = "x-auth-token";
const DATE: &str = "x-sdk-date";
const SIGNED: &str = "SDK-HMAC-SHA256 ";
/// Bytes of a signed request.
const SIGNED_BODY: usize = 12 << 20;
/// How long its body may take.
const SIGNED_TIME: Duration = Duration::from_secs(60);
/// How far the caller's clock may be off.
const SKEW_MS: i64 = 15 * 60 * 1000;

pub(super) async fn authenticate(
    State(app): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let (mut request, actor) = match identify(&app, request).await {
        Ok(known) => known,
        Err(refusal) => return refusal.into_response(),
    };
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.set(actor.clone());
    }
    let open = match app.auth.connections.of(&actor) {
        Ok(open) => open,
        Err(failure) => {
            let (status, words) = (failure.status(), failure.message());
            return VendorError::new(status, code::INVALID, words).into_response();
        }
    };
    request.extensions_mut().insert(actor);
    open.over(next.run(request).await)
}

async fn identify(app: &Services, request: Request) -> Result<(Request, Actor), VendorError> {
    let headers = request.headers();
    if let Some(token) = headers.get(TOKEN) {
        let token = token.to_str().unwrap_or_default();
        let actor = app.auth.by_key(token).map_err(unknown)?;
        return Ok((request, actor));
    }
    let authorization = text(headers, header::AUTHORIZATION.as_str());
    if let Some(parts) = authorization.strip_prefix(SIGNED) {
        let proof = Proof::read(parts).ok_or_else(|| {
            unknown("Authorization is not SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…")
        })?;
        // Nobody without a key lets this read a body.
        app.auth.by_key_id(proof.id).map_err(unknown)?;
        let (head, body) = request.into_parts();
        let body = tokio::time::timeout(SIGNED_TIME, to_bytes(body, SIGNED_BODY)).await;
        let body = body.map_err(|_| {
            let words = "the body took too long";
            VendorError::new(StatusCode::REQUEST_TIMEOUT, code::INVALID, words)
        })?;
        let body = body.map_err(|_| {
            let words = "the body of a signed request has at most 12 MiB";
            VendorError::new(StatusCode::PAYLOAD_TOO_LARGE, code::INVALID, words)
        })?;
        let actor = verify(app, &proof, &authorization, &head, &body)?;
        return Ok((Request::from_parts(head, Body::from(body)), actor));
    }
    match app.auth.by_session(headers) {
        Some(actor) => Ok((request, actor)),
        None => Err(unknown("a token in X-Auth-Token or a signature is needed")),
    }
}

fn unknown(why: &str) -> VendorError {
    let code = match why.contains("expired") {
        true => code::EXPIRED,
        false => code::UNAUTHENTICATED,
    };
    VendorError::new(StatusCode::UNAUTHORIZED, code, why)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// The parts of `Authorization`.
struct Proof<'a> {
    id: &'a str,
    headers: Vec<&'a str>,
}

impl<'a> Proof<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let part = |name: &str| {
            let mut parts = text.split(',').map(str::trim);
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        part("Signature")?;
        Some(Self {
            id: part("Access")?,
            headers: part("SignedHeaders")?.split(';').collect(),
        })
    }
}

fn verify(
    app: &Services,
    proof: &Proof<'_>,
    authorization: &str,
    head: &Parts,
    body: &[u8],
) -> Result<Actor, VendorError> {
    let date = text(&head.headers, DATE);
    let at = NaiveDateTime::parse_from_str(&date, "%Y%m%dT%H%M%SZ")
        .map_err(|_| unknown("X-Sdk-Date is not a time such as 20200608T023900Z"))?;
    if (at.and_utc().timestamp_millis() - clock::now_ms()).abs() > SKEW_MS {
        return Err(unknown("X-Sdk-Date is more than 15 minutes off"));
    }
    if !["host", DATE]
        .iter()
        .all(|name| proof.headers.contains(name))
    {
        return Err(unknown("host and x-sdk-date must be signed"));
    }
    let (secret, actor) = app.auth.by_key_id(proof.id).map_err(unknown)?;
    let uri = head.extensions.get::<OriginalUri>();
    let uri = uri.map_or(&head.uri, |OriginalUri(uri)| uri);
    let query = uri.query().unwrap_or_default();
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (plain(name), plain(value))
        });
    let signed = Signed {
        method: head.method.to_string(),
        path: uri.path().to_owned(),
        query: query.collect(),
        headers: proof
            .headers
            .iter()
            .map(|name| (name.to_string(), text(&head.headers, name)))
            .collect(),
        body: body.to_vec(),
    };
    let expected = signed.authorization(proof.id, &secret, &date);
    let signature = |text: &str| {
        text.rsplit("Signature=")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    match random::same(&signature(&expected), &signature(authorization)) {
        true => Ok(actor),
        false => Err(unknown("the signature is wrong")),
    }
}

/// Refuses projects and workspaces that do not exist.
pub(super) async fn in_workspace(
    State(app): State<Services>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let part = |name: &str| params.iter().find(|(n, _)| *n == name).map(|(_, v)| v);
    let missing = |what: &str, name: &str| {
        let words = format!("{what} '{name}' does not exist");
        let itself = params.iter().last().is_some_and(|(last, _)| last == what);
        let (status, code) = match what == "workspace" && itself {
            true if request.uri().path().ends_with(name) => {
                (StatusCode::BAD_REQUEST, code::NO_SUCH_WORKSPACE)
            }
            _ => (StatusCode::FORBIDDEN, code::NO_WORKSPACE),
        };
        VendorError::new(status, code, words).into_response()
    };
    match part("project") {
        Some(DEFAULT) | None => {}
        Some(other) => return missing("project", other),
    }
    if let Some(workspace) = part("workspace") {
        if !app.secmaster.workspaces.has(workspace) {
            return missing("workspace", workspace);
        }
        let workspace = Workspace(workspace.to_owned());
        request.extensions_mut().insert(workspace);
    }
    next.run(request).await
}
