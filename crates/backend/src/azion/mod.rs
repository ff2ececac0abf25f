//! Azion Data Streaming, version 3, at the vendor's own paths.

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
}
