//! What the palette offers: pages, actions, connections, and names from the systems.

use std::time::Duration;

use futures_util::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use weir_api::capability::Capabilities;

use super::{
    actions,
    rank::{Entry, Scope},
    recent,
};
use crate::{
    connections::{
        Connection, Connections, server, session, status::Access, use_connection, use_server,
    },
    http::{Abort, Endpoint},
    kit::{List, PageKind, Section, capital, favourites, fetch_all},
    paths,
    registry::groups,
    ui::lazy::Lazy,
};

/// What choosing an entry does.
#[derive(Clone)]
pub(crate) enum Choice {
    Open(String),
    Run(Callback<()>),
}

#[derive(Clone)]
pub(crate) struct Item {
    pub entry: Entry,
    pub choice: Choice,
}

impl Item {
    fn open(scope: Scope, label: String, detail: String, href: String, weight: u32) -> Self {
        let entry = Entry {
            id: href.clone(),
            label,
            detail,
            scope,
            weight,
        };
        Self {
            entry,
            choice: Choice::Open(href),
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Items {
    pub all: RwSignal<Vec<Item>>,
    /// Names are still being asked for.
    pub loading: Signal<bool>,
}

/// Lists that are asked for at once: a browser has few connections, and live results hold some.
const AT_ONCE: usize = 3;

/// What a favourite's mark adds to its score: more than a page has.
const FAVOURITE: u32 = 120;

/// What having been looked at last adds: more than anything else where nothing is typed.
const RECENT: u32 = 1000;

/// Columns that are searched; more would not answer within a frame.
const COLUMNS: usize = 50_000;

/// How long a system is given to name its resources.
const PATIENCE: Duration = Duration::from_secs(20);

/// Of the page's connection at once, of all others when `typed` asks for them.
pub(crate) fn use_items(typed: RwSignal<String>, owner: Owner) -> Items {
    let connections = expect_context::<Connections>();
    let connection = use_connection().get_untracked();
    let can = use_server().get_untracked().map(|server| server.can);
    let all = RwSignal::new(at_hand(connections, connection.as_ref(), can));
    let under_way = RwSignal::new(0usize);
    if let Some(connection) = &connection {
        actions::add(connection, can, all, owner);
        ask(connections, connection, Scope::Here, can, all, under_way);
    }
    let columns = Memo::new(move |_| typed.with(|typed| Scope::of(typed).0 == Scope::Columns));
    if let Some(connection) = connection.clone() {
        let asked = StoredValue::new(false);
        Effect::new(move || {
            if columns.get() && !asked.get_value() {
                asked.set_value(true);
                add_columns(connections, &connection, can, all, under_way);
            }
        });
    }
    let everywhere =
        Memo::new(move |_| typed.with(|typed| Scope::of(typed).0 == Scope::Everywhere));
    let here = connection.map(|connection| connection.id);
    let asked = StoredValue::new(false);
    Effect::new(move || {
        if !everywhere.get() || asked.get_value() {
            return;
        }
        asked.set_value(true);
        for other in connections.all.get_untracked().unwrap_or_default() {
            if Some(&other.id) == here.as_ref() {
                continue;
            }
            under_way.update(|count| *count += 1);
            spawn_local(async move {
                // Where a cookie or a kept credential lets in, nobody has to open it before.
                session::enter(connections, other.clone()).await;
                let can = server::known(connections, &other)
                    .await
                    .map(|server| server.can);
                let status = connections.statuses.get_untracked(&other.id);
                // The palette may be closed meanwhile.
                if under_way.try_update(|count| *count -= 1).is_some()
                    && status.access == Access::Open
                {
                    ask(connections, &other, Scope::Everywhere, can, all, under_way);
                }
            });
        }
    });
    Items {
        all,
        loading: Signal::derive(move || under_way.get() > 0),
    }
}

/// Sections that the server offers.
fn offered(
    connection: &Connection,
    can: Option<Capabilities>,
) -> impl Iterator<Item = &'static Section> {
    let can = can.unwrap_or(Capabilities::all());
    let sections = groups(connection.system())
        .iter()
        .flat_map(|group| group.sections);
    sections.filter(move |section| section.offered(PageKind::List, can))
}

/// What needs no call.
fn at_hand(
    connections: Connections,
    connection: Option<&Connection>,
    can: Option<Capabilities>,
) -> Vec<Item> {
    let mut all = Vec::new();
    if let Some(connection) = connection {
        for section in offered(connection, can) {
            let href = paths::section(&connection.id, section.segment);
            all.push(Item::open(
                Scope::Here,
                section.label.into(),
                "Page".into(),
                href,
                60,
            ));
            let creates = section.offered(PageKind::Create, can.unwrap_or(Capabilities::all()));
            if let (true, Some(kind), Some(_)) = (creates, section.creates, section.listed) {
                let label = format!("Create {}", section.one);
                let href = paths::new(&connection.id, kind);
                all.push(Item::open(
                    Scope::Here,
                    label,
                    "Action: new".into(),
                    href,
                    40,
                ));
            }
        }
    }
    if let Some(connection) = connection {
        for (label, href) in [
            ("Activity: who did what", paths::activity(&connection.id)),
            ("Export as code", paths::export(&connection.id)),
            ("Import: plan and apply", paths::import(&connection.id)),
        ] {
            all.push(Item::open(
                Scope::Here,
                label.into(),
                "Page".into(),
                href,
                40,
            ));
        }
    }
    let here = use_location().pathname.get_untracked();
    let places = recent::places().into_iter();
    for (at, place) in places.filter(|place| place.path != here).enumerate() {
        let detail = match place.connection.as_str() {
            "" => "Recent".to_string(),
            connection => format!("Recent · {connection}"),
        };
        let weight = RECENT.saturating_sub(at as u32);
        all.push(Item::open(
            Scope::Recent,
            place.name,
            detail,
            place.path,
            weight,
        ));
    }
    for other in connections.all.get_untracked().unwrap_or_default() {
        let detail = if other.production {
            "Connection, production"
        } else {
            "Connection"
        };
        let href = paths::home(&other.id);
        all.push(Item::open(Scope::Here, other.name, detail.into(), href, 20));
    }
    for (label, href) in [
        ("All systems", paths::overview()),
        ("All deliveries", paths::deliveries()),
        ("Connections", paths::connections()),
    ] {
        all.push(Item::open(
            Scope::Here,
            label.into(),
            "Page".into(),
            href,
            20,
        ));
    }
    all
}

/// Asks a system for the names of what it has; each list appears as it comes.
fn ask(
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
    let abort = std::rc::Rc::new(abort);
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
fn add_columns(
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
