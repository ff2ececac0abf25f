//! Counters of the whole backend.

use axum::{Json, extract::State};
use weir_api::timeplus::{
    metrics::{Counters, GlobalMetrics},
    query::Status,
};

use crate::{Services, clock, error::HttpError, levels};
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
    let now = levels::now(&app.store, &app.queries);
    GlobalMetrics {
        storage: now.storage,
        source_throughput: app.sources.rate(),
        sink_throughput: app.sinks.rate(),
        counters: Some(Counters {
            uptime_ms: clock::now_ms() - app.started_ms,
            memory: now.memory,
            rows,
            bytes,
            streams: self::count(app.store.streams().len()),
            views: self::count(app.store.views().len()),
            queries_running: now.queries_running,
            queries_finished: count(Status::Finished),
            queries_canceled: count(Status::Canceled),
            queries_failed: count(Status::Failed),
            minutes: app.store.activity(),
            levels: app.levels.all(),
        }),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
