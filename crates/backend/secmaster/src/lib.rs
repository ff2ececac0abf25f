//! Huawei Cloud SecMaster: data deliveries and data objects, at the vendor's own paths. There is
//! one project, `default`; a pipe is a stream, and a delivery is a running copy from one to
//! another.

mod agencies;
mod caller;
mod class_types;
mod classes;
mod dataspaces;
mod iam;
mod kept;
mod objects;
mod pipes;
mod refusal;
mod shippers;
mod workspaces;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, RawPathParams, Request},
    http::{StatusCode, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;
use weir_store::{Store, StoreError};

use self::refusal::Refusal;
use weir_platform::{
    Platform, access::before_sign_in, audit, auth, auth::Auth, clock, error, extract,
    extract::SIGN_IN_LIMIT, random, running,
};
use weir_queries::follow;

/// The one project, its account, its region, and the workspace that is always there.
const DEFAULT: &str = "default";

/// What the handlers can reach.
#[derive(Clone)]
pub struct Services {
    store: Store,
    auth: Arc<Auth>,
    secmaster: Arc<SecMaster>,
}

impl Services {
    /// Deliveries go on where they were, until `stopping` turns true.
    pub async fn load(
        platform: &Platform,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            store: platform.store.clone(),
            auth: platform.auth.clone(),
            secmaster: Arc::new(SecMaster::load(&platform.store, stopping).await?),
        })
    }
}

struct SecMaster {
    agencies: agencies::Agencies,
    workspaces: workspaces::Workspaces,
    dataspaces: dataspaces::Dataspaces,
    pipes: pipes::Pipes,
    class_types: class_types::ClassTypes,
    shippers: shippers::Shippers,
    objects: objects::Objects,
}

impl SecMaster {
    async fn load(store: &Store, stopping: watch::Receiver<bool>) -> Result<Self, StoreError> {
        Ok(Self {
            agencies: agencies::Agencies::load(store).await?,
            workspaces: workspaces::Workspaces::load(store).await?,
            dataspaces: dataspaces::Dataspaces::load(store).await?,
            pipes: pipes::Pipes::load(store).await?,
            class_types: class_types::ClassTypes::load(store).await?,
            shippers: shippers::Shippers::load(store, stopping).await?,
            objects: objects::Objects::load(store).await?,
        })
    }
}

/// At `/secmaster`, and at the root.
pub fn routes(services: &Services) -> Router {
    let at = |rest: &str| format!("/v1/{{project}}/workspaces/{{workspace}}{rest}");
    let inside = Router::new()
        .route(
            "/v1/{project}/workspaces",
            get(workspaces::list).post(workspaces::create),
        )
        .route(
            &at(""),
            get(workspaces::get)
                .put(workspaces::update)
                .delete(workspaces::delete),
        )
        .route(
            &at("/siem/dataspaces"),
            get(dataspaces::list).post(dataspaces::create),
        )
        .route(
            &at("/siem/dataspaces/{id}"),
            get(dataspaces::get)
                .put(dataspaces::update)
                .delete(dataspaces::delete),
        )
        .route(&at("/siem/pipes"), get(pipes::list).post(pipes::create))
        .route(
            &at("/siem/pipes/{id}"),
            get(pipes::get).put(pipes::update).delete(pipes::delete),
        )
        .merge(pipes::more_routes(at))
        .merge(shippers::routes(at))
        .route(
            &at("/siem/shippers/delegate/auth/{domain}"),
            get(agencies::check).post(agencies::create),
        )
        .merge(classes::routes(at))
        .merge(class_types::routes(at))
        .merge(objects::routes(at))
        .layer(from_fn_with_state(services.clone(), caller::in_workspace))
        .route("/v3/projects", get(iam::projects))
        .route("/v3/auth/domains", get(iam::domains))
        .layer(from_fn_with_state(services.clone(), caller::authenticate));
    inside
        .merge(
            Router::new()
                .route("/v3/auth/tokens", post(iam::token))
                .layer(before_sign_in())
                .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT)),
        )
        .layer(from_fn(refusal::write))
        .with_state(services.clone())
}

/// Everything else below an address of its own.
pub fn unknown_routes() -> Router {
    Router::new()
        .route("/{*unknown}", any(unknown))
        .layer(from_fn(refusal::write))
}

async fn unknown() -> Refusal {
    let words = "there is no such API, or it has no such method";
    Refusal::new(StatusCode::NOT_FOUND, "APIGW.0101", words)
}

/// `{code: 0, msg, data}`
#[derive(Serialize)]
struct Done<T> {
    code: i64,
    msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

fn done<T: Serialize>(data: T) -> axum::Json<Done<T>> {
    axum::Json(Done {
        code: 0,
        msg: "success",
        data: Some(data),
    })
}

fn nothing() -> axum::Json<Done<()>> {
    axum::Json(Done {
        code: 0,
        msg: "success",
        data: None,
    })
}

/// Workspace of the address; it exists.
#[derive(Clone)]
struct Workspace(String);

impl<S: Send + Sync> FromRequestParts<S> for Workspace {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| Refusal::internal("an address without a workspace"))
    }
}

/// The variable parts of the address after the workspace.
struct Rest(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Rest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|rejection| Refusal::bad(rejection.body_text()))?;
        let rest = params.iter().skip(2).map(|(_, value)| value.to_string());
        Ok(Self(rest.collect()))
    }
}

impl Rest {
    /// Empty where there is none.
    fn part(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

struct Json<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let read = extract::Json::from_request(request, state).await;
        read.map(|extract::Json(value)| Self(value))
            .map_err(|failure| Refusal::bad(failure.message()))
    }
}

struct Query<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let read = extract::Query::from_request_parts(parts, state).await;
        read.map(|extract::Query(value)| Self(value))
            .map_err(|failure| Refusal::bad(failure.message()))
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
struct Part {
    #[serde(default)]
    offset: usize,
    #[serde(default = "hundred")]
    limit: usize,
}

fn hundred() -> usize {
    100
}

impl Part {
    /// The part, and how many there are.
    fn of<T>(self, all: Vec<T>) -> (Vec<T>, usize) {
        let total = all.len();
        let part = all.into_iter().skip(self.offset).take(self.limit);
        (part.collect(), total)
    }
}
