//! The one workspace there is, and its settings.

use std::sync::{PoisonError, RwLock};

use axum::{Json, extract::State, http::StatusCode};
use weir_api::{
    Audit,
    timeplus::workspace::{Settings, UpdateWorkspace, Workspace},
};
use weir_store::{Store, StoreError};

use crate::{Services, auth::Actor, clock, error::Failure, extract};
use weir_platform::operations::Operations;

/// Its id and name.
pub const WORKSPACE: &str = "default";

/// Settings in memory, written through to the database.
pub(crate) struct Workspaces {
    store: Store,
    current: RwLock<Workspace>,
}

impl Workspaces {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let now = clock::text(clock::now_ms());
        let first = Workspace {
            id: WORKSPACE.into(),
            name: WORKSPACE.into(),
            settings: Settings {
                name: WORKSPACE.into(),
                ..Settings::default()
            },
            audit: Audit {
                created_at: Some(now),
                ..Audit::default()
            },
            ..Workspace::default()
        };
        let first = serde_json::to_string(&first).unwrap_or_default();
        let stored: String = store
            .write(move |tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_workspaces (
                         id TEXT PRIMARY KEY, workspace TEXT NOT NULL
                     ) STRICT",
                )?;
                tx.execute(
                    "INSERT OR IGNORE INTO backend_workspaces VALUES (?1, ?2)",
                    (WORKSPACE, first),
                )?;
                Ok(tx.query_row(
                    "SELECT workspace FROM backend_workspaces WHERE id = ?1",
                    [WORKSPACE],
                    |row| row.get(0),
                )?)
            })
            .await?;
        let current = serde_json::from_str(&stored)
            .map_err(|error| StoreError::invalid("backend_workspaces", error.to_string()))?;
        Ok(Self {
            store: store.clone(),
            current: RwLock::new(current),
        })
    }

    fn get(&self) -> Workspace {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    async fn set(&self, workspace: Workspace) -> Result<(), Failure> {
        let stored = serde_json::to_string(&workspace).map_err(Failure::internal)?;
        self.store
            .write(move |tx| {
                tx.execute(
                    "UPDATE backend_workspaces SET workspace = ?2 WHERE id = ?1",
                    (WORKSPACE, stored),
                )?;
                Ok(())
            })
            .await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = workspace;
        Ok(())
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
    app.workspaces.set(workspace).await?;
    Ok(StatusCode::NO_CONTENT)
}
