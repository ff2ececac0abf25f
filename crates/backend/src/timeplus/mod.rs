//! The resources of Timeplus REST v1beta2.

use axum::Router;
use weir_api::timeplus::{dashboard::Dashboard, saved_query::SavedQuery};

use crate::{app::App, documents};

pub(crate) mod alerts;
pub(crate) mod api_keys;
pub(crate) mod cluster;
pub(crate) mod dashboards;
pub(crate) mod databases;
pub(crate) mod dictionaries;
pub(crate) mod exec;
pub(crate) mod external_streams;
pub(crate) mod external_tables;
pub(crate) mod info;
pub(crate) mod ingest;
pub(crate) mod invitations;
pub(crate) mod licenses;
pub(crate) mod materialized_views;
pub(crate) mod metrics;
pub(crate) mod pipelines;
pub(crate) mod roles;
pub(crate) mod saved_queries;
pub(crate) mod schemas;
pub(crate) mod sinks;
pub(crate) mod sources;
pub(crate) mod sql;
pub(crate) mod streams;
pub(crate) mod subscription;
pub(crate) mod topology;
pub(crate) mod udfs;
pub(crate) mod users;
pub(crate) mod views;
pub(crate) mod workspace;

/// Everything under `/v1beta2`, except queries.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(alerts::routes())
        .merge(api_keys::routes())
        .merge(cluster::routes())
        .merge(documents::routes::<Dashboard>("/dashboards"))
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
        .merge(roles::routes())
        .merge(documents::routes::<SavedQuery>("/savedqueries"))
        .merge(schemas::routes())
        .merge(sinks::routes())
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
