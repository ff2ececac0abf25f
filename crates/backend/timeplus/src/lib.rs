//! Timeplus REST v1beta2.

mod alerts;
mod api_keys;
mod cluster;
mod dashboards;
mod databases;
mod dictionaries;
mod documents;
mod exec;
mod external_streams;
mod external_tables;
mod info;
mod ingest;
mod inserts;
mod invitations;
mod levels;
mod licenses;
mod materialized_views;
mod metrics;
mod pipelines;
mod queries;
mod roles;
mod roster;
mod saved_queries;
mod schemas;
mod services;
mod sinks;
mod sources;
mod sql;
mod statements;
mod streams;
mod subscription;
mod topology;
mod udfs;
mod users;
mod views;
mod window;
mod workspace;

use axum::{
    Router,
    extract::{OriginalUri, RawPathParams, Request},
    http::{Method, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use weir_api::timeplus::{dashboard::Dashboard, saved_query::SavedQuery};
use weir_platform::operations::{Operations, plainly};
use weir_platform::{audit, auth, clock, delivery, error, extract, outbound, random, running, tls};
use weir_queries::{external, follow, materialized};

pub use self::{services::Services, workspace::WORKSPACE};
use crate::{auth::middleware::authenticate, error::HttpError};

/// At `/{workspace}/api`.
pub fn routes(services: &Services) -> Router {
    let authenticate = || from_fn_with_state(services.auth.clone(), authenticate);
    let identify = |handler: MethodRouter<Services>| {
        handler
            .layer(from_fn(databases::in_database))
            .layer(from_fn(in_workspace))
            .layer(authenticate())
    };
    let unknown = Router::new()
        .route("/{*unknown}", any(unknown))
        .layer(from_fn(in_workspace))
        .layer(authenticate());
    let revision = services.revision;
    let v1beta2 = operations().router(revision, identify, plainly, services);
    let api = Router::new()
        .merge(info().router(revision, identify, plainly, services))
        .nest("/v1beta2", v1beta2)
        .merge(unknown)
        .with_state(services.clone());
    Router::new().nest("/{workspace}/api", api)
}

/// `/invite`, for people who are not known yet.
pub fn invite(services: &Services) -> Router {
    invitations::page::operations()
        .inner_router(plainly, services)
        .with_state(services.clone())
}

async fn unknown(method: Method, OriginalUri(uri): OriginalUri) -> HttpError {
    let words = format!("there is no {method} {}", uri.path());
    HttpError::new(StatusCode::NOT_FOUND, words)
}

async fn in_workspace(params: RawPathParams, request: Request, next: Next) -> Response {
    let named = params.iter().find(|(name, _)| *name == "workspace");
    match named.map(|(_, value)| value) {
        Some(WORKSPACE) => next.run(request).await,
        other => {
            let name = other.unwrap_or_default();
            let words = format!("workspace '{name}' does not exist; there is only 'default'");
            HttpError::new(StatusCode::NOT_FOUND, words).into_response()
        }
    }
}

/// What is beside `/v1beta2`.
pub fn info() -> Operations<Services> {
    info::operations()
}

/// Everything under `/v1beta2`.
pub fn operations() -> Operations<Services> {
    Operations::all([
        alerts::routes::operations(),
        api_keys::operations(),
        cluster::operations(),
        documents::operations::<Dashboard, _>("/dashboards", "/dashboards/{id}"),
        databases::operations(),
        dictionaries::operations(),
        exec::operations(),
        external_streams::operations(),
        external_tables::operations(),
        ingest::operations(),
        invitations::routes::operations(),
        licenses::operations(),
        materialized_views::operations(),
        metrics::operations(),
        pipelines::operations(),
        queries::operations(),
        roles::operations(),
        documents::operations::<SavedQuery, _>("/savedqueries", "/savedqueries/{id}"),
        schemas::operations(),
        sinks::routes::operations(),
        sources::routes::operations(),
        sql::operations(),
        streams::operations(),
        subscription::operations(),
        topology::operations(),
        udfs::operations(),
        users::operations(),
        views::operations(),
        workspace::routes::operations(),
    ])
}
