//! Azion Data Streaming, version 3, at the vendor's own paths: logs of this backend, sent
//! elsewhere in batches.

mod body;
mod domains;
mod error;
mod guard;
mod personal_tokens;
mod record;
mod routes;
mod run;
mod send;
mod source;
mod storage;
mod streamings;
mod templates;
mod tokens;
mod v4;

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use weir_platform::{
    Platform, access, audit, auth, auth::Auth, clock, delivery, extract, outbound, random, running,
};
use weir_queries::follow;
use weir_store::StoreError;

pub use routes::routes;
use streamings::Streamings;
pub use v4::routes as routes_of_version_4;

/// What the handlers can reach.
#[derive(Clone)]
pub struct Services {
    auth: Arc<Auth>,
    streamings: Streamings,
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

/// Of every answer.
const SCHEMA_VERSION: u32 = 3;

/// What permissions of API keys and the audit log call it.
const KIND: &str = "streaming";
