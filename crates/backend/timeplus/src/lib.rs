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
mod invitations;
mod licenses;
mod materialized_views;
mod metrics;
mod pipelines;
mod policy;
mod queries;
mod revision;
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
mod workspace;

use axum::{
    Router,
    extract::{OriginalUri, RawPathParams, Request},
    http::{Method, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use weir_api::timeplus::{dashboard::Dashboard, saved_query::SavedQuery};
use weir_platform::{audit, auth, clock, delivery, error, extract, outbound, random, running, tls};
use weir_queries::{external, follow, materialized};

pub use self::{services::Services, workspace::WORKSPACE};
use crate::{auth::middleware::authenticate, error::Failure};

/// What a workspace's address leads to: `/{workspace}/api`.
pub fn routes(services: &Services) -> Router {
    Router::new()
        .route("/info", get(info::get))
        .nest("/v1beta2", v1beta2().layer(from_fn(databases::in_database)))
        .route("/{*unknown}", any(unknown))
        .layer(from_fn(policy::enforce))
        .layer(from_fn_with_state(services.revision, revision::served))
        .layer(from_fn(in_workspace))
        .layer(from_fn_with_state(services.auth.clone(), authenticate))
        .with_state(services.clone())
}

/// `/invite`, for people who are not known yet.
pub fn invite(services: &Services) -> Router {
    Router::new()
        .route("/invite", get(invitations::show).post(invitations::accept))
        .with_state(services.clone())
}

async fn unknown(method: Method, OriginalUri(uri): OriginalUri) -> Failure {
    let words = format!("there is no {method} {}", uri.path());
    Failure::new(StatusCode::NOT_FOUND, words)
}

async fn in_workspace(params: RawPathParams, request: Request, next: Next) -> Response {
    let named = params.iter().find(|(name, _)| *name == "workspace");
    match named.map(|(_, value)| value) {
        Some(WORKSPACE) => next.run(request).await,
        other => {
            let name = other.unwrap_or_default();
            let words = format!("workspace '{name}' does not exist; there is only 'default'");
            Failure::new(StatusCode::NOT_FOUND, words).into_response()
        }
    }
}

/// Everything under `/v1beta2`.
pub fn v1beta2() -> Router<Services> {
    Router::new()
        .merge(alerts::routes::routes())
        .merge(api_keys::routes())
        .merge(cluster::routes())
        .merge(documents::routes::<Dashboard, Services>("/dashboards"))
        .merge(databases::routes())
        .merge(dictionaries::routes())
        .merge(exec::routes())
        .merge(external_streams::routes())
        .merge(external_tables::routes())
        .merge(ingest::routes())
        .merge(invitations::routes())
        .merge(licenses::routes())
        .merge(materialized_views::routes())
        .merge(metrics::routes())
        .merge(pipelines::routes())
        .merge(queries::routes())
        .merge(roles::routes())
        .merge(documents::routes::<SavedQuery, Services>("/savedqueries"))
        .merge(schemas::routes())
        .merge(sinks::routes::routes())
        .merge(sources::routes())
        .merge(sql::routes())
        .merge(streams::routes())
        .merge(subscription::routes())
        .merge(topology::routes())
        .merge(udfs::routes())
        .merge(users::routes())
        .merge(views::routes())
        .merge(workspace::routes())
}
