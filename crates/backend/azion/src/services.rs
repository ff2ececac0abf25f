//! What the handlers can reach.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use weir_platform::{Platform, auth::Auth};
use weir_store::StoreError;

use crate::streamings::Streamings;

/// Of every answer.
pub(crate) const SCHEMA_VERSION: u32 = 3;

/// What permissions of API keys and the audit log call it.
pub(crate) const KIND: &str = "streaming";

#[derive(Clone)]
pub struct Services {
    pub(crate) auth: Arc<Auth>,
    pub(crate) streamings: Streamings,
}

impl Services {
    /// A record waits up to `wait` for others of its batch. Streamings run until `stopping` turns
    /// true.
    pub async fn load(
        platform: &Platform,
        wait: Duration,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let (store, outbound) = (&platform.store, &platform.outbound);
        Ok(Self {
            auth: platform.auth.clone(),
            streamings: Streamings::load(store, outbound, wait, stopping).await?,
        })
    }
}
