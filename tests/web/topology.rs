//! The picture of thousands of nodes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::systems::timeplus::topology::{
    picture::Picture,
    state::{Asked, PageState},
};
use weir_api::timeplus::topology::{Edge, Graph, Node};

use crate::page::{Page, settle, show, until};

/// Streams `s_0` and so on, each read by the view of the same number; the streams are alone from
/// `connected` on.
fn graph(streams: usize, connected: usize) -> Graph {
    let node = |kind: &str, at: usize| Node {
        id: format!("{kind}:{kind}_{at}"),
        name: format!("{kind}_{at}"),
        node_type: kind.into(),
        ..Node::default()
    };
    let edge = |at: usize| Edge {
        source: format!("stream:stream_{at}"),
        target: format!("view:view_{at}"),
    };
    Graph {
        nodes: (0..streams)
            .map(|at| node("stream", at))
            .chain((0..connected).map(|at| node("view", at)))
            .collect(),
        edges: (0..connected).map(edge).collect(),
        dependencies: Vec::new(),
    }
}

fn picture(graph: Graph, group: &str) -> (Page, PageState) {
    let group = group.to_string();
    let state = Arc::new(Mutex::new(None));
    let told = state.clone();
    let page = show(move || {
        let asked = Asked {
            group,
            ..Asked::default()
        };
        let graph = RwSignal::new(graph);
        let shown = PageState::new(graph, Signal::stored(true), asked, "c".into(), |_| None);
        *told.lock().expect("free") = Some(shown);
        view! {
            <style>
                ".topology-picture { position: relative; width: 1000px; height: 600px; overflow: auto; }
                 .topology-node, .topology-lines { position: absolute; }"
            </style>
            <Picture shown />
        }
        .into_any()
    });
    let shown = state.lock().expect("free").expect("shown");
    (page, shown)
}

#[wasm_bindgen_test]
async fn of_four_thousand_nodes_few_are_in_the_document() {
    let (page, shown) = picture(graph(2500, 1500), "off");
    until("boxes", || page.all(".topology-node").len() > 20).await;
    let boxes = page.all(".topology-node").len();
    assert!(boxes < 500, "{boxes}");
    // What is looked for comes into the window, wherever it stands.
    shown.search.set("stream_2499".into());
    until("the last node", || {
        page.all(".topology-node.lit")
            .iter()
            .any(|node| node.inner_text().contains("stream_2499"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn many_are_grouped_and_one_is_followed() {
    let (page, shown) = picture(graph(400, 100), "");
    until("the groups", || page.all("button.topology-face").len() == 2).await;
    shown.follow("view:view_7".into());
    let wanted = BTreeSet::from(["stream_7".into(), "view_7".into()]);
    until("the flow", || {
        let names = page.all(".topology-name");
        let words: BTreeSet<String> = names.iter().map(|name| name.inner_text()).collect();
        words == wanted
    })
    .await;
    settle().await;
}
