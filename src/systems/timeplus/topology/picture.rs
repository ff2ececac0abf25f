//! The graph as a picture: boxes that are links, arrows between them; moved by scrolling or
//! dragging, larger and smaller by buttons.

use std::collections::{BTreeSet, HashMap};

use leptos::{ev::PointerEvent, html, prelude::*};
use weir_api::timeplus::topology::{Graph, Node};

use super::{PageState, kinds, layout};
use crate::ui::{Button, ButtonKind, Icon, State};

const BOX: (f64, f64) = (188.0, 58.0);
const GAP: (f64, f64) = (64.0, 18.0);
const EDGE: f64 = 8.0;
const SIZES: [f64; 6] = [0.4, 0.55, 0.75, 1.0, 1.25, 1.5];
const NORMAL: usize = 3;

/// A graph with a place for each node.
#[derive(Clone, PartialEq)]
struct Drawn {
    nodes: Vec<(Node, f64, f64)>,
    /// From and to as places in `nodes`.
    edges: Vec<(usize, usize)>,
    width: f64,
    height: f64,
}

fn draw(graph: &Graph) -> Drawn {
    let index: HashMap<&str, usize> = graph
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.id.as_str(), at))
        .collect();
    let ends = |edge: &weir_api::timeplus::topology::Edge| {
        Some((
            *index.get(edge.source.as_str())?,
            *index.get(edge.target.as_str())?,
        ))
    };
    let edges: Vec<_> = graph.edges.iter().filter_map(ends).collect();
    let places = layout::places(graph.nodes.len(), &edges);
    let most = |of: fn(&(usize, usize)) -> usize| {
        places.iter().map(of).max().map_or(0, |most| most + 1) as f64
    };
    let corner = |(column, row): (usize, usize)| {
        (
            column as f64 * (BOX.0 + GAP.0) + EDGE,
            row as f64 * (BOX.1 + GAP.1) + EDGE,
        )
    };
    let nodes = graph.nodes.iter().zip(&places).map(|(node, place)| {
        let (x, y) = corner(*place);
        (node.clone(), x, y)
    });
    Drawn {
        nodes: nodes.collect(),
        edges,
        width: most(|place| place.0) * (BOX.0 + GAP.0) - GAP.0 + 2.0 * EDGE,
        height: most(|place| place.1) * (BOX.1 + GAP.1) - GAP.1 + 2.0 * EDGE,
    }
}

#[component]
pub fn Picture(shown: PageState) -> impl IntoView {
    let size = RwSignal::new(NORMAL);
    // The node under the pointer or with the focus.
    let pointed = RwSignal::new(None::<String>);
    let drawn = Memo::new(move |_| shown.graph.with(draw));
    // Everything that data comes from and goes to; `None`: nothing is followed.
    let lit = Memo::new(move |_| {
        let mut start = shown.found.get();
        start.extend(pointed.get());
        if start.is_empty() {
            return None;
        }
        shown.graph.with(|graph| {
            let reach = |id: &String| {
                graph
                    .upstream(id)
                    .into_iter()
                    .chain(graph.downstream(id))
                    .collect::<Vec<_>>()
            };
            Some(start.iter().flat_map(reach).collect::<BTreeSet<String>>())
        })
    });
    let scale = move || SIZES[size.get()];
    let host = NodeRef::<html::Div>::new();
    let picture = move || {
        let drawn = drawn.get();
        let lines = drawn
            .edges
            .iter()
            .map(|(from, to)| line(&drawn, *from, *to, lit))
            .collect_view();
        let boxes = drawn
            .nodes
            .iter()
            .map(|(node, x, y)| node_box(node, *x, *y, shown, pointed, lit))
            .collect_view();
        let (width, height) = (drawn.width, drawn.height);
        view! {
            <div class="topology-sheet" style:width=format!("{width}px") style:height=format!("{height}px") style:zoom=move || scale().to_string()>
                <svg class="topology-lines" width=width height=height viewBox=format!("0 0 {width} {height}") aria-hidden="true">{lines}</svg>
                {boxes}
            </div>
        }
    };
    let change = move |by: isize| {
        size.update(|size| *size = size.saturating_add_signed(by).min(SIZES.len() - 1))
    };
    let fit = move || {
        let Some(host) = host.get_untracked() else {
            return;
        };
        let (room_x, room_y) = (
            f64::from(host.client_width()),
            f64::from(host.client_height()),
        );
        let (width, height) = drawn.with_untracked(|drawn| (drawn.width, drawn.height));
        let fits = |scale: &&f64| width * **scale <= room_x && height * **scale <= room_y;
        let best = SIZES
            .iter()
            .rev()
            .skip(SIZES.len() - 1 - NORMAL)
            .position(|scale| fits(&scale));
        size.set(best.map_or(0, |at| NORMAL - at));
    };
    view! {
        <div class="topology-tools">
            <Button kind=ButtonKind::Quiet label="Smaller" disabled=Signal::derive(move || size.get() == 0) on_click=move || change(-1)>"−"</Button>
            <Button kind=ButtonKind::Quiet label="Larger" disabled=Signal::derive(move || size.get() + 1 == SIZES.len()) on_click=move || change(1)>"+"</Button>
            <Button kind=ButtonKind::Quiet on_click=fit>"Fit"</Button>
            <span class="field-help">"Data flows from left to right. Point at a node, or search, to follow its flow."</span>
        </div>
        <div class="topology-picture" role="group" aria-label="Graph of nodes" node_ref=host tabindex="0" {..drag(host)}>
            {picture}
        </div>
    }
    .into_any()
}

/// Moves what is in the box with the pointer.
fn drag(host: NodeRef<html::Div>) -> impl leptos::attr::Attribute {
    let held = StoredValue::new(None::<(i32, i32)>);
    let begin = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" && event.button() == 0 {
            held.set_value(Some((event.client_x(), event.client_y())));
        }
    };
    let go_on = move |event: PointerEvent| {
        let (Some((x, y)), Some(host)) = (held.get_value(), host.get_untracked()) else {
            return;
        };
        if event.buttons() == 0 {
            return held.set_value(None);
        }
        host.set_scroll_left(host.scroll_left() - (event.client_x() - x));
        host.set_scroll_top(host.scroll_top() - (event.client_y() - y));
        held.set_value(Some((event.client_x(), event.client_y())));
    };
    (
        leptos::tachys::html::event::on(leptos::ev::pointerdown, begin),
        leptos::tachys::html::event::on(leptos::ev::pointermove, go_on),
    )
}

fn line(drawn: &Drawn, from: usize, to: usize, lit: Memo<Option<BTreeSet<String>>>) -> AnyView {
    let ((source, x1, y1), (target, x2, y2)) = (&drawn.nodes[from], &drawn.nodes[to]);
    let (x1, y1, y2) = (x1 + BOX.0, y1 + BOX.1 / 2.0, y2 + BOX.1 / 2.0);
    // Back to the left for loops.
    let bend = (GAP.0 / 2.0).max((x1 - x2).abs() / 4.0);
    let path = format!(
        "M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}m-6 -4l6 4l-6 4",
        x1 + bend,
        x2 - bend
    );
    let ends = [source.id.clone(), target.id.clone()];
    let on = move || {
        lit.with(|lit| {
            lit.as_ref()
                .map(|lit| ends.iter().all(|end| lit.contains(end)))
        })
    };
    let state = move || match on() {
        None => "topology-line",
        Some(true) => "topology-line lit",
        Some(false) => "topology-line dim",
    };
    view! { <path class=state d=path /> }.into_any()
}

fn node_box(
    node: &Node,
    x: f64,
    y: f64,
    shown: PageState,
    pointed: RwSignal<Option<String>>,
    lit: Memo<Option<BTreeSet<String>>>,
) -> AnyView {
    let id = node.id.clone();
    let class = move || match lit.with(|lit| lit.as_ref().map(|lit| lit.contains(&id))) {
        None => "topology-node",
        Some(true) => "topology-node lit",
        Some(false) => "topology-node dim",
    };
    let state = node.status().map(|status| {
        view! { <State tone=Signal::stored(kinds::tone(status)) word=Signal::stored(status.to_string()) /> }
    });
    let inside = view! {
        <span class="topology-name">{node.name.clone()}</span>
        <span class="topology-kind"><Icon name=kinds::icon(shown.sections, node) /> {kinds::word(node)} " " {state}</span>
    };
    let (point, focus) = (node.id.clone(), node.id.clone());
    let follow = move || pointed.set(Some(point.clone()));
    let focused = move |_| pointed.set(Some(focus.clone()));
    let leave = move |_| pointed.set(None);
    let (left, top) = (format!("{x}px"), format!("{y}px"));
    // What does not fit into the box is told by its title.
    let title = match node.status() {
        Some(status) => format!("{} ({}, {status})", node.name, kinds::word(node)),
        None => format!("{} ({})", node.name, kinds::word(node)),
    };
    match shown.connection.with_value(|connection| kinds::href(shown.sections, connection, node)) {
        Some(href) => view! {
            <a class=class href=href title=title draggable="false" style:left=left style:top=top
                on:pointerenter=move |_| follow() on:pointerleave=leave on:focus=focused on:blur=move |_| pointed.set(None)>
                {inside}
            </a>
        }
        .into_any(),
        None => view! {
            <div class=class title=title style:left=left style:top=top
                on:pointerenter=move |_| follow() on:pointerleave=leave>
                {inside}
            </div>
        }
        .into_any(),
    }
}
