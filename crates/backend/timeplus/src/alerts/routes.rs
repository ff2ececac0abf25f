//! Alerts.

use axum::{extract::State, response::Response};
use weir_api::timeplus::alert::AlertDef;
use weir_platform::{operations::Operations, revision::Revision};

use crate::{Services, auth::Actor, error::HttpError, extract::Name, roster::routes};

pub(crate) fn operations() -> Operations<Services> {
    let alerts = Operations::of("alert").all_only(Revision::Y2025);
    routes::operations::<AlertDef>(alerts, "/alerts")
        .post("/alerts/{id}/resolve", resolve)
        .called("resolve")
}

async fn resolve(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
) -> Result<Response, HttpError> {
    let name = app.alerts.resolve(&id, &actor.user).await?;
    Ok(routes::done(name))
}
