//! What every handler can reach.

use std::{ops::Deref, sync::Arc};

use weir_api::timeplus::{dashboard::Dashboard, saved_query::SavedQuery};
use weir_store::Store;

use crate::{
    alerts::Alerts,
    auth::Auth,
    azion::Streamings,
    collectors::Collectors,
    config::Revision,
    dataworks::DataWorks,
    documents::Documents,
    materialized::Materialized,
    outbound::Outbound,
    queries::Queries,
    relay::Relay,
    secmaster::SecMaster,
    sinks::Sinks,
    static_host::StaticHost,
    timeplus::{
        invitations::Invitations, pipelines::Pipelines, sources::Sources, workspace::Workspaces,
    },
};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub store: Store,
    pub auth: Auth,
    pub queries: Queries,
    pub materialized: Materialized,
    pub collectors: Collectors,
    pub workspaces: Workspaces,
    pub pipelines: Pipelines,
    /// Unix ms.
    pub started_ms: i64,
    pub dashboards: Documents<Dashboard>,
    pub saved_queries: Documents<SavedQuery>,
    pub sources: Sources,
    pub invitations: Invitations,
    pub console: StaticHost,
    pub cors_origins: Vec<String>,
    pub revision: Revision,
    pub outbound: Outbound,
    pub relay: Relay,
    pub alerts: Alerts,
    pub sinks: Sinks,
    pub streamings: Streamings,
    pub dataworks: DataWorks,
    pub secmaster: SecMaster,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
