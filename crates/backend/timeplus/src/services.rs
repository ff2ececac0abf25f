//! What the handlers of this system can reach.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use tokio::sync::watch;
use weir_api::timeplus::{dashboard::Dashboard, saved_query::SavedQuery};
use weir_platform::{Platform, auth::Auth, clock, collectors::Collectors, revision::Revision};
use weir_queries::{materialized::Materialized, run::Queries};
use weir_store::{Store, StoreError};

use crate::{
    alerts::Alerts,
    documents::Documents,
    invitations::Invitations,
    levels::{self, Levels},
    pipelines::Pipelines,
    sinks::Sinks,
    sources::Sources,
    udfs::caller,
    workspace::Workspaces,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

pub struct Parts {
    pub(crate) store: Store,
    pub(crate) auth: Arc<Auth>,
    pub(crate) queries: Queries,
    pub(crate) materialized: Materialized,
    pub(crate) collectors: Collectors,
    pub(crate) workspaces: Workspaces,
    pub(crate) pipelines: Pipelines,
    /// Unix ms.
    pub(crate) started_ms: i64,
    pub(crate) dashboards: Arc<Documents<Dashboard>>,
    pub(crate) saved_queries: Arc<Documents<SavedQuery>>,
    pub(crate) sources: Sources,
    pub(crate) invitations: Invitations,
    pub(crate) revision: Revision,
    pub(crate) alerts: Alerts,
    pub(crate) sinks: Sinks,
    pub(crate) levels: Levels,
}

impl Services {
    /// Sources, sinks and alerts run until `stopping` turns true.
    pub async fn load(
        platform: &Platform,
        queries: &Queries,
        materialized: &Materialized,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let (store, outbound) = (&platform.store, &platform.outbound);
        store.call_remote_with(caller(outbound.clone()));
        let levels = Levels::begin(store, queries);
        let kept = levels::keep(
            levels.clone(),
            store.clone(),
            queries.clone(),
            stopping.clone(),
        );
        tokio::spawn(kept);
        Ok(Self(Arc::new(Parts {
            store: store.clone(),
            auth: platform.auth.clone(),
            queries: queries.clone(),
            materialized: materialized.clone(),
            collectors: platform.collectors.clone(),
            workspaces: Workspaces::load(store).await?,
            pipelines: Pipelines::load(store).await?,
            started_ms: clock::now_ms(),
            dashboards: Arc::new(Documents::load(store).await?),
            saved_queries: Arc::new(Documents::load(store).await?),
            sources: Sources::load(store, stopping.clone()).await?,
            invitations: Invitations::load(store).await?,
            revision: platform.revision,
            alerts: Alerts::load(store, outbound, stopping.clone()).await?,
            sinks: Sinks::load(store, outbound, stopping).await?,
            levels,
        })))
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<Services> for Arc<Documents<Dashboard>> {
    fn from_ref(services: &Services) -> Self {
        services.dashboards.clone()
    }
}

impl FromRef<Services> for Arc<Documents<SavedQuery>> {
    fn from_ref(services: &Services) -> Self {
        services.saved_queries.clone()
    }
}

impl FromRef<Services> for Alerts {
    fn from_ref(services: &Services) -> Self {
        services.alerts.clone()
    }
}

impl FromRef<Services> for Sinks {
    fn from_ref(services: &Services) -> Self {
        services.sinks.clone()
    }
}
