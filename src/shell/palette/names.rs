//! Names of what a system has, asked for when the palette opens.

use std::{rc::Rc, time::Duration};

use futures_util::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use weir_api::capability::Capabilities;

use super::{item::Item, rank::Scope};
use crate::{
    connections::{Connection, Connections},
    http::{Abort, Endpoint},
    kit::{List, PageKind, Section, favourites, fetch_all},
    paths,
    registry::groups,
    text::capital,
    ui::lazy::Lazy,
};

/// Lists that are asked for at once: a browser has few connections, and live results hold some.
const AT_ONCE: usize = 3;

/// What a favourite's mark adds to its score: more than a page has.
const FAVOURITE: u32 = 120;

/// Columns that are searched; more would not answer within a frame.
const COLUMNS: usize = 50_000;

/// How long a system is given to name its resources.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sections that the server offers.
pub(super) fn offered(
    connection: &Connection,
    can: Option<Capabilities>,
) -> impl Iterator<Item = &'static Section> {
    let can = can.unwrap_or(Capabilities::all());
    let sections = groups(connection.system())
        .iter()
        .flat_map(|group| group.sections);
    sections.filter(move |section| section.offered(PageKind::List, can))
}

/// Asks a system for the names of what it has; each list appears as it comes.
pub(super) fn ask(
    connections: Connections,
    connection: &Connection,
    scope: Scope,
    can: Option<Capabilities>,
    all: RwSignal<Vec<Item>>,
    under_way: RwSignal<usize>,
) {
    let listed: Vec<Lazy<(), List>> = offered(connection, can)
        .filter_map(Section::whole)
        .collect();
    let endpoint = untrack(|| connections.endpoint(connection));
    let (id, name) = (connection.id.clone(), connection.name.clone());
    let suffix = if scope == Scope::Everywhere {
        format!(" · {name}")
    } else {
        String::new()
    };
    let marked = favourites::of(&id);
    let Ok(abort) = Abort::new() else { return };
    let abort = Rc::new(abort);
    let late = abort.clone();
    set_timeout(move || late.abort(), PATIENCE);
    under_way.update(|count| *count += 1);
    spawn_local(async move {
        let lists = join_all(listed.into_iter().map(|list| list.get(()))).await;
        let lists: Vec<List> = lists.into_iter().flatten().collect();
        for some in lists.chunks(AT_ONCE) {
            let answers =
                join_all(some.iter().map(|list| names(&endpoint, list, &id, &abort))).await;
            // The palette may be closed meanwhile.
            if all.is_disposed() {
                return;
            }
            let new: Vec<Item> = some
                .iter()
                .zip(answers)
                .flat_map(|(list, rows)| {
                    let kind = format!("{}{suffix}", capital(list.one));
                    let marked = &marked;
                    rows.into_iter().map(move |(label, href)| {
                        let (detail, weight) = match marked.contains(&href) {
                            true => (format!("{kind} · favourite"), FAVOURITE),
                            false => (kind.clone(), 0),
                        };
                        Item::open(scope, label, detail, href, weight)
                    })
                })
                .collect();
            all.update(|all| all.extend(new));
        }
        under_way.update(|count| *count -= 1);
    });
}

/// The columns of what has such, as far as its list tells them.
pub(super) fn add_columns(
    connections: Connections,
    connection: &Connection,
    can: Option<Capabilities>,
    all: RwSignal<Vec<Item>>,
    under_way: RwSignal<usize>,
) {
    let listed: Vec<&Section> = offered(connection, can)
        .filter(|section| section.whole().is_some())
        .collect();
    let endpoint = untrack(|| connections.endpoint(connection));
    let id = connection.id.clone();
    let Ok(abort) = Abort::new() else { return };
    under_way.update(|count| *count += 1);
    spawn_local(async move {
        let mut left = COLUMNS;
        for section in listed {
            let Some(list) = section.whole() else {
                continue;
            };
            let Ok(list) = list.get(()).await else {
                continue;
            };
            let Some(column_names) = list.column_names else {
                continue;
            };
            let body = fetch_all(&endpoint, (list.request)(), list.more, &abort).await;
            // The palette may be closed meanwhile.
            if all.is_disposed() {
                return;
            }
            let mut new = Vec::new();
            for (key, names) in body
                .and_then(|body| column_names(&body))
                .unwrap_or_default()
            {
                let href = paths::item(&id, section.segment, &key);
                for name in names.into_iter().take(left) {
                    left -= 1;
                    let detail = format!("Column of {} {key}", list.one);
                    let mut item = Item::open(Scope::Columns, name, detail, href.clone(), 0);
                    item.entry.id = format!("{href}#{}", item.entry.label);
                    new.push(item);
                }
            }
            all.update(|all| all.extend(new));
        }
        under_way.try_update(|count| *count -= 1);
    });
}

/// Name and address of each resource; a list that cannot be had adds none.
async fn names(endpoint: &Endpoint, list: &List, id: &str, abort: &Abort) -> Vec<(String, String)> {
    let body = fetch_all(endpoint, (list.request)(), list.more, abort).await;
    let rows = body
        .and_then(|body| (list.rows)(id, &body))
        .unwrap_or_default();
    let named = rows.into_iter().map(|row| {
        let name = row.cells.first().map(|cell| cell.words().to_string());
        (
            name.filter(|name| !name.is_empty()).unwrap_or(row.key),
            row.href,
        )
    });
    named.collect()
}
