//! A server that speaks enough of Timeplus REST for the workspace page and sends rows at a set
//! rate: the SQL of the query is the rate.

use std::{
    convert::Infallible,
    path::Path,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Body,
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time};
use tower_http::services::{ServeDir, ServeFile};
use weir_api::timeplus::query::CreateQuery;
use weir_e2e::Result;

use crate::rows;

const ROWS_PER_EVENT: u64 = 500;
/// How often rows are sent.
const TICK: Duration = Duration::from_millis(10);
/// Events kept for a reader that does not keep up; a full queue makes the generator wait.
const QUEUE: usize = 64;

/// Serves the console and the API; the answer is the origin.
pub(crate) async fn start(console: &Path) -> Result<String> {
    let page = ServeFile::new(console.join("index.html")).precompressed_br();
    let files = ServeDir::new(console).precompressed_br().fallback(page);
    let router = Router::new()
        .route("/config.json", get(async || Json(config())))
        .route(
            "/default/api/info",
            get(async || Json(json!({ "product_name": "generator" }))),
        )
        .route(
            "/default/api/v1beta2/workspace",
            get(async || Json(json!({ "name": "default" }))),
        )
        .route(
            "/default/api/v1beta2/streams",
            get(async || Json(json!([]))),
        )
        .route(
            "/default/api/v1beta2/queries",
            post(run).get(async || Json(json!([]))),
        )
        .route(
            "/default/api/v1beta2/queries/{id}/cancel",
            post(async || Json(json!({}))),
        )
        .fallback_service(files);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("generator: {error}");
        }
    });
    Ok(origin)
}

fn config() -> Value {
    json!({ "connections": [{
        "id": "local", "name": "Generator", "url": "", "workspace": "default",
        "auth": "none", "colour": "teal", "production": false,
    }] })
}

async fn run(Json(query): Json<CreateQuery>) -> Response {
    // `select 100000`
    let rate = query
        .sql
        .rsplit(' ')
        .next()
        .and_then(|word| word.parse().ok());
    let rate = rate.unwrap_or(1_000);
    let (sender, events) = mpsc::channel(QUEUE);
    tokio::spawn(generate(query.sql, rate, sender));
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(Events(events)),
    )
        .into_response()
}

/// Until the reader has gone.
async fn generate(sql: String, rate: u64, events: mpsc::Sender<Bytes>) {
    let started = json!({
        "id": "generated", "sql": sql, "status": "running",
        "result": { "header": rows::columns() },
    });
    let first = format!("event: query\ndata: {started}\n\n");
    if events.send(first.into()).await.is_err() {
        return;
    }
    let start = Instant::now();
    let mut sent: u64 = 0;
    let mut told = start;
    let mut ticks = time::interval(TICK);
    loop {
        ticks.tick().await;
        let due = (start.elapsed().as_micros() as u64).saturating_mul(rate) / 1_000_000;
        while sent < due {
            let count = (due - sent).min(ROWS_PER_EVENT);
            let mut event = Vec::with_capacity(count as usize * 160);
            event.extend_from_slice(b"data: ");
            rows::write(&mut event, sent, count);
            event.extend_from_slice(b"\n\n");
            sent += count;
            if events.send(event.into()).await.is_err() {
                return;
            }
        }
        if told.elapsed() >= Duration::from_secs(1) {
            told = Instant::now();
            let metrics = json!({ "count": sent, "eps": rate, "scanned_rows": sent });
            let event = format!("event: metrics\ndata: {metrics}\n\n");
            if events.send(event.into()).await.is_err() {
                return;
            }
        }
    }
}

struct Events(mpsc::Receiver<Bytes>);

impl futures_core::Stream for Events {
    type Item = std::result::Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}
