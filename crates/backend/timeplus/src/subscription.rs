//! What one may use: this machine, as it is. Nobody has subscribed and nobody pays.

use axum::Json;
use sysinfo::{Disks, System};
use weir_api::timeplus::subscription::{Spec, Subscription};

use crate::{Services, error::HttpError};
use weir_platform::{operations::Operations, revision::Revision};

const GIB: u64 = 1 << 30;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("subscription")
        .get("/subscription", get)
        .only(Revision::Y2025)
}

/// The specification knows two plans; the one that does not end is the truth.
async fn get() -> Result<Json<Subscription>, HttpError> {
    let spec = tokio::task::spawn_blocking(machine).await;
    let spec = spec.map_err(HttpError::internal)?;
    Ok(Json(Subscription {
        subscription_plan: "Enterprise".into(),
        cpu: spec.cpu,
        storage_size: spec.storage_size,
        spec: Some(spec),
        ..Subscription::default()
    }))
}

fn machine() -> Spec {
    let mut system = System::new();
    system.refresh_memory();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let disks = Disks::new_with_refreshed_list();
    let storage = disks.iter().map(sysinfo::Disk::total_space).max();
    Spec {
        cpu: i64::try_from(cores * 1000).unwrap_or(i64::MAX),
        // There is no limit.
        invitations: i64::from(i32::MAX),
        memory: i64::try_from(system.total_memory().div_ceil(GIB)).unwrap_or(i64::MAX),
        storage_size: i64::try_from(storage.unwrap_or_default()).unwrap_or(i64::MAX),
    }
}
