//! Cluster: the nodes of a server.

use leptos::prelude::*;
use weir_api::{
    ApiError, list_response,
    timeplus::cluster::{self, Node},
};

use crate::{
    connections::use_connection_id,
    kit::{List, ListView, whole},
    ui::{
        Tone,
        number::count,
        table::{Cell, Column, Row, Sort},
    },
};

pub fn page() -> AnyView {
    let list = List {
        title: "Cluster",
        one: "node",
        many: "nodes",
        columns: vec![
            Column::text("host", "Host", 180),
            Column::number("id", "Id", 60),
            Column::text("state", "State", 96),
            Column::text("roles", "Roles", 300),
            Column::number("cpu", "CPU", 72),
            Column::number("mvs", "Materialized views", 140),
            Column::number("shards", "Shards", 80),
            Column::text("up", "Running since", 120),
            Column::text("seen", "Reported", 100),
        ],
        sort: Sort {
            column: 1,
            descending: false,
        },
        request: cluster::get,
        more: weir_api::paging::whole,
        rows: |connection, parts| rows(connection, whole(parts)),
        figures: None,
        create: None,
        column_names: None,
        tagging: None,
        row_actions: |_, _| Vec::new(),
        deletion: None,
        code: None,
        bulk: &[],
        hint: "The nodes that store data and run queries.",
    };
    let id = use_connection_id();
    (move || {
        id.get()
            .map(|connection| view! { <ListView connection list=list.clone() /> })
    })
    .into_any()
}

fn rows(_connection: &str, body: &[u8]) -> Result<Vec<Row>, ApiError> {
    let all: Vec<Node> = list_response(body)?;
    Ok(all.into_iter().map(row).collect())
}

fn row(node: Node) -> Row {
    let tone = match node.state.as_str() {
        "Online" => Tone::Good,
        "Offline" => Tone::Bad,
        _ => Tone::Neutral,
    };
    let number = |value: i64| Cell::Number(value as f64, count(value.unsigned_abs()));
    let percent = format!("{:.0} %", node.cpu_usage * 100.0);
    Row {
        key: node.id.to_string(),
        href: String::new(),
        haystack: format!("{} {}", node.advertised_host, node.roles.join(" ")).to_lowercase(),
        cells: vec![
            Cell::Text(node.advertised_host),
            Cell::Number(node.id as f64, node.id.to_string()),
            Cell::State(tone, node.state),
            Cell::Text(node.roles.join(", ")),
            Cell::Number(node.cpu_usage, percent),
            number(node.total_mvs),
            number(node.total_shards),
            Cell::Time(iso(node.boot_timestamp)),
            Cell::Time(iso(node.timestamp)),
        ],
        ..Row::default()
    }
}

fn iso(ms: i64) -> String {
    super::queries::facts::iso(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offline_node_stands_out() {
        let node = Node {
            advertised_host: "b".into(),
            state: "Offline".into(),
            cpu_usage: 0.159,
            ..Node::default()
        };
        let row = row(node);
        assert_eq!(row.cells[2], Cell::State(Tone::Bad, "Offline".into()));
        assert_eq!(row.cells[4].words(), "16 %");
    }
}
