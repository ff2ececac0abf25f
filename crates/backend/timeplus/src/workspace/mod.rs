//! The one workspace there is, and its settings.

pub(crate) mod routes;

use std::sync::Arc;

use weir_api::{
    Audit,
    timeplus::workspace::{Settings, Workspace},
};
use weir_platform::{
    clock,
    records::{Records, Table},
};
use weir_store::{Store, StoreError};

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
