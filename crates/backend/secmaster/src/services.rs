//! What the handlers can reach.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::watch;
use weir_platform::{Platform, auth::Auth};
use weir_store::{Store, StoreError};

use crate::{
    objects::Objects,
    pipes::Pipes,
    records::{Records, class_types::ClassTypes, dataspaces::Dataspaces, workspaces::Workspaces},
    shippers::Shippers,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Store,
    pub(crate) auth: Arc<Auth>,
    pub(crate) secmaster: Arc<SecMaster>,
}

impl Services {
    /// Deliveries go on where they were, until `stopping` turns true.
    pub async fn load(
        platform: &Platform,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            store: platform.store.clone(),
            auth: platform.auth.clone(),
            secmaster: Arc::new(SecMaster::load(&platform.store, stopping).await?),
        })
    }
}

pub(crate) struct SecMaster {
    /// By account.
    pub(crate) agencies: Records<Vec<String>>,
    pub(crate) workspaces: Workspaces,
    pub(crate) dataspaces: Dataspaces,
    pub(crate) pipes: Pipes,
    pub(crate) class_types: ClassTypes,
    pub(crate) layouts: Records<Map<String, Value>>,
    pub(crate) shippers: Shippers,
    pub(crate) objects: Objects,
}

impl SecMaster {
    async fn load(store: &Store, stopping: watch::Receiver<bool>) -> Result<Self, StoreError> {
        Ok(Self {
            agencies: Records::load(store, "agency").await?,
            workspaces: Workspaces::load(store).await?,
            dataspaces: Dataspaces::load(store).await?,
            pipes: Pipes::load(store).await?,
            class_types: ClassTypes::load(store).await?,
            layouts: Records::load(store, "layout").await?,
            shippers: Shippers::load(store, stopping).await?,
            objects: Objects::load(store).await?,
        })
    }
}
