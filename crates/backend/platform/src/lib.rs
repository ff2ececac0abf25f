//! What every system of the embedded backend stands on, and nothing of any one of them: who calls
//! and may, what is recorded of it, calls to other servers, deliveries, and what runs in the
//! background.

pub mod access;
pub mod audit;
pub mod auth;
pub mod clock;
pub mod collectors;
pub mod delivery;
pub mod error;
pub mod extract;
pub mod gate;
pub mod hosts;
pub mod html;
pub mod nats;
pub mod operations;
pub mod outbound;
pub mod proxies;
pub mod random;
pub mod records;
pub mod revision;
pub mod running;
pub mod tls;

use std::sync::Arc;

use weir_store::Store;

use self::{auth::Auth, collectors::Collectors, outbound::Outbound, revision::Revision};

/// The services that are there once, whatever systems there are. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    pub store: Store,
    pub auth: Arc<Auth>,
    pub collectors: Collectors,
    pub outbound: Outbound,
    pub revision: Revision,
}
