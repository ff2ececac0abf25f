//! Alibaba Cloud DataWorks DataService, API version 2020-05-18, at the vendor's own paths:
//! operations at `/dataworks/`, published APIs below `/dataworks/api/`.

mod apis;
mod applications;
mod authorities;
mod calls;
mod folders;
mod groups;
mod kept;
mod mybatis;
mod parameters;
mod pickers;
mod proxy;
mod refusal;
mod rpc;
mod run;
mod serve;
mod signature;
mod statement;
mod trials;
mod values;
mod written;

use std::sync::Arc;

use axum::{Router, routing::any};
use weir_api::dataworks::{folder::Folder, group::Group};
use weir_engine::{Given, SqlError};
use weir_store::{Store, StoreError};

use self::{
    apis::Kept as KeptApi, authorities::Grant, calls::Calls, kept::Shelf, signature::Nonces,
    trials::Trial,
};
use weir_platform::{
    Platform, access, audit, auth, auth::Auth, clock, error, extract, outbound, outbound::Outbound,
    random,
};
use weir_queries::run as queries;

/// As permissions and the audit log name its things.
const KIND: &str = "data_api";

/// Calls of published APIs that each workspace may make in a second.
const PUBLISHED_CALLS: u32 = 200;

/// What a MyBatis script becomes with these values: SQL with `${name}` for each. For whoever feeds it
/// with hostile input.
pub fn rendered(script: &str, given: &[(String, Given)]) -> Result<String, SqlError> {
    mybatis::render(script, given).map(|rendered| rendered.sql)
}

/// At `/dataworks`.
pub fn routes(services: &Services) -> Router {
    Router::new()
        .route("/dataworks", any(rpc::answer))
        .route("/dataworks/", any(rpc::answer))
        .route("/dataworks/api/{*path}", any(serve::answer))
        .with_state(services.clone())
}

/// What the handlers can reach.
#[derive(Clone)]
pub struct Services {
    store: Store,
    auth: Arc<Auth>,
    queries: queries::Queries,
    outbound: Outbound,
    dataworks: Arc<DataWorks>,
}

impl Services {
    /// Each caller may make so many `calls_per_second`.
    pub async fn load(
        platform: &Platform,
        queries: &queries::Queries,
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
struct DataWorks {
    store: Store,
    /// Held while something changes, so that memory and database change in the same order.
    changing: tokio::sync::Mutex<()>,
    apis: Shelf<KeptApi>,
    groups: Shelf<Group>,
    folders: Shelf<Folder>,
    grants: Shelf<Grant>,
    trials: Shelf<Trial>,
    nonces: Nonces,
    operations: Calls,
    published: Calls,
}

impl DataWorks {
    async fn load(store: &Store, calls_per_second: u32) -> Result<Self, StoreError> {
        kept::create(store).await?;
        let trials: Shelf<Trial> = Shelf::load(store, "trial").await?;
        trials::end_interrupted(store, &trials).await?;
        Ok(Self {
            store: store.clone(),
            changing: tokio::sync::Mutex::default(),
            apis: Shelf::load(store, "api").await?,
            groups: Shelf::load(store, "group").await?,
            folders: Shelf::load(store, "folder").await?,
            grants: Shelf::load(store, "grant").await?,
            trials,
            nonces: Nonces::default(),
            operations: Calls::new(calls_per_second),
            published: Calls::new(PUBLISHED_CALLS),
        })
    }
}

/// Now as `2020-06-23T00:21:01+0000`.
fn now() -> String {
    time(crate::clock::now_ms())
}

fn time(ms: i64) -> String {
    chrono::DateTime::<chrono::Utc>::from_timestamp_millis(ms)
        .unwrap_or_default()
        .format("%Y-%m-%dT%H:%M:%S%z")
        .to_string()
}
