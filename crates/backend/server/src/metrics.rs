//! `GET /healthz` and `GET /metrics`.

use std::{fmt::Write, sync::Arc, time::Instant};

use axum::{
    extract::{FromRef, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use weir_platform::{Platform, access, auth::Auth};
use weir_queries::run::{Queries, quota::Used};
use weir_store::DATABASE_VERSION;

/// Bytes of a page of memory, in which `/proc/self/statm` counts.
const PAGE: u64 = 4096;

#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) platform: Platform,
    pub(crate) queries: Queries,
    pub(crate) started: Instant,
}

impl FromRef<Health> for Arc<Auth> {
    fn from_ref(health: &Health) -> Self {
        health.platform.auth.clone()
    }
}

/// Well is who can read the database.
pub(crate) async fn healthz(State(health): State<Health>) -> Response {
    let read = tokio::task::spawn_blocking(move || {
        let counted = health.platform.store.read(|conn| {
            let sql = "SELECT count(*) FROM streams";
            conn.query_row(sql, [], |row| row.get::<_, i64>(0))
        })?;
        Ok::<_, weir_store::StoreError>(counted.map(drop)?)
    });
    match read.await {
        Ok(Ok(())) => "ok\n".into_response(),
        Ok(Err(error)) => {
            tracing::error!("not well: {error}");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database cannot be read\n",
            )
                .into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
    }
}

/// Prometheus' text form, version 0.0.4.
pub(crate) async fn metrics(State(health): State<Health>) -> Response {
    let text = health.text();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

impl Health {
    fn text(&self) -> String {
        let store = &self.platform.store;
        let (rows, bytes) = store.totals();
        let running = self.queries.list();
        let running = running
            .iter()
            .filter(|query| query.status.as_str() == "running")
            .count();
        let mut text = Text::default();
        text.metric(
            "weir_info",
            "gauge",
            "The program and its database.",
            [(
                format!(
                    "{{version=\"{}\",database_version=\"{DATABASE_VERSION}\"}}",
                    env!("CARGO_PKG_VERSION")
                ),
                1,
            )],
        );
        text.one(
            "weir_uptime_seconds",
            "Since it was started.",
            self.started.elapsed().as_secs(),
        );
        text.metric(
            "weir_http_requests_total",
            "counter",
            "Answers by class of status.",
            access::answered().map(|(class, count)| (format!("{{code=\"{class}xx\"}}"), count)),
        );
        text.one("weir_queries_running", "Queries that run now.", running);
        text.one("weir_streams", "Streams there are.", store.streams().len());
        text.one("weir_stream_rows", "Rows of all streams.", rows);
        text.one("weir_stream_bytes", "Bytes of these rows.", bytes);
        text.one(
            "weir_database_bytes",
            "Bytes of the database's files.",
            store.storage(),
        );
        let used = self.queries.used();
        let mut of_each = |name, kind, help, value: fn(&Used) -> u64| {
            let values = used.iter().map(|(user, used)| (of_user(user), value(used)));
            text.metric(name, kind, help, values);
        };
        of_each(
            "weir_user_queries_running",
            "gauge",
            "Queries of a user that run now.",
            |used| used.queries as u64,
        );
        of_each(
            "weir_user_memory_bytes",
            "gauge",
            "Memory that the queries of a user hold.",
            |used| used.memory as u64,
        );
        of_each(
            "weir_user_rows_total",
            "counter",
            "Rows that the queries of a user have sent.",
            |used| used.rows,
        );
        let open = self.platform.auth.connections.list();
        text.metric(
            "weir_user_connections",
            "gauge",
            "Requests of a user that are being answered.",
            open.iter().map(|(user, count)| (of_user(user), *count)),
        );
        text.one(
            "weir_queries_memory_bytes",
            "Memory that all queries hold.",
            weir_engine::held_by_all(),
        );
        if let Some(resident) = resident() {
            let help = "Memory that the process uses.";
            text.one("process_resident_memory_bytes", help, resident);
        }
        text.0
    }
}

/// A label in Prometheus' form: names of users hold any character.
fn of_user(name: &str) -> String {
    let escaped = name
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("{{user=\"{escaped}\"}}")
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn one(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.metric(name, "gauge", help, [(String::new(), value)]);
    }

    /// `values`: labels, in braces where there are any, and the value.
    fn metric<V: std::fmt::Display>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        values: impl IntoIterator<Item = (String, V)>,
    ) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in values {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }
}

fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}
