//! Acknowledged rows per second of the real backend, over HTTP, on its own connections.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::json;
use weir_e2e::{Result, backend::Backend, failure::fail, http::Api};

use crate::{
    rows,
    table::{Goal, Table, grouped},
};

const BATCH: u64 = 1_000;
const CONNECTIONS: [usize; 3] = [1, 4, 16];
const LENGTH: Duration = Duration::from_secs(10);

pub(crate) async fn measure(program: &Path, console: &Path, table: &mut Table) -> Result {
    println!(
        "==> ingest … ({} s)",
        CONNECTIONS.len() as u64 * LENGTH.as_secs() + 5
    );
    let console = console.canonicalize()?;
    for connections in CONNECTIONS {
        let backend = Backend::start_program(program, &console).await?;
        let definition = json!({ "name": "bench", "columns": rows::columns() });
        backend.api.post("/v1beta2/streams", &definition).await?;
        let key = backend.create_api_key().await?;
        let until = Instant::now() + LENGTH;
        let mut writers = Vec::new();
        for number in 0..connections {
            let api = Api::key(format!("{}/default/api", backend.origin), &key);
            writers.push(tokio::spawn(write_until(api, number as u64, until)));
        }
        let start = Instant::now();
        let mut acknowledged = 0;
        for writer in writers {
            acknowledged += writer.await??;
        }
        let seconds = start.elapsed().as_secs_f64();
        // What was acknowledged is there; a figure without that would say nothing.
        let stats = backend.api.get("/v1beta2/streams/bench/stats").await?;
        if stats["row_count"] != json!(acknowledged) {
            return fail(format!(
                "{acknowledged} rows acknowledged, {} there",
                stats["row_count"]
            ));
        }
        let rate = acknowledged as f64 / seconds;
        table.add(
            format!("ingest: batches of {BATCH} × ten columns, {connections} connection(s)"),
            format!("{} rows/s acknowledged durable", grouped(rate as u64)),
            (connections == 4)
                .then(|| Goal::new("≥ 50,000", rate >= 50_000.0))
                .flatten(),
        );
    }
    Ok(())
}

/// Rows that the backend answered 200 for.
async fn write_until(api: Api, writer: u64, until: Instant) -> Result<u64> {
    let names: Vec<_> = rows::COLUMNS.iter().map(|(name, _)| name).collect();
    let mut body = format!("{{\"columns\":{},\"data\":", json!(names)).into_bytes();
    rows::write(&mut body, writer * BATCH, BATCH);
    body.push(b'}');
    let body = Bytes::from(body);
    let mut acknowledged = 0;
    while Instant::now() < until {
        api.call(
            http::Method::POST,
            "/v1beta2/streams/bench/ingest",
            "application/json",
            body.clone(),
        )
        .await?;
        acknowledged += BATCH;
    }
    Ok(acknowledged)
}
