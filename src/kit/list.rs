//! The page with all resources of a kind: found, sorted, selected, with figures that come later.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_location;
use weir_api::{ApiError, ApiRequest, lenient, paging::More};

use super::{
    BulkAction, Code, Deletion, Figured, Load,
    address::{keep_in_url, sort_of},
    bulk::Tagging,
    created::{Created, Lagging},
    favourites,
    figured::{late_places, use_figures},
    list_bar::{BulkBar, ListMenu},
    list_files,
    list_groups::{GroupButtons, Grouping},
    list_states::{self, StateChips},
    notice::{Failed, Incomplete, Unread, Waiting},
    use_load_all, use_named_deletion,
};
use crate::{
    connections::use_may_change,
    query::use_query,
    ui::{
        Button, ButtonKind, ChangeLink, Empty, ErrorBanner, Icon, IconName,
        lazy::Lazy,
        number::{count, plural},
        table::{
            Column, Figures, Row, RowAction, RowActionKind, Rows, Sort, Star, Table, TableState,
            TagSearch, found, renew, sorted,
        },
    },
};

const EVERY: Duration = Duration::from_secs(20);
/// Connection and the parts of an answer to rows.
pub type ReadRows = fn(&str, &[Vec<u8>]) -> Result<Vec<Row>, ApiError>;

/// The parts of an answer to keys and the names of their columns.
pub type ColumnNames = fn(&[Vec<u8>]) -> Result<Vec<(String, Vec<String>)>, ApiError>;

/// A list without knowledge of what it lists.
#[derive(Clone)]
pub struct List {
    pub title: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    pub columns: Vec<Column>,
    pub sort: Sort,
    pub request: fn() -> ApiRequest,
    pub more: More,
    /// Connection and the parts of the answer to rows.
    pub rows: ReadRows,
    pub figures: Option<Figured>,
    /// Path of the page that creates one.
    pub create: Option<fn(&str) -> String>,
    /// Of what has columns.
    pub column_names: Option<ColumnNames>,
    /// Connection and key to what can be done with a row, besides deleting.
    pub row_actions: fn(&str, &str) -> Vec<RowAction>,
    pub deletion: Option<Deletion>,
    /// What can be done to many, besides deleting.
    pub bulk: &'static [BulkAction],
    /// Where they have tags.
    pub tagging: Option<Tagging>,
    /// How they are written as code, where they can be.
    pub code: Option<Lazy<(), Code>>,
    /// What these resources are for, shown where there are none.
    pub hint: &'static str,
}

/// A list of which the server sends only the part that is asked for.
#[derive(Clone)]
pub struct Narrow {
    pub request: Signal<ApiRequest>,
    /// What is asked for, above the rows.
    pub bar: ViewFn,
    /// Something is left out by what is asked for.
    pub active: Signal<bool>,
    /// Told of every answer.
    pub told: Callback<Vec<Vec<u8>>>,
}

#[component]
pub fn ListView(
    connection: String,
    list: List,
    #[prop(optional_no_strip)] narrow: Option<Narrow>,
) -> impl IntoView {
    let permit = use_may_change();
    // The route's own query map still tells of the page before when only the section changes.
    let query = use_query();
    let start = query.with_untracked(|query| {
        (
            query.get("q").unwrap_or_default(),
            sort_of(
                &list.columns,
                list.sort,
                query.get("sort"),
                query.get("dir"),
            ),
        )
    });
    let (search, sort) = (RwSignal::new(start.0), RwSignal::new(start.1));
    let hidden = RwSignal::new(query.with_untracked(|query| {
        let shown = query.get("columns").unwrap_or_default();
        list_files::hidden(&list.columns, &shown)
    }));
    let in_state =
        RwSignal::new(query.with_untracked(|query| query.get("state").unwrap_or_default()));
    let rows = RwSignal::new(Rows::default());
    let grouping = query.with_untracked(|query| Grouping::new(query, rows));
    let more = Signal::derive(move || {
        let groups = grouping.parameters().into_iter();
        groups
            .chain([("state", in_state.get())])
            .collect::<Vec<_>>()
    });
    keep_in_url(list.columns.clone(), list.sort, search, sort, hidden, more);

    let version = StoredValue::new(0u32);
    let decode = list.rows;
    let owner = connection.clone();
    let request = match &narrow {
        Some(narrow) => narrow.request,
        None => Signal::derive(list.request),
    };
    let told = narrow.as_ref().map(|narrow| narrow.told);
    let narrowed = narrow.as_ref().map(|narrow| narrow.active);
    let bar = narrow.map(|narrow| narrow.bar.run());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        let new = decode(&owner, &parts)?;
        if let Some(told) = told {
            told.run(parts);
        }
        version.update_value(|version| *version += 1);
        let came = new.len();
        let renewed = renew(&rows.get_untracked(), new, version.get_value());
        let hidden = (came - renewed.len()) as u64;
        if hidden > 0 {
            let entries = plural(hidden, "entry", "entries");
            lenient::say(&format!("{entries} of the same name as another"));
        }
        rows.set(renewed);
        Ok(())
    });
    let load = use_load_all(request, list.more, Some(EVERY), accept);

    let marked = RwSignal::new(favourites::of(&connection));
    let star = {
        let connection = connection.clone();
        let press = move |href: String| marked.set(favourites::toggle(&connection, &href));
        Star {
            marked,
            press: Callback::new(press),
        }
    };
    let figures = Figures::new();
    let late: Vec<Option<usize>> = late_places(&list.columns);
    let late = StoredValue::new(late);
    // Apart from what is searched for, which changes with every key.
    let ordered: Memo<Rows> = Memo::new(move |_| {
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
        Arc::new(rows.with(|rows| sorted(rows, sort, cell)))
    });
    let shown: Memo<Rows> = Memo::new(move |_| {
        let rows = ordered.with(|rows| in_state.with(|state| list_states::only(rows, state)));
        let found = search.with(|search| found(&rows, search));
        Arc::new(marked.with(|marked| favourites::first(found, marked)))
    });

    // People know the first column, which the key need not be.
    let name = Callback::new(move |key: String| {
        let row = rows.with_untracked(|rows| rows.iter().find(|row| row.key == key).cloned());
        row.and_then(|row| Some(row.cells.first()?.words().to_string()))
            .unwrap_or(key)
    });
    // Of many at once in one pass.
    let named = Callback::new(move |keys: HashSet<String>| {
        rows.with_untracked(|rows| {
            let mut names: HashMap<&str, &str> = HashMap::with_capacity(rows.len());
            names.extend(
                rows.iter()
                    .filter_map(|row| Some((&*row.key, row.cells.first()?.words()))),
            );
            let name = |key: String| {
                let name = names.get(key.as_str()).copied().unwrap_or(&key).to_string();
                (key, name)
            };
            keys.into_iter().map(name).collect::<Vec<_>>()
        })
    });
    provide_context(TagSearch(Callback::new(move |tag: String| {
        search.set(format!("tag:{tag}"));
    })));
    let selected = RwSignal::new(HashSet::new());
    let failures = RwSignal::new(Vec::new());
    let created = use_context::<Created>();
    let here = use_location().pathname.get_untracked();
    let owner = connection.clone();
    let remove = list.deletion.map(|deletion| {
        let done = move |gone: Vec<String>| {
            if let Some(created) = created {
                created.forget(&here, &gone);
            }
            let gone: HashSet<String> = gone.into_iter().collect();
            selected.update(|all| all.retain(|key| !gone.contains(key)));
            let (lost, kept): (Vec<_>, Vec<_>) = rows
                .get_untracked()
                .iter()
                .cloned()
                .partition(|row| gone.contains(&row.key));
            let lost = lost.iter().map(|row| row.href.clone()).collect();
            marked.set(favourites::forget(&owner, &lost));
            rows.set(Arc::new(kept));
            load.reload();
        };
        use_named_deletion(deletion, failures, Callback::new(done), name)
    });
    let row_actions = {
        let (connection, row_actions) = (connection.clone(), list.row_actions);
        Callback::new(move |key: String| {
            let named = name.run(key.clone());
            let mut all = row_actions(&connection, &key);
            if named != key {
                for row_action in &mut all {
                    row_action.label = row_action.label.replace(&key, &named);
                }
            }
            if let Some(remove) = remove {
                all.push(RowAction {
                    label: format!("Delete {named}"),
                    icon: IconName::Delete,
                    kind: RowActionKind::Run(Callback::new(move |()| {
                        remove.run(vec![key.clone()])
                    })),
                });
            }
            all
        })
    };
    let state = TableState {
        columns: StoredValue::new(list.columns.clone()),
        sort,
        figures,
        hidden,
        selected,
        select: list.deletion.is_some() || list.code.is_some() || !list.bulk.is_empty(),
        row_actions,
        star: Some(star),
        fold: grouping.fold(),
    };
    let drawn = grouping.drawn(shown, search, marked);
    let wanted = use_figures(list.figures, figures, late, sort, shown);

    let columns = list.columns.clone();
    let bulk_list = list.clone();
    let changed = Callback::new(move |gone: Vec<String>| {
        let gone: HashSet<String> = gone.into_iter().collect();
        selected.update(|all| all.retain(|key| !gone.contains(key)));
        load.reload();
    });
    let create = list.create.map(|create| create(&connection));
    let (title, one, many, hint) = (list.title, list.one, list.many, list.hint);
    let create_empty = create.clone();
    let label = format!("Search {many}");
    let place = use_location().pathname.get_untracked();
    // Other rows begin at the top.
    let asked = Signal::derive(move || {
        let (state, search) = (in_state.get(), search.get());
        format!("{} {state} {search}", grouping.is_on())
    });
    let clear = move || {
        search.set(String::new());
        in_state.set(String::new());
    };
    view! {
        <div class="page list">
        <header class="page-head">
            <h1>{title}</h1>
            <p class="page-count" role="status">{move || tally(load, rows, shown, one, many)}</p>
            <div class="page-actions">
                <Provider value=permit>
                    {create.map(|href| view! { <ChangeLink kind=ButtonKind::Primary href text=format!("Create {one}") /> })}
                </Provider>
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
            <GroupButtons grouping />
            <ListMenu title columns=columns hidden rows=shown />
            <BulkBar list=bulk_list selected shown named changed />
        </div>
        {bar}
        <StateChips rows search chosen=in_state />
        <ErrorBanner error=load.page_error() />
        <Incomplete load many />
        <Unread parts=load.unread />
        <Lagging list=place rows load />
        <Failed failures />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if rows.with(|rows| rows.is_empty()) {
                if narrowed.is_some_and(|narrowed| narrowed.get()) {
                    return view! { <Empty title=format!("No {many} match the filters") /> }.into_any();
                }
                let create = create_empty.clone();
                let action = create.map(|href| view! { <ChangeLink kind=ButtonKind::Primary href text=format!("Create {one}") /> });
                return view! {
                    <Empty title=format!("No {many} yet") hint=hint><Provider value=permit>{action}</Provider></Empty>
                }
                    .into_any();
            }
            view! {
                <Provider value=permit>
                    <Table label=title state rows=drawn all=shown search=asked on_window=wanted />
                </Provider>
                {move || {
                    shown.with(|shown| shown.is_empty()).then(|| view! {
                        <Empty title=format!("No {many} match the search")>
                            <Button on_click=clear>"Clear search"</Button>
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
