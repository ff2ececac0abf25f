//! A server that speaks enough of Timeplus REST for the workspace page and sends rows as the SQL of
//! the query says: `rows 100000 for 20` rows a second and seconds, `rows flood for 20` as many as
//! are taken, `series 60` one row of each series so many times a second.

use std::{
    convert::Infallible,
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
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

/// Lines of a chart and points of each that are sent at once at the beginning.
pub(crate) const SERIES: u64 = 100;
pub(crate) const POINTS: u64 = 1_000;

#[derive(Clone, Default)]
pub(crate) struct Generator(Arc<AtomicU64>);

impl Generator {
    /// Rows handed to the last query so far.
    pub(crate) fn sent(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Serves the console and the API; the answer is the origin.
pub(crate) async fn start(console: &Path) -> Result<(String, Generator)> {
    let generator = Generator::default();
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
        .fallback_service(files)
        .with_state(generator.clone());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    // As the embedded backend does: else an event waits up to 40 ms for the one before it.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            eprintln!("generator: events may be late: {error}");
        }
    });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("generator: {error}");
        }
    });
    Ok((origin, generator))
}

fn config() -> Value {
    json!({ "connections": [{
        "id": "local", "name": "Generator", "url": "", "workspace": "default",
        "auth": "none", "colour": "teal", "production": false,
    }] })
}

async fn run(State(generator): State<Generator>, Json(query): Json<CreateQuery>) -> Response {
    let (sender, events) = mpsc::channel(QUEUE);
    generator.0.store(0, Ordering::SeqCst);
    tokio::spawn(answer(query.sql, generator, sender));
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(Events(events)),
    )
        .into_response()
}

type Sender = mpsc::Sender<Bytes>;

/// Until it is over or the reader has gone.
async fn answer(sql: String, generator: Generator, events: Sender) {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
    let series = words.first() == Some(&"series");
    let query = |status: &str, header: &Value| {
        let query = json!({
            "id": "generated", "sql": sql, "status": status, "result": { "header": header },
        });
        Bytes::from(format!("event: query\ndata: {query}\n\n"))
    };
    let header = if series {
        rows::series_columns()
    } else {
        rows::columns()
    };
    if events.send(query("running", &header)).await.is_err() {
        return;
    }
    let sent = match series {
        true => send_series(number(1).unwrap_or(60), &generator, &events).await,
        false => send_rows(number(1), number(3).unwrap_or(3_600), &generator, &events).await,
    };
    if sent.is_ok() {
        // A reader that has gone needs no end.
        let _ = events.send(query("finished", &header)).await;
    }
}

/// The reader has gone.
struct Gone;

async fn send(events: &Sender, bytes: impl Into<Bytes>) -> std::result::Result<(), Gone> {
    events.send(bytes.into()).await.map_err(|_| Gone)
}

/// `rate`: rows a second, or as many as are taken.
async fn send_rows(
    rate: Option<u64>,
    seconds: u64,
    generator: &Generator,
    events: &Sender,
) -> std::result::Result<(), Gone> {
    let (start, length) = (Instant::now(), Duration::from_secs(seconds));
    let mut sent: u64 = 0;
    let mut told = start;
    let mut ticks = time::interval(TICK);
    while start.elapsed() < length {
        let due = match rate {
            Some(rate) => {
                ticks.tick().await;
                (start.elapsed().as_micros() as u64).saturating_mul(rate) / 1_000_000
            }
            None => sent + ROWS_PER_EVENT,
        };
        while sent < due {
            let count = (due - sent).min(ROWS_PER_EVENT);
            let mut event = Vec::with_capacity(count as usize * 160);
            event.extend_from_slice(b"data: ");
            rows::write(&mut event, sent, count);
            event.extend_from_slice(b"\n\n");
            sent += count;
            send(events, event).await?;
            generator.0.store(sent, Ordering::SeqCst);
            if start.elapsed() >= length {
                break;
            }
        }
        if told.elapsed() >= Duration::from_secs(1) {
            told = Instant::now();
            let metrics = json!({ "count": sent, "eps": rate, "scanned_rows": sent });
            send(events, format!("event: metrics\ndata: {metrics}\n\n")).await?;
        }
    }
    Ok(())
}

async fn send_series(
    rate: u64,
    generator: &Generator,
    events: &Sender,
) -> std::result::Result<(), Gone> {
    let mut ticks = time::interval(Duration::from_micros(1_000_000 / rate.max(1)));
    for point in 0.. {
        if point >= POINTS {
            ticks.tick().await;
        }
        let mut event = b"data: ".to_vec();
        rows::write_series(&mut event, point, SERIES, rate);
        event.extend_from_slice(b"\n\n");
        send(events, event).await?;
        generator.0.store((point + 1) * SERIES, Ordering::SeqCst);
    }
    Ok(())
}

struct Events(mpsc::Receiver<Bytes>);

impl futures_core::Stream for Events {
    type Item = std::result::Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}
