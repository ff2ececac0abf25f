//! The graph as a table, for whoever does not see it or has little room.

use leptos::prelude::*;

use super::{
    kinds,
    net::{Item, Net},
    state::PageState,
};
use crate::{
    text::visible,
    ui::{
        Icon, State,
        number::{count, rate},
        table::{Head::Text, ShortTable, natural},
    },
};

/// Rows that are drawn; the search finds the others.
const SHOWN: usize = 200;
/// Neighbours that are named.
const NAMED: usize = 20;

#[component]
pub fn NodeTable(shown: PageState) -> impl IntoView {
    let rows = move || {
        let searched = shown.search.with(|text| !text.trim().is_empty());
        shown.nodes.with(|net| {
            let found =
                |at: &usize| !searched || shown.found.with(|found| net.items[*at].is_one_of(found));
            let mut places: Vec<usize> = (0..net.items.len()).filter(found).collect();
            let key = |at: usize| &net.items[at].node;
            places.sort_by(|a, b| {
                let (a, b) = (key(*a), key(*b));
                natural(&a.name, &b.name).then_with(|| a.kind().cmp(&b.kind()))
            });
            let more = places.len().saturating_sub(SHOWN);
            places.truncate(SHOWN);
            let near = Near::of(net);
            let rows = places.into_iter().map(|at| row(net, &near, at, shown));
            let more = (more > 0).then(|| {
                let words = format!("{} more. Search to narrow.", count(more as u64));
                view! { <tr><td colspan="6">{words}</td></tr> }
            });
            view! { {rows.collect_view()} {more} }
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

struct Near {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    needed: Vec<Vec<usize>>,
}

impl Near {
    fn of(net: &Net) -> Self {
        let (before, after) = net.neighbours();
        let mut needed = vec![Vec::new(); net.items.len()];
        for (from, to) in &net.needs {
            needed[*from].push(*to);
        }
        Self {
            before,
            after,
            needed,
        }
    }
}

fn row(net: &Net, near: &Near, at: usize, shown: PageState) -> AnyView {
    let node = &net.items[at].node;
    let links = |places: &[usize]| {
        let named = places.iter().take(NAMED);
        let named = named.map(|at| view! { {link(&net.items[*at], shown)} " " });
        let more = places.len().saturating_sub(NAMED);
        let more = (more > 0).then(|| format!("and {} more", count(more as u64)));
        view! { {named.collect_view()} {more} }
    };
    let state = node.status().map(|status| {
        view! { <State tone=Signal::stored(kinds::tone(status)) word=Signal::stored(kinds::state(status)) /> " " }
    });
    // What it reads is said already.
    let needed = near.needed[at].iter().copied();
    let needed: Vec<usize> = needed.filter(|to| !near.before[at].contains(to)).collect();
    view! {
        <tr>
            <th scope="row">{link(&net.items[at], shown)}</th>
            <td><span class="topology-kind"><Icon name=kinds::icon(shown.sections, node) /> {kinds::word(node)}</span></td>
            <td>{state}{node.rate().map(|it| rate(it, "rows"))}</td>
            <td class="topology-links">{links(&near.before[at])}</td>
            <td class="topology-links">{links(&near.after[at])}</td>
            <td class="topology-links">{links(&needed)}</td>
        </tr>
    }
    .into_any()
}

fn link(item: &Item, shown: PageState) -> AnyView {
    let node = &item.node;
    let name = visible(&node.name).into_owned();
    match shown
        .connection
        .with_value(|connection| kinds::href(shown.sections, connection, node))
    {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    }
}
