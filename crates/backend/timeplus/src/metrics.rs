//! Counters of the whole backend.

use axum::{Json, extract::State};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};
use weir_api::timeplus::{
    metrics::{Counters, GlobalMetrics},
    query::Status,
};

use crate::{Services, clock, error::HttpError};
use weir_platform::operations::Operations;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("metrics").get("/global-metrics", get)
}

async fn get(State(app): State<Services>) -> Result<Json<GlobalMetrics>, HttpError> {
    let gathered = tokio::task::spawn_blocking(move || gather(&app)).await;
    gathered.map(Json).map_err(HttpError::internal)
}

fn gather(app: &Services) -> GlobalMetrics {
    let queries = app.queries.list();
    let count = |status| {
        count(
            queries
                .iter()
                .filter(|query| query.status == status)
                .count(),
        )
    };
    let (rows, bytes) = app.store.totals();
    GlobalMetrics {
        storage: i64::try_from(app.store.storage()).unwrap_or(i64::MAX),
        source_throughput: app.sources.rate(),
        sink_throughput: app.sinks.rate(),
        counters: Some(Counters {
            uptime_ms: clock::now_ms() - app.started_ms,
            memory: memory(),
            rows,
            bytes,
            streams: self::count(app.store.streams().len()),
            views: self::count(app.store.views().len()),
            queries_running: count(Status::Running),
            queries_finished: count(Status::Finished),
            queries_canceled: count(Status::Canceled),
            queries_failed: count(Status::Failed),
            minutes: app.store.activity(),
        }),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Bytes of this process; 0 where the system does not tell.
fn memory() -> i64 {
    let Ok(pid) = get_current_pid() else { return 0 };
    let mut system = System::new();
    let what = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
    let bytes = system.process(pid).map_or(0, sysinfo::Process::memory);
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
