//! Materialized views: queries that run all the time and write into a stream.

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
}
