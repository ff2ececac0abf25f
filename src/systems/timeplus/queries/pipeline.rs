//! The parts a query is made of, with what each has processed and how fast.

use std::{collections::HashMap, time::Duration};

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    timeplus::query::{Pipeline, PipelineNode},
};

use crate::{
    kit::load::use_load,
    ui::{
        Empty, ErrorBanner, Graph, GraphNode, number,
        table::{
            Head::{Number, Text},
            ShortTable,
        },
        time,
    },
};

const EVERY: Duration = Duration::from_secs(2);

/// A node's figures; rates are `None` until a second look.
#[derive(Debug, Clone, PartialEq)]
struct Figures {
    node: PipelineNode,
    /// Rows and bytes per second.
    rows_rate: Option<f64>,
    bytes_rate: Option<f64>,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    at: f64,
    nodes: HashMap<i64, (Option<i64>, i64)>,
}

/// What the nodes have done since `before`, which becomes what is seen now.
fn compare(before: &mut Seen, nodes: &[PipelineNode], now: f64) -> Vec<Figures> {
    let seconds = (now - before.at) / 1e3;
    let rate = |from: i64, to: i64| (to - from).max(0) as f64 / seconds;
    let figures = nodes.iter().map(|node| {
        let old = before.nodes.get(&node.id).filter(|_| seconds > 0.1);
        let rows = old.and_then(|(rows, _)| (*rows).zip(node.metric.processed_rows));
        Figures {
            node: node.clone(),
            rows_rate: rows.map(|(from, to)| rate(from, to)),
            bytes_rate: old.map(|(_, bytes)| rate(*bytes, node.metric.processed_bytes)),
        }
    });
    let figures = figures.collect();
    let seen = |node: &PipelineNode| {
        (
            node.id,
            (node.metric.processed_rows, node.metric.processed_bytes),
        )
    };
    *before = Seen {
        at: now,
        nodes: nodes.iter().map(seen).collect(),
    };
    figures
}

#[component]
pub fn PipelineView(
    request: ApiRequest,
    /// Finds the pipeline in the answer.
    read: fn(&[u8]) -> Result<Pipeline, ApiError>,
    /// Said where there is none.
    none: &'static str,
) -> impl IntoView {
    let pipeline = RwSignal::new(Pipeline::default());
    let figures = RwSignal::new(Vec::<Figures>::new());
    let seen = StoredValue::new(Seen::default());
    let load = use_load(
        Signal::stored(request),
        Some(EVERY),
        Callback::new(move |body: Vec<u8>| {
            let new = read(&body)?;
            let now = js_sys::Date::now();
            let compared = seen.try_update_value(|seen| compare(seen, &new.nodes, now));
            figures.set(compared.unwrap_or_default());
            pipeline.set(new);
            Ok(())
        }),
    );
    let empty = Memo::new(move |_| figures.with(Vec::is_empty));
    let nodes =
        Signal::derive(move || figures.with(|all| all.iter().map(graph_node).collect::<Vec<_>>()));
    let edges = Signal::derive(move || {
        pipeline.with(|pipeline| {
            pipeline
                .edges
                .iter()
                .map(|edge| (edge.from, edge.to))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <ErrorBanner error=load.page_error() />
        <Show when=move || load.ready.get() && empty.get()>
            <Empty title=none hint="A pipeline is available only while the query runs." />
        </Show>
        <Show when=move || !empty.get()>
            <Graph label="Pipeline" nodes edges />
            <NodeTable figures />
        </Show>
    }
    .into_any()
}

fn graph_node(figures: &Figures) -> GraphNode {
    let metric = figures.node.metric;
    let rows = figures.rows_rate.map(|rate| number::rate(rate, "rows"));
    let bytes = number::bytes(metric.processed_bytes.max(0) as u64);
    let first = rows.unwrap_or_else(|| {
        figures
            .bytes_rate
            .map_or_else(|| bytes.clone(), |rate| number::bytes(rate as u64) + "/s")
    });
    GraphNode {
        id: figures.node.id,
        title: figures.node.name.clone(),
        lines: vec![
            first,
            format!("{bytes}, {}", worked(metric.processing_time_ns)),
        ],
        running: figures.node.status == "running",
    }
}

fn worked(nanoseconds: i64) -> String {
    match nanoseconds.max(0) {
        short if short < 1_000_000 => format!("{} µs", short / 1_000),
        long => time::span(long as f64 / 1e6),
    }
}

#[component]
fn NodeTable(figures: RwSignal<Vec<Figures>>) -> impl IntoView {
    let dash = || "–".to_string();
    let rows = move || {
        figures.get().into_iter().map(|Figures { node, rows_rate, bytes_rate }| {
            let metric = node.metric;
            let rows = metric.processed_rows.map_or_else(dash, |rows| number::count(rows.max(0) as u64));
            view! {
                <tr>
                    <th scope="row">{node.name}</th>
                    <td>{node.status}</td>
                    <td class="number">{rows}</td>
                    <td class="number">{rows_rate.map_or_else(dash, |rate| number::rate(rate, "rows"))}</td>
                    <td class="number">{number::bytes(metric.processed_bytes.max(0) as u64)}</td>
                    <td class="number">{bytes_rate.map_or_else(dash, |rate| number::bytes(rate as u64) + "/s")}</td>
                    <td class="number">{worked(metric.processing_time_ns)}</td>
                </tr>
            }
        }).collect_view()
    };
    view! {
        <ShortTable
            label="Pipeline nodes"
            heads=&[
                Text("Node"), Text("State"), Number("Rows"), Number("Rows/s"), Number("Bytes"),
                Number("Bytes/s"), Number("Processing time"),
            ]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::query::NodeMetric;

    use super::*;

    #[test]
    fn rates_come_from_two_looks() {
        let node = |rows, bytes| PipelineNode {
            id: 1,
            metric: NodeMetric {
                processed_rows: Some(rows),
                processed_bytes: bytes,
                ..NodeMetric::default()
            },
            ..PipelineNode::default()
        };
        let mut seen = Seen {
            at: 1_000.0,
            ..Seen::default()
        };
        assert_eq!(
            compare(&mut seen, &[node(10, 100)], 2_000.0)[0].rows_rate,
            None
        );
        let second = compare(&mut seen, &[node(30, 50)], 4_000.0);
        assert_eq!(second[0].rows_rate, Some(10.0));
        assert_eq!(second[0].bytes_rate, Some(0.0));
    }
}
