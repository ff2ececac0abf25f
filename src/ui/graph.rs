//! Boxes joined by arrows, laid out from left to right.

use std::collections::HashMap;

use leptos::prelude::*;

const BOX: (f64, f64) = (196.0, 68.0);
const GAP: (f64, f64) = (56.0, 20.0);
/// Characters of a title that fit into a box.
const TITLE: usize = 27;

#[derive(Debug, Clone, PartialEq)]
pub struct GraphNode {
    pub id: i64,
    pub title: String,
    /// Small print below it, two lines at most.
    pub lines: Vec<String>,
    /// Its arrows move.
    pub running: bool,
}

/// Column and row of each node: a node stands right of all that lead to it, in its column by the
/// mean row of those.
fn places(nodes: &[GraphNode], edges: &[(i64, i64)]) -> Vec<(usize, usize)> {
    let index: HashMap<i64, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.id, at))
        .collect();
    let edges: Vec<(usize, usize)> = edges
        .iter()
        .filter_map(|(from, to)| Some((*index.get(from)?, *index.get(to)?)))
        .collect();
    let mut columns = vec![0usize; nodes.len()];
    // Longest way from a start; as many rounds as nodes also end a loop.
    for _ in 0..nodes.len() {
        for (from, to) in &edges {
            if from != to && columns[*to] <= columns[*from] && columns[*from] + 1 < nodes.len() {
                columns[*to] = columns[*from] + 1;
            }
        }
    }
    let mut rows = vec![0usize; nodes.len()];
    let last = columns.iter().max().copied().unwrap_or(0);
    for column in 0..=last {
        let mut members: Vec<(f64, usize)> = (0..nodes.len())
            .filter(|node| columns[*node] == column)
            .map(|node| {
                let before: Vec<usize> = edges
                    .iter()
                    .filter(|(_, to)| *to == node)
                    .map(|(from, _)| rows[*from])
                    .collect();
                let mean = before.iter().sum::<usize>() as f64 / before.len().max(1) as f64;
                (mean, node)
            })
            .collect();
        members.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (row, (_, node)) in members.into_iter().enumerate() {
            rows[node] = row;
        }
    }
    columns.into_iter().zip(rows).collect()
}

/// A picture for the eye only: what it tells must stand in a table beside it.
#[component]
pub fn Graph(
    #[prop(into)] label: String,
    nodes: Signal<Vec<GraphNode>>,
    edges: Signal<Vec<(i64, i64)>>,
) -> impl IntoView {
    let picture = move || {
        let (nodes, edges) = (nodes.get(), edges.get());
        let places = places(&nodes, &edges);
        let columns = places.iter().map(|place| place.0 + 1).max().unwrap_or(0);
        let tallest = places.iter().map(|place| place.1 + 1).max().unwrap_or(0);
        let width = columns as f64 * (BOX.0 + GAP.0) - GAP.0 + 4.0;
        let height = tallest as f64 * (BOX.1 + GAP.1) - GAP.1 + 4.0;
        // Short columns stand in the middle.
        let corner = |(column, row): (usize, usize)| {
            let rows = places.iter().filter(|place| place.0 == column).count();
            let shift = (tallest - rows) as f64 * (BOX.1 + GAP.1) / 2.0;
            (
                column as f64 * (BOX.0 + GAP.0) + 2.0,
                row as f64 * (BOX.1 + GAP.1) + shift + 2.0,
            )
        };
        let corner_of = |id: i64| {
            let at = nodes.iter().position(|node| node.id == id)?;
            Some((corner(places[at]), nodes[at].running))
        };
        let lines = edges
            .iter()
            .filter_map(|(from, to)| {
                let (((x1, y1), running), ((x2, y2), _)) = (corner_of(*from)?, corner_of(*to)?);
                let (x1, y1, y2) = (x1 + BOX.0, y1 + BOX.1 / 2.0, y2 + BOX.1 / 2.0);
                let bend = GAP.0 / 2.0;
                let path = format!(
                    "M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}m-6 -4l6 4l-6 4",
                    x1 + bend,
                    x2 - bend,
                );
                Some(view! { <path class="graph-edge" class:running=running d=path /> })
            })
            .collect_view();
        let boxes = nodes
            .iter()
            .zip(&places)
            .map(|(node, place)| {
                let (x, y) = corner(*place);
                let title = shorten(&node.title);
                let small = node.lines.iter().take(2).enumerate().map(|(index, line)| {
                    view! { <text class="graph-small" x=x + 10.0 y=y + 40.0 + 17.0 * index as f64>{line.clone()}</text> }
                });
                view! {
                    <g>
                        <title>{node.title.clone()}</title>
                        <rect class="graph-node" x=x y=y width=BOX.0 height=BOX.1 rx="5" />
                        <text class="graph-title" x=x + 10.0 y=y + 21.0>{title}</text>
                        {small.collect_view()}
                    </g>
                }
            })
            .collect_view();
        view! {
            <svg class="graph-picture" width=width height=height viewBox=format!("0 0 {width} {height}") aria-hidden="true">
                {lines}
                {boxes}
            </svg>
        }
    };
    view! {
        <div class="graph" role="group" aria-label=label tabindex="0">{picture}</div>
    }
    .into_any()
}

fn shorten(title: &str) -> String {
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(ids: &[i64]) -> Vec<GraphNode> {
        ids.iter()
            .map(|id| GraphNode {
                id: *id,
                title: id.to_string(),
                lines: Vec::new(),
                running: false,
            })
            .collect()
    }

    #[test]
    fn nodes_stand_behind_all_that_lead_to_them() {
        let places = places(&nodes(&[7, 8, 9, 10]), &[(7, 9), (8, 9), (7, 10), (9, 10)]);
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (2, 0)]);
    }

    #[test]
    fn loops_and_unknown_nodes_do_no_harm() {
        let places = places(&nodes(&[1, 2]), &[(1, 2), (2, 1), (1, 1), (5, 1)]);
        assert_eq!(places.len(), 2);
        assert!(places.iter().all(|place| place.0 < 2));
    }
}
