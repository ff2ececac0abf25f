//! The graph as a table, for whoever does not see it or has little room.

use leptos::prelude::*;
use weir_api::timeplus::topology::{Graph, Node};

use super::{PageState, kinds};
use crate::ui::{
    Icon, State,
    table::{Head::Text, ShortTable},
};

#[component]
pub fn NodeTable(shown: PageState) -> impl IntoView {
    let rows = move || {
        let searched = shown.search.with(|text| !text.trim().is_empty());
        shown.graph.with(|graph| {
            let mut nodes: Vec<&Node> = graph.nodes.iter().collect();
            nodes.retain(|node| !searched || shown.found.with(|found| found.contains(&node.id)));
            nodes.sort_by(|a, b| {
                (a.name.to_lowercase(), a.kind()).cmp(&(b.name.to_lowercase(), b.kind()))
            });
            nodes
                .into_iter()
                .map(|node| row(graph, node, shown))
                .collect_view()
        })
    };
    view! {
        <ShortTable
            label="Nodes" class="topology-table"
            heads=&[
                Text("Name"), Text("Kind"), Text("State"), Text("Reads from"),
                Text("Writes to"), Text("Depends on"),
            ]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}

fn row(graph: &Graph, node: &Node, shown: PageState) -> AnyView {
    let edges = graph.edges.iter();
    let from = edges
        .clone()
        .filter(|edge| edge.target == node.id)
        .map(|edge| &edge.source);
    let to = edges
        .filter(|edge| edge.source == node.id)
        .map(|edge| &edge.target);
    let needs = graph
        .dependencies
        .iter()
        .filter(|edge| edge.source == node.id);
    let needs = needs.map(|edge| &edge.target);
    let links = |ids: Vec<&String>| {
        let nodes = ids.into_iter().filter_map(|id| graph.node(id));
        nodes
            .map(|node| view! { {link(node, shown)} " " })
            .collect_view()
    };
    let state = node.status().map(|status| {
        view! { <State tone=Signal::stored(kinds::tone(status)) word=Signal::stored(status.to_string()) /> }
    });
    view! {
        <tr>
            <th scope="row">{link(node, shown)}</th>
            <td><span class="topology-kind"><Icon name=kinds::icon(shown.sections, node) /> {kinds::word(node)}</span></td>
            <td>{state}</td>
            <td class="topology-links">{links(from.collect())}</td>
            <td class="topology-links">{links(to.collect())}</td>
            <td class="topology-links">{links(needs.collect())}</td>
        </tr>
    }
    .into_any()
}

fn link(node: &Node, shown: PageState) -> AnyView {
    let name = node.name.clone();
    match shown
        .connection
        .with_value(|connection| kinds::href(shown.sections, connection, node))
    {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    }
}
