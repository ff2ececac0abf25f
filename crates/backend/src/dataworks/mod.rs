//! Alibaba Cloud DataWorks DataService, API version 2020-05-18, at the vendor's own paths.

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
}
