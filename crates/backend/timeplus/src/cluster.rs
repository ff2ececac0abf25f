//! `/cluster`: the one node that the embedded backend is.

use axum::{Json, extract::State};
use weir_api::timeplus::cluster::Node;

use crate::{Services, clock};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("cluster")
        .get("/cluster", get)
        .only(Revision::Y2026)
}

async fn get(State(app): State<Services>) -> Json<Vec<Node>> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let views = app.store.views();
    Json(vec![Node {
        id: 1,
        advertised_host: sysinfo::System::host_name().unwrap_or_else(|| "localhost".into()),
        state: "Online".into(),
        roles: ["Metadata", "Data", "Compute"].map(String::from).into(),
        boot_timestamp: app.started_ms,
        timestamp: clock::now_ms(),
        cpu_usage: app.collectors.cpu_percent() / 100.0,
        total_mvs: count(views.iter().filter(|view| view.materialized).count()),
        // A stream is one table: one shard.
        total_shards: count(app.store.streams().len()),
    }])
}
