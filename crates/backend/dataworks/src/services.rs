//! What the handlers can reach.

use std::sync::Arc;

use weir_api::dataworks::{folder::Folder, group::Group};
use weir_platform::{Platform, auth::Auth, outbound::Outbound};
use weir_queries::run::Queries;
use weir_store::{Store, StoreError};

use crate::{
    calls::Calls,
    nonces::Nonces,
    records::{
        self, Records,
        api::ApiRecord,
        grant::Grant,
        trial::{self, Trial},
    },
};

/// As permissions and the audit log name its things.
pub(crate) const KIND: &str = "data_api";

/// Calls of published APIs that each workspace may make in a second.
const PUBLISHED_CALLS: u32 = 200;

/// Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Store,
    pub(crate) auth: Arc<Auth>,
    pub(crate) queries: Queries,
    pub(crate) outbound: Outbound,
    pub(crate) dataworks: Arc<DataWorks>,
}

impl Services {
    /// Each caller may make so many `calls_per_second`.
    pub async fn load(
        platform: &Platform,
        queries: &Queries,
        calls_per_second: u32,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            store: platform.store.clone(),
            auth: platform.auth.clone(),
            queries: queries.clone(),
            outbound: platform.outbound.clone(),
            dataworks: Arc::new(DataWorks::load(&platform.store, calls_per_second).await?),
        })
    }
}

/// Everything that is kept.
pub(crate) struct DataWorks {
    pub(crate) store: Store,
    /// Held while something changes, so that memory and database change in the same order.
    pub(crate) changing: tokio::sync::Mutex<()>,
    pub(crate) apis: Records<ApiRecord>,
    pub(crate) groups: Records<Group>,
    pub(crate) folders: Records<Folder>,
    pub(crate) grants: Records<Grant>,
    pub(crate) trials: Records<Trial>,
    pub(crate) nonces: Nonces,
    pub(crate) operations: Calls,
    pub(crate) published: Calls,
}

impl DataWorks {
    async fn load(store: &Store, calls_per_second: u32) -> Result<Self, StoreError> {
        records::create(store).await?;
        let trials: Records<Trial> = records::load(store, "trial").await?;
        trial::end_interrupted(&trials).await?;
        Ok(Self {
            store: store.clone(),
            changing: tokio::sync::Mutex::default(),
            apis: records::load(store, "api").await?,
            groups: records::load(store, "group").await?,
            folders: records::load(store, "folder").await?,
            grants: records::load(store, "grant").await?,
            trials,
            nonces: Nonces::default(),
            operations: Calls::new(calls_per_second),
            published: Calls::new(PUBLISHED_CALLS),
        })
    }
}
