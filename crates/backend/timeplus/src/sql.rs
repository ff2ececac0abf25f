use axum::{Json, extract::State};
use weir_api::timeplus::sql::{Analysis, Sql};

use crate::{Services, error::HttpError, extract};
use weir_platform::operations::Operations;
use weir_queries::run::planning;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("query")
        .post("/format", format)
        .only_reads()
        .post("/sqlanalyze", analyze)
        .only_reads()
}

pub(crate) async fn format(
    extract::Json(body): extract::Json<Sql>,
) -> Result<Json<Sql>, HttpError> {
    let sql = planning::format(&body.sql)?;
    Ok(Json(Sql { sql }))
}

pub(crate) async fn analyze(
    State(app): State<Services>,
    extract::Json(body): extract::Json<Sql>,
) -> Result<Json<Analysis>, HttpError> {
    let catalog = app.store.catalog();
    Ok(Json(planning::analyze(&body.sql, &*catalog)?))
}
