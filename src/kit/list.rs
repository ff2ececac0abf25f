//! The page with all resources of a kind: found, sorted, selected, with figures that come later.

use std::{collections::HashSet, sync::Arc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use weir_api::{ApiError, ApiRequest};

use super::{Deletion, Load, use_deletion, use_load};
use crate::{
    connections::use_endpoint,
    http,
    ui::{
        Banner, Button, ButtonKind, Empty, ErrorBanner, Icon, IconName, Tone,
        number::{count, plural},
        table::{
            Cell, Column, Deed, DeedKind, Figures, Row, Rows, Sort, Table, TableState, Turns,
            arrange, renew,
        },
    },
};

const EVERY: Duration = Duration::from_secs(20);
/// Sorting by a late column asks for the figures of all rows found: not of more than these.
const SORTED_FIGURES: usize = 200;

/// Where late cells come from, one request for each row.
#[derive(Clone, Copy)]
pub struct Figured {
    pub request: fn(&str) -> ApiRequest,
    /// Cells for the late columns, in their order.
    pub cells: fn(&[u8]) -> Result<Vec<Cell>, ApiError>,
}

/// A list without knowledge of what it lists.
#[derive(Clone)]
pub struct List {
    pub title: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    pub columns: Vec<Column>,
    pub sort: Sort,
    pub request: fn() -> ApiRequest,
    /// Connection and answer to rows.
    pub rows: fn(&str, &[u8]) -> Result<Vec<Row>, ApiError>,
    pub figures: Option<Figured>,
    /// Path of the page that creates one.
    pub create: Option<fn(&str) -> String>,
    /// Connection and key to what can be done with a row, besides deleting.
    pub deeds: fn(&str, &str) -> Vec<Deed>,
    pub deletion: Option<Deletion>,
    /// What these resources are for, shown where there are none.
    pub hint: &'static str,
}

#[component]
pub fn ListView(connection: String, list: List) -> impl IntoView {
    let query = use_query_map();
    let start = query.with_untracked(|query| {
        (
            query.get("q").unwrap_or_default(),
            sort_of(&list, query.get("sort"), query.get("dir")),
        )
    });
    let (search, sort) = (RwSignal::new(start.0), RwSignal::new(start.1));
    keep_in_url(list.columns.clone(), list.sort, search, sort);

    let rows = RwSignal::new(Rows::default());
    let version = StoredValue::new(0u32);
    let decode = list.rows;
    let owner = connection.clone();
    let request = list.request;
    let accept = Callback::new(move |body: Vec<u8>| {
        let new = decode(&owner, &body)?;
        version.update_value(|version| *version += 1);
        rows.set(renew(&rows.get_untracked(), new, version.get_value()));
        Ok(())
    });
    let load = use_load(Signal::derive(request), Some(EVERY), accept);

    let figures = Figures::new();
    let late: Vec<Option<usize>> = late_places(&list.columns);
    let late = StoredValue::new(late);
    let shown: Memo<Rows> = Memo::new(move |_| {
        let sort = sort.get();
        let late = late.with_value(|late| late.get(sort.column).copied().flatten());
        if late.is_some() {
            figures.version.track();
        }
        let cell = |row: &Row, at: usize| match late {
            Some(place) => figures
                .of(&row.key)
                .with_untracked(|cells| cells.get(place).cloned())
                .unwrap_or_default(),
            None => row.cells.get(at).cloned().unwrap_or_default(),
        };
        Arc::new(rows.with(|rows| search.with(|search| arrange(rows, search, sort, cell))))
    });

    let selected = RwSignal::new(HashSet::new());
    let failures = RwSignal::new(Vec::new());
    let remove = list.deletion.map(|deletion| {
        let done = move |gone: Vec<String>| {
            let gone: HashSet<String> = gone.into_iter().collect();
            selected.update(|all| all.retain(|key| !gone.contains(key)));
            rows.update(|rows| {
                *rows = Arc::new(
                    rows.iter()
                        .filter(|row| !gone.contains(&row.key))
                        .cloned()
                        .collect(),
                )
            });
            load.reload();
        };
        use_deletion(deletion, failures, Callback::new(done))
    });
    let deeds = {
        let (connection, deeds) = (connection.clone(), list.deeds);
        Callback::new(move |key: String| {
            let mut all = deeds(&connection, &key);
            if let Some(remove) = remove {
                all.push(Deed {
                    label: format!("Delete {key}"),
                    icon: IconName::Delete,
                    kind: DeedKind::Run(Callback::new(move |()| remove.run(vec![key.clone()]))),
                });
            }
            all
        })
    };
    let state = TableState {
        columns: StoredValue::new(list.columns.clone()),
        sort,
        figures,
        selected,
        select: list.deletion.is_some(),
        deeds,
    };
    let wanted = use_figures(list.figures, figures, late, sort, shown);

    let create = list.create.map(|create| create(&connection));
    let (title, one, many, hint) = (list.title, list.one, list.many, list.hint);
    let create_empty = create.clone();
    let label = format!("Search {many}");
    view! {
        <div class="page list">
        <header class="page-head">
            <h1>{title}</h1>
            <p class="page-count" role="status">{move || tally(load, rows, shown, one, many)}</p>
            <div class="page-actions">
                {create.map(|href| view! { <a class="button primary" href=href>{format!("Create {one}")}</a> })}
            </div>
        </header>
        <div class="toolbar" role="search">
            <input
                class="input search"
                type="search"
                aria-label=label.clone()
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
            <Button kind=ButtonKind::Quiet label="Refresh" on_click=move || load.reload()>
                <Icon name=IconName::Reload />
            </Button>
            {remove.map(|remove| view! { <Bulk selected remove one many /> })}
        </div>
        <ErrorBanner error=load.complaint() />
        <Failed failures />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if rows.with(|rows| rows.is_empty()) {
                let create = create_empty.clone();
                let action = create.map(|href| view! { <a class="button primary" href=href>{format!("Create {one}")}</a> });
                return view! { <Empty title=format!("No {many} yet") hint=hint>{action}</Empty> }.into_any();
            }
            view! {
                <Table label=title state rows=shown.into() search on_window=wanted />
                {move || {
                    shown.with(|shown| shown.is_empty()).then(|| view! {
                        <Empty title=format!("No {many} match the search")>
                            <Button on_click=move || search.set(String::new())>"Clear search"</Button>
                        </Empty>
                    })
                }}
            }
                .into_any()
        }}
        </div>
    }
    .into_any()
}

fn tally(load: Load, rows: RwSignal<Rows>, shown: Memo<Rows>, one: &str, many: &str) -> String {
    if !load.ready.get() {
        return String::new();
    }
    let (all, found) = (
        rows.with(|r| r.len()) as u64,
        shown.with(|r| r.len()) as u64,
    );
    if all == found {
        plural(all, one, many)
    } else {
        format!("{} of {}", count(found), plural(all, one, many))
    }
}

/// The place of each column among the late ones.
fn late_places(columns: &[Column]) -> Vec<Option<usize>> {
    let mut next = 0;
    let places = columns.iter().map(|column| {
        column.late.then(|| {
            next += 1;
            next - 1
        })
    });
    places.collect()
}

fn sort_of(list: &List, column: Option<String>, direction: Option<String>) -> Sort {
    let found = column.and_then(|id| list.columns.iter().position(|c| c.id == id && c.sortable));
    found.map_or(list.sort, |column| Sort {
        column,
        descending: direction.as_deref() == Some("desc"),
    })
}

/// Search and order are part of the page's address; what is usual is left out of it.
fn keep_in_url(columns: Vec<Column>, usual: Sort, search: RwSignal<String>, sort: RwSignal<Sort>) {
    let (location, navigate) = (use_location(), use_navigate());
    let path = location.pathname.get_untracked();
    Effect::new(move |first: Option<()>| {
        let (search, sort) = (search.get(), sort.get());
        if first.is_none() || location.pathname.get_untracked() != path {
            return;
        }
        let mut params = location.query.get_untracked();
        for name in ["q", "sort", "dir"] {
            params.remove(name);
        }
        if !search.is_empty() {
            params.insert("q", search);
        }
        if sort != usual {
            params.insert("sort", columns[sort.column].id.to_string());
            params.insert(
                "dir",
                if sort.descending { "desc" } else { "asc" }.to_string(),
            );
        }
        let url = format!("{path}{}", params.to_query_string());
        navigate(
            &url,
            NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            },
        );
    });
}

/// Asks for the figures of rows on the screen; told the keys whenever these change.
fn use_figures(
    source: Option<Figured>,
    figures: Figures,
    late: StoredValue<Vec<Option<usize>>>,
    sort: RwSignal<Sort>,
    shown: Memo<Rows>,
) -> Callback<Vec<String>> {
    let endpoint = use_endpoint();
    let turns = StoredValue::new(Turns::default());
    let on_screen = RwSignal::new(Vec::<String>::new());
    let Some(source) = source else {
        return Callback::new(move |_| ());
    };
    let tick = RwSignal::new(0u32);
    let timer = set_interval_with_handle(
        move || tick.update(|t| *t = t.wrapping_add(1)),
        Duration::from_secs(5),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    Effect::new(move || {
        tick.track();
        let by_figure =
            late.with_value(|late| late.get(sort.get().column).copied().flatten().is_some());
        let mut keys = on_screen.get();
        if by_figure {
            let more = shown.with(|rows| {
                rows.iter()
                    .take(SORTED_FIGURES)
                    .map(|row| row.key.clone())
                    .collect::<Vec<_>>()
            });
            keys.extend(more);
        }
        if !document().hidden() {
            turns.update_value(|turns| turns.want(keys, js_sys::Date::now()));
            pump(source, figures, turns, endpoint);
        }
    });
    Callback::new(move |keys| on_screen.set(keys))
}

fn pump(
    source: Figured,
    figures: Figures,
    turns: StoredValue<Turns>,
    endpoint: Memo<Option<http::Endpoint>>,
) {
    while let Some(key) = turns.try_update_value(Turns::start).flatten() {
        let Some(Some(endpoint_now)) = endpoint.try_get_untracked() else {
            return;
        };
        spawn_local(async move {
            let outcome = http::send(&endpoint_now, (source.request)(&key)).await;
            let now = js_sys::Date::now();
            if turns
                .try_update_value(|turns| turns.finish(&key, now))
                .is_none()
            {
                return;
            }
            // A row without figures stays as it is: the connection's banner or the next turn tells.
            if let Ok(cells) = outcome.and_then(|body| (source.cells)(&body)) {
                figures.set(&key, cells);
            }
            pump(source, figures, turns, endpoint);
        });
    }
}

/// What can be done with the selected rows; there is always room for it.
#[component]
fn Bulk(
    selected: RwSignal<HashSet<String>>,
    remove: Callback<Vec<String>>,
    one: &'static str,
    many: &'static str,
) -> impl IntoView {
    let some = move || selected.with(|all| !all.is_empty());
    view! {
        <div class="bulk" class:on=some>
            {move || {
                some().then(|| view! {
                    <span role="status">{move || format!("{} selected", plural(selected.with(HashSet::len) as u64, one, many))}</span>
                    <Button on_click=move || {
                        let mut keys: Vec<String> = selected.get_untracked().into_iter().collect();
                        keys.sort();
                        remove.run(keys);
                    }>"Delete selected"</Button>
                    <Button kind=ButtonKind::Quiet on_click=move || selected.set(HashSet::new())>"Clear selection"</Button>
                })
            }}
        </div>
    }
    .into_any()
}

#[component]
pub fn Failed(failures: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let all = failures.get();
        (!all.is_empty()).then(|| {
            let lines: Vec<_> = all
                .into_iter()
                .map(|line| view! { <li>{line}</li> })
                .collect();
            view! { <Banner tone=Tone::Bad><ul class="failures">{lines}</ul></Banner> }
        })
    }
}

/// Says nothing for the first moment, so that a quick answer does not flash.
#[component]
pub fn Waiting(load: Load) -> impl IntoView {
    move || {
        let words = match load.error.get() {
            None => "Loading…",
            Some(ApiError::Network(_)) => "Not loaded yet: the connection cannot be reached.",
            Some(_) => "",
        };
        view! { <p class="waiting" role="status">{words}</p> }
    }
}
