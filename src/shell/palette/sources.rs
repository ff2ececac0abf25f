//! What the palette offers: pages, actions, connections, and names from the systems.

use std::time::Duration;

use futures_util::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use weir_api::capability::Capabilities;

use super::rank::{Entry, Scope};
use crate::{
    connections::{Connection, Connections, status::Access, use_connection, use_server},
    http::{Abort, Endpoint},
    kit::{List, PageKind, Section, capital, favourites, fetch_all},
    paths,
    registry::groups,
    ui::{lazy::Lazy, table::RowActionKind},
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

/// How long a system is given to name its resources.
const PATIENCE: Duration = Duration::from_secs(20);

/// Of the page's connection at once, of all others when `typed` asks for them.
pub(crate) fn use_items(typed: RwSignal<String>) -> Items {
    let connections = expect_context::<Connections>();
    let connection = use_connection().get_untracked();
    let can = use_server().get_untracked().map(|server| server.can);
    let all = RwSignal::new(at_hand(connections, connection.as_ref(), can));
    let under_way = RwSignal::new(0usize);
    if let Some(connection) = &connection {
        add_actions(connection, all);
        ask(connections, connection, Scope::Here, can, all, under_way);
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
            let status = connections.statuses.get(&other.id);
            if Some(&other.id) != here.as_ref() && status.access == Access::Open {
                let can = status.server.map(|server| server.can);
                ask(connections, &other, Scope::Everywhere, can, all, under_way);
            }
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
                all.push(Item::open(Scope::Here, label, "Action".into(), href, 40));
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

/// Adds what can be done with the thing that the page shows.
fn add_actions(connection: &Connection, all: RwSignal<Vec<Item>>) {
    let path = use_location().pathname.get_untracked();
    let segments = super::super::trail::segments(&path);
    let [_, _, segment, key, ..] = segments.as_slice() else {
        return;
    };
    let found = groups(connection.system())
        .iter()
        .flat_map(|group| group.sections)
        .find(|section| section.segment == segment);
    let Some(list) = found.and_then(|section| section.listed) else {
        return;
    };
    let (id, key) = (connection.id.clone(), paths::key(key));
    let owner = Owner::current();
    spawn_local(async move {
        // Without its code there are no actions; that it does not come is said where it is opened.
        let Ok(list) = list.get(()).await else { return };
        let actions = || actions(&list, &id, &key);
        let actions = owner.map_or_else(Vec::new, |owner| owner.with(actions));
        all.try_update(|all| all.extend(actions));
    });
}

fn actions(list: &List, connection: &str, key: &str) -> Vec<Item> {
    let deeds = (list.row_actions)(connection, key).into_iter().map(|deed| {
        let entry = Entry {
            id: deed.label.clone(),
            label: deed.label,
            detail: "Action".into(),
            scope: Scope::Actions,
            weight: 90,
        };
        let choice = match deed.kind {
            RowActionKind::Open(href) => Choice::Open(href),
            RowActionKind::Run(run) => Choice::Run(run),
        };
        Item { entry, choice }
    });
    deeds.collect()
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
    let endpoint = connections.endpoint(connection);
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
