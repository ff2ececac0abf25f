//! How a materialized view is doing: its state, what it has written, and how far it is behind.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::materialized_view::{self as api, Node, Stats},
};

use super::{control::Leader, list};
use crate::{
    kit::{notice::Waiting, use_act, use_load},
    systems::timeplus::streams::stats::History,
    ui::{
        ErrorBanner, State,
        field::{Bound, Choice, Select},
        number::{bytes, count, rate},
        table::{
            Head::{Number, Text},
            ShortTable,
        },
        time,
    },
};

const EVERY: Duration = Duration::from_secs(5);

#[component]
pub fn StatsTab(name: Memo<String>) -> impl IntoView {
    let stats = RwSignal::new(Stats::default());
    let target = Signal::derive(move || stats.with(|stats| stats.target.clone()));
    let days = RwSignal::new(String::from("1"));
    let request = Signal::derive(move || api::stats(&name.get(), days.get().parse().ok()));
    let accept = Callback::new(move |body: Vec<u8>| {
        stats.set(json_response(&body)?);
        Ok(())
    });
    let load = use_load(request, Some(EVERY), accept);
    let choices = (1..=7).map(|n| match n {
        1 => Choice::new("1", "Last day"),
        n => Choice::new(n.to_string(), format!("Last {n} days")),
    });
    let choices: Vec<Choice> = choices.collect();
    let range = Bound::from(days);
    let actor = use_act(load);
    let nodes = move || {
        let leader = stats.with(|stats| stats.leader_node);
        let nodes = stats.with(|stats| stats.nodes.clone());
        nodes
            .into_iter()
            .map(|node| node_row(name, leader, node, actor))
            .collect_view()
    };
    view! {
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            let choices = choices.clone();
            view! {
                <dl class="figures">{move || stats.with(figures)}</dl>
                <ShortTable
                    label="Nodes"
                    heads=&[
                        Text("Node"), Text("State"), Text("Lag"), Text("Newest row processed"),
                        Text("Last checkpoint"), Number("Checkpoint size"), Text("Last error"),
                        Text("Leader"),
                    ]
                >
                    {nodes}
                </ShortTable>
                <div class="stats-range">
                    <Select label="Range" value=range choices=Signal::stored(choices) />
                </div>
                <History stats=target title="Rows per second" of=|p| (p.written_eps, p.read_eps) />
                <History stats=target title="Bytes per second" of=|p| (p.written_bps, p.read_bps) />
            }
                .into_any()
        }}
    }
    .into_any()
}

fn figures(stats: &Stats) -> Vec<AnyView> {
    let whole = |value: i64| count(value.max(0).unsigned_abs());
    let node = stats.nodes.first();
    let target = &stats.target;
    let mut words = vec![
        ("Rows stored", whole(target.row_count)),
        (
            "Written, last 30 min",
            format!(
                "{}, {}/s",
                rate(target.written_eps, "rows"),
                bytes(target.written_bps.max(0.0) as u64)
            ),
        ),
        (
            "Size",
            bytes(
                target
                    .historical_data_bytes
                    .max(target.streaming_data_bytes)
                    .max(0)
                    .unsigned_abs(),
            ),
        ),
    ];
    if let Some(rows) = stats.lagging {
        words.push(("Lag", list::behind(rows)));
    }
    let of_node = [
        ("Rows read since creation", node.and_then(|n| n.read_rows)),
        (
            "Rows written since creation",
            node.and_then(|n| n.written_rows),
        ),
        ("Late rows dropped", node.and_then(|n| n.late_rows)),
    ];
    words.extend(
        of_node
            .into_iter()
            .filter_map(|(term, rows)| Some((term, whole(rows?)))),
    );
    if let Some(watermark) = node.and_then(|n| n.watermark) {
        words.push(("Watermark", time::stamp(watermark as f64)));
    }
    words
        .into_iter()
        .map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }.into_any())
        .collect()
}

fn moment(ms: Option<i64>) -> String {
    ms.map_or_else(|| "–".into(), |ms| time::stamp(ms as f64))
}

/// Rows behind, by source, and the time of the newest row taken.
fn lag(node: &Node) -> (String, Option<i64>) {
    let newest = node.lagging_status.values();
    let newest = newest.filter_map(|lag| lag.processed_record_ts).max();
    let each = node
        .lagging_status
        .iter()
        .map(|(source, lag)| format!("{source}: {}", list::behind(lag.rows())));
    let each: Vec<String> = each.collect();
    let words = match each.is_empty() {
        true => "–".into(),
        false => each.join(", "),
    };
    (words, newest)
}

fn node_row(
    name: Memo<String>,
    leader: Option<i64>,
    node: Node,
    actor: crate::kit::Actor,
) -> AnyView {
    let (tone, word) = (list::tone(node.status), node.status.words().to_string());
    let (behind, newest) = lag(&node);
    view! {
        <tr>
            <th scope="row">{node.node_id}</th>
            <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
            <td>{behind}</td>
            <td>{moment(newest)}</td>
            <td>{moment(node.checkpoint_ts)}</td>
            <td class="number">{bytes(node.checkpoint_size.max(0).unsigned_abs())}</td>
            <td>{node.last_error_message.clone()}</td>
            <td><Leader name leader node actor /></td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::materialized_view::Lagging;

    use super::*;

    #[test]
    fn lag_is_told_by_source() {
        let mut node = Node::default();
        assert_eq!(lag(&node), ("–".into(), None));
        let lagging = Lagging {
            end_sn: 12,
            processed_sn: 10,
            processed_record_ts: Some(5),
            ..Lagging::default()
        };
        node.lagging_status.insert("a".into(), lagging);
        node.lagging_status.insert("b".into(), Lagging::default());
        assert_eq!(lag(&node), ("a: 2 rows, b: up to date".into(), Some(5)));
    }
}
