//! The one workspace there is, and its settings.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use weir_api::{
    Audit,
    timeplus::workspace::{Settings, UpdateWorkspace, Workspace},
};
use weir_store::{Store, StoreError};

use weir_platform::operations::Operations;
use weir_platform::records::{Records, Table};
use weir_platform::{auth::Actor, clock, error::Failure, extract};

use crate::Services;

/// Its id and name.
pub const WORKSPACE: &str = "default";

pub(crate) struct Workspaces(Records<Workspace>);

impl Workspaces {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let all: Records<Workspace> =
            Records::load(store, Table::Own("backend_workspaces")).await?;
        if all.get(WORKSPACE).is_none() {
            let first = Workspace {
                id: WORKSPACE.into(),
                name: WORKSPACE.into(),
                settings: Settings {
                    name: WORKSPACE.into(),
                    ..Settings::default()
                },
                audit: Audit {
                    created_at: Some(clock::text(clock::now_ms())),
                    ..Audit::default()
                },
                ..Workspace::default()
            };
            all.put(WORKSPACE.into(), first).await?;
        }
        Ok(Self(all))
    }

    fn get(&self) -> Workspace {
        let found = self.0.get(WORKSPACE);
        found.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("workspace")
        .get("/workspace", get)
        .patch("/workspace", update)
}

pub(crate) async fn get(State(app): State<Services>) -> Json<Workspace> {
    Json(app.workspaces.get())
}

pub(crate) async fn update(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(change): extract::Json<UpdateWorkspace>,
) -> Result<StatusCode, Failure> {
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
