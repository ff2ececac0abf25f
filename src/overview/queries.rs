//! The queries of a Timeplus that run now and take the most.

use std::time::Duration;

use futures_util::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError, json_response,
    timeplus::query::{self, Pipeline, Query, Status},
};

use crate::{
    connections::{use_connection_id, use_endpoint},
    http::{Abort, Endpoint},
    kit::fetch,
    paths,
    systems::timeplus::queries::facts::{millis, user},
    text::one_line,
    ui::{
        number::{bytes, count, plural},
        table::{Head, ShortTable},
        time,
    },
};

const EVERY: Duration = Duration::from_secs(15);
/// Queries whose figures are asked for, one call each; and that are shown.
const ASKED: usize = 12;
const SHOWN: usize = 5;

#[derive(Debug, Clone, PartialEq)]
struct Dear {
    query: Query,
    /// Of its engine's time while it has run, from 0 to 1 and more where it has several threads.
    share: f64,
    bytes: i64,
}

fn dear(query: Query, pipeline: &Pipeline, now_ms: f64) -> Dear {
    let metrics = || pipeline.nodes.iter().map(|node| node.metric);
    let worked: i64 = metrics().map(|metric| metric.processing_time_ns).sum();
    let ran = (now_ms - millis(query.start_time)).max(1.0);
    Dear {
        share: worked as f64 / 1e6 / ran,
        // Rows pass through several nodes: the widest of them tells how much it is.
        bytes: metrics()
            .map(|metric| metric.processed_bytes)
            .max()
            .unwrap_or(0),
        query,
    }
}

/// The dearest first, and how many run at all.
async fn ask(endpoint: &Endpoint) -> Result<(Vec<Dear>, usize), ApiError> {
    let abort = Abort::new()?;
    let body = fetch(endpoint, query::list(None), &abort).await?;
    let all: Vec<Query> = json_response::<Option<Vec<Query>>>(&body)?.unwrap_or_default();
    let mut running: Vec<Query> = all
        .into_iter()
        .filter(|it| it.status == Status::Running)
        .collect();
    let count = running.len();
    // What runs longest had the most time to become dear.
    running.sort_by(|a, b| millis(a.start_time).total_cmp(&millis(b.start_time)));
    running.truncate(ASKED);
    let now = js_sys::Date::now();
    let abort = &abort;
    let figures = running.into_iter().map(|query| async move {
        let body = fetch(endpoint, query::pipeline(&query.id), abort).await;
        let pipeline = body.and_then(|body| json_response::<Pipeline>(&body));
        dear(query, &pipeline.unwrap_or_default(), now)
    });
    let mut found = join_all(figures).await;
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found.truncate(SHOWN);
    Ok((found, count))
}

#[component]
pub fn RunningQueries() -> impl IntoView {
    let (endpoint, connection) = (use_endpoint(), use_connection_id());
    let found = RwSignal::new((Vec::<Dear>::new(), 0));
    let running = StoredValue::new(false);
    let round = move || {
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        if document().hidden() || running.try_get_value() != Some(false) {
            return;
        }
        running.set_value(true);
        spawn_local(async move {
            let now = ask(&endpoint).await;
            // The page may be left meanwhile; that a call failed is said above.
            if running.try_set_value(false).is_none()
                && let Ok(now) = now
            {
                found.set(now);
            }
        });
    };
    Effect::new(move || {
        endpoint.track();
        round();
    });
    if let Ok(timer) = set_interval_with_handle(round, EVERY) {
        on_cleanup(move || timer.clear());
    }
    move || {
        let (found, running) = found.get();
        let id = connection.get().unwrap_or_default();
        (!found.is_empty()).then(|| {
            let rows = found.into_iter().map(|one| row(&id, one)).collect_view();
            let all = paths::section(&id, "queries") + "?state=running";
            view! {
                <section aria-label="Running queries">
                    <h2>"Running queries"</h2>
                    <ShortTable
                        label="Running queries by resource usage"
                        heads=&[
                            Head::Text("Query"), Head::Text("User"), Head::Number("Running for"),
                            Head::Number("Read"), Head::Number("Busy"),
                        ]
                    >
                        {rows}
                    </ShortTable>
                    <p class="hint"><a href=all>{format!("All {}", plural(running as u64, "running query", "running queries"))}</a></p>
                </section>
            }
        })
    }
}

fn row(connection: &str, one: Dear) -> AnyView {
    let Dear {
        query,
        share,
        bytes: read,
    } = one;
    let href = paths::item(connection, "queries", &query.id);
    let sql = one_line(&query.sql);
    let ran = js_sys::Date::now() - millis(query.start_time);
    let busy = format!("{} %", count((share * 100.0).round().max(0.0) as u64));
    view! {
        <tr>
            <th scope="row" class="overview-sql"><a class="mono" href=href title=sql.clone()>{sql.clone()}</a></th>
            <td>{user(&query)}</td>
            <td class="number">{time::span(ran)}</td>
            <td class="number">{bytes(read.max(0) as u64)}</td>
            <td class="number">{busy}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::query::{NodeMetric, PipelineNode};

    use super::*;

    #[test]
    fn what_a_query_takes_is_its_engines_time_over_the_time_it_ran() {
        let node = |bytes: i64, ms: i64| PipelineNode {
            metric: NodeMetric {
                processed_bytes: bytes,
                processing_time_ns: ms * 1_000_000,
                ..NodeMetric::default()
            },
            ..PipelineNode::default()
        };
        let pipeline = Pipeline {
            nodes: vec![node(500, 100), node(80, 150)],
            ..Pipeline::default()
        };
        let query = Query {
            start_time: 1_700_000_000_000,
            ..Query::default()
        };
        let dear = dear(query, &pipeline, 1.7e12 + 1000.0);
        assert_eq!((dear.share, dear.bytes), (0.25, 500));
    }
}
