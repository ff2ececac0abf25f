use axum::{Json, Router, extract::State};
use weir_api::timeplus::sql::{Analysis, Sql};

use crate::queries::planning;
use crate::{app::App, error::Failure, extract};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/format", axum::routing::post(format))
        .route("/sqlanalyze", axum::routing::post(analyze))
}

pub(crate) async fn format(extract::Json(body): extract::Json<Sql>) -> Result<Json<Sql>, Failure> {
    let sql = planning::format(&body.sql)?;
    Ok(Json(Sql { sql }))
}

pub(crate) async fn analyze(
    State(app): State<App>,
    extract::Json(body): extract::Json<Sql>,
) -> Result<Json<Analysis>, Failure> {
    let catalog = app.store.catalog();
    Ok(Json(planning::analyze(&body.sql, &*catalog)?))
}
