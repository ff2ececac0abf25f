//! Around every request: its id, the words of a failure, `http_access` and `audit_log`.
//!
//! A change is carried through even when its caller hangs up in the middle of it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Body, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt;
use tokio::sync::watch;
use tower_http::timeout::TimeoutLayer;

use crate::{
    Platform,
    audit::{Change, Definitions},
    auth::{Actor, Auth, Caller, middleware::attempt},
    collectors::{AccessRecord, AuditRecord},
    error::HttpError,
    random,
};

/// How often it is looked whether the caller of an answer that lasts may still have it.
const LOOK: Duration = Duration::from_secs(1);

/// How long a request may take that nobody has signed.
pub fn before_sign_in() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(15))
}

/// In a request's extensions where it came over this backend's own TLS.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Of the request being served, for answers that tell it in their body.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The caller's connection may go at any moment and take the handler with it, which could leave
/// memory and database different. So changes run in a task of their own.
pub async fn complete(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (_here, gone) = watch::channel(());
    match tokio::spawn(CLIENT.scope(gone, next.run(request))).await {
        Ok(response) => response,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

tokio::task_local! {
    /// Its sender is dropped with the connection of whoever asked.
    static CLIENT: watch::Receiver<()>;

    /// Of the request that this task answers.
    static CALLER: Caller;
}

/// The user whom this task works for; empty for the backend itself.
pub fn user() -> String {
    let actor = CALLER.try_with(Caller::actor).ok().flatten();
    actor.map(|actor| actor.user).unwrap_or_default()
}

/// Resolves once whoever asked has gone: what only reads has nobody to read for. Never outside of
/// a request that is run to its end in any case.
pub fn client_gone() -> impl Future<Output = ()> {
    let client = CLIENT.try_with(Clone::clone).ok();
    async move {
        match client {
            Some(mut client) => while client.changed().await.is_ok() {},
            None => std::future::pending().await,
        }
    }
}

pub async fn record(
    State(platform): State<Platform>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let request_id = random::uuid();
    let caller = Caller::default();
    request.extensions_mut().insert(caller.clone());
    request
        .extensions_mut()
        .insert(RequestId(request_id.clone()));
    let method = request.method().clone();
    let path = request.uri().path().to_string();
    let remote = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_string())
        .unwrap_or_default();
    let request_bytes = length(request.headers());
    let user_agent = text(request.headers(), &header::USER_AGENT);
    let credential = credential(request.headers());

    // The session's cookie is for such connections only, as behind a proxy that says so.
    if request.extensions().get::<OverTls>().is_some() {
        let https = HeaderValue::from_static("https");
        request.headers_mut().insert("x-forwarded-proto", https);
    }

    let mut response = while_wanted(platform.auth.clone(), &caller, next.run(request)).await;

    if let Some(failure) = failure(&mut response, &method, &path) {
        *response.body_mut() = failure.body(&request_id, platform.revision);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if let Some(actor) = caller.actor().filter(|_| may_last(&response)) {
        response = response.map(|body| while_let_in(platform.auth.clone(), actor, body));
    }
    let mut change = response
        .extensions_mut()
        .remove::<Change>()
        .unwrap_or(Change::None);
    let nobody = matches!(change, Change::None) && response.status() == StatusCode::UNAUTHORIZED;
    if let Some(how) = credential.filter(|_| nobody) {
        change = attempt("", how);
    }
    let definitions = response.extensions_mut().remove::<Definitions>();
    let Definitions { before, after } = definitions.unwrap_or_default();
    let status = response.status().as_u16();
    count(status);
    if let Change::Made {
        action,
        kind,
        name,
        detail,
    } = change
    {
        let record = AuditRecord {
            actor: caller.name(),
            action: action.into(),
            resource_kind: kind.into(),
            resource_name: name,
            status,
            request_id: request_id.clone(),
            remote: remote.clone(),
            detail: format!("{method} {path}{detail}"),
            before,
            after,
        };
        platform.collectors.audit(record).await;
    }
    platform.collectors.access(AccessRecord {
        method: method.to_string(),
        path,
        status,
        duration_ms: started.elapsed().as_secs_f64() * 1000.0,
        request_bytes,
        response_bytes: response.body().size_hint().exact().unwrap_or_default(),
        user: caller.name(),
        remote,
        user_agent,
        request_id,
    });
    response
}

/// What of a request proves somebody, or does not; passwords tell the audit log themselves.
fn credential(headers: &HeaderMap) -> Option<&'static str> {
    let known = [
        ("x-api-key", "by an API key"),
        ("x-auth-token", "by a token"),
        ("authorization", "by a token or a signature"),
    ];
    let mut known = known.into_iter();
    known.find_map(|(name, how)| headers.contains_key(name).then_some(how))
}

/// Whether somebody gives it out piece by piece: a stream of events, what comes through the relay.
fn may_last(response: &Response) -> bool {
    response.body().size_hint().exact().is_none()
}

/// Answers the request as its caller. What only reads ends with its client, or when the caller would
/// not be let in any more.
async fn while_wanted<T>(auth: Arc<Auth>, caller: &Caller, answer: impl Future<Output = T>) -> T {
    let (here, gone) = watch::channel(());
    let client = client_gone();
    let put_out = async {
        let mut looks = tokio::time::interval(LOOK);
        while caller
            .actor()
            .is_none_or(|actor| auth.still_lets_in(&actor))
        {
            looks.tick().await;
        }
    };
    let unwanted = async {
        tokio::select! {
            () = client => {}
            () = put_out => {}
        }
        drop(here);
    };
    let answer = CALLER.scope(caller.clone(), CLIENT.scope(gone, answer));
    tokio::pin!(answer);
    tokio::select! {
        answer = &mut answer => return answer,
        () = unwanted => {}
    }
    answer.await
}

/// Ends when the session, the key or the user ends that it was asked for with.
fn while_let_in(auth: Arc<Auth>, actor: Actor, body: Body) -> Body {
    let over = async move {
        let mut looks = tokio::time::interval(LOOK);
        while auth.still_lets_in(&actor) {
            looks.tick().await;
        }
    };
    Body::from_stream(body.into_data_stream().take_until(Box::pin(over)))
}

/// Answers by the first digit of their status, since the start of the process.
static ANSWERED: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

fn count(status: u16) {
    let class = usize::from(status / 100).saturating_sub(1);
    if let Some(counter) = ANSWERED.get(class) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// First digit of the status and how many answers there were.
pub fn answered() -> impl Iterator<Item = (usize, u64)> {
    let counters = ANSWERED.iter().enumerate();
    counters.map(|(class, counter)| (class + 1, counter.load(Ordering::Relaxed)))
}

/// The failure whose body is still to be written; a bare 405 of the router becomes one.
fn failure(response: &mut Response, method: &Method, path: &str) -> Option<HttpError> {
    if let Some(failure) = response.extensions_mut().remove::<HttpError>() {
        return Some(failure);
    }
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    (bare && response.status() == StatusCode::METHOD_NOT_ALLOWED).then(|| {
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        HttpError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("{method} is not possible on {path}"),
        )
    })
}

fn length(headers: &HeaderMap) -> u64 {
    text(headers, &header::CONTENT_LENGTH)
        .parse()
        .unwrap_or_default()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_string()
}
