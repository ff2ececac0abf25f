use axum::{Json, extract::State, http::StatusCode};
use weir_api::timeplus::workspace::{UpdateWorkspace, Workspace};
use weir_platform::{auth::Actor, clock, error::HttpError, extract, operations::Operations};

use super::WORKSPACE;
use crate::Services;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("workspace")
        .get("/workspace", get)
        .patch("/workspace", update)
}

async fn get(State(app): State<Services>) -> Json<Workspace> {
    Json(app.workspaces.get())
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(change): extract::Json<UpdateWorkspace>,
) -> Result<StatusCode, HttpError> {
    let mut workspace = app.workspaces.get();
    if let Some(enabled) = change.settings.and_then(|s| s.enabled_user_tracking) {
        workspace.settings.enabled_user_tracking = enabled;
    }
    let now = Some(clock::text(clock::now_ms()));
    workspace.audit.last_updated_at = now.clone();
    workspace.audit.last_updated_by = Some(actor.owner());
    workspace.settings.audit.last_updated_at = now;
    workspace.settings.audit.last_updated_by = Some(actor.owner());
    app.workspaces.0.put(WORKSPACE.into(), workspace).await?;
    Ok(StatusCode::NO_CONTENT)
}
