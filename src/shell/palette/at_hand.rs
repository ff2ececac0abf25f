//! What the palette offers without a call: pages, connections, and where somebody was last.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use weir_api::capability::Capabilities;

use super::{item::Item, names::offered, rank::Scope, recent};
use crate::{
    connections::{Connection, Connections, use_may_change},
    kit::PageKind,
    paths,
};

/// What having been looked at last adds: more than anything else where nothing is typed.
const RECENT: u32 = 1000;

pub(super) fn at_hand(
    connections: Connections,
    connection: Option<&Connection>,
    can: Option<Capabilities>,
) -> Vec<Item> {
    let mut all = Vec::new();
    if let Some(connection) = connection {
        all.extend(sections(connection, can));
        all.extend(pages(
            [
                ("Activity", paths::activity(&connection.id)),
                ("Export as code", paths::export(&connection.id)),
                ("Import", paths::import(&connection.id)),
            ],
            40,
        ));
    }
    all.extend(places());
    for other in connections.all.get_untracked().unwrap_or_default() {
        let detail = match other.production {
            true => "Connection, production",
            false => "Connection",
        };
        let href = paths::home(&other.id);
        all.push(Item::open(Scope::Here, other.name, detail.into(), href, 20));
    }
    all.extend(pages(
        [
            ("All systems", paths::overview()),
            ("All deliveries", paths::deliveries()),
            ("Connections", paths::connections()),
        ],
        20,
    ));
    all
}

fn pages<const N: usize>(all: [(&str, String); N], weight: u32) -> impl Iterator<Item = Item> {
    all.into_iter().map(move |(label, href)| {
        Item::open(Scope::Here, label.into(), "Page".into(), href, weight)
    })
}

/// The lists, and the forms of what they list.
fn sections(connection: &Connection, can: Option<Capabilities>) -> Vec<Item> {
    let mut all = Vec::new();
    let may_change = !use_may_change().denied.get_untracked();
    for section in offered(connection, can) {
        let (label, href) = (
            section.label,
            paths::section(&connection.id, section.segment),
        );
        all.extend(pages([(label, href)], 60));
        let creates = section.offered(PageKind::Create, can.unwrap_or(Capabilities::all()));
        let creates = creates && may_change;
        if let (true, Some(kind), Some(_)) = (creates, section.creates, section.listed) {
            let label = format!("Create {}", section.one);
            let href = paths::new(&connection.id, kind);
            let detail = "Action".into();
            all.push(Item::open(Scope::Actions, label, detail, href, 40));
        }
    }
    all
}

/// Where somebody was, the last one first.
fn places() -> impl Iterator<Item = Item> {
    let here = use_location().pathname.get_untracked();
    let places = recent::places().into_iter();
    let others = places.filter(move |place| place.path != here).enumerate();
    others.map(|(at, place)| {
        let detail = match place.connection.as_str() {
            "" => "Recent".to_string(),
            connection => format!("Recent · {connection}"),
        };
        let weight = RECENT.saturating_sub(at as u32);
        Item::open(Scope::Recent, place.name, detail, place.path, weight)
    })
}
