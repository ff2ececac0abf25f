//! The page around the rows.

use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_location;

use super::{
    List, Narrow,
    bar::BulkBar,
    filters::Filters,
    groups::GroupButtons,
    menu::ListMenu,
    rows::ListRows,
    selection::{Selection, use_selection},
    states::StateChips,
};
use crate::{
    connections::use_may_change,
    kit::{
        created::Lagging,
        favourites,
        figured::use_figures,
        notice::{Failed, Incomplete, Unread, Waiting},
    },
    ui::{
        Button, ButtonKind, ChangeLink, Empty, ErrorBanner, Icon, IconName,
        table::{Rows, Star, Table, TableState, TagSearch},
    },
};

#[component]
pub fn ListView(
    connection: String,
    list: List,
    #[prop(optional_no_strip)] narrow: Option<Narrow>,
) -> impl IntoView {
    let permit = use_may_change();
    let all = RwSignal::new(Rows::default());
    let filters = Filters::of_address(&list, all);
    let narrowed = narrow.as_ref().map(|narrow| narrow.active);
    let bar = narrow.as_ref().map(|narrow| narrow.bar.run());
    let rows = ListRows::load(&connection, &list, narrow.as_ref(), all, filters);
    let ListRows { load, shown, .. } = rows;
    provide_context(TagSearch(Callback::new(move |tag: String| {
        filters.search.set(format!("tag:{tag}"));
    })));
    let selection = use_selection(&connection, &list, rows);
    let Selection {
        keys: selected,
        failures,
        changed,
        ..
    } = selection;
    let create = list.create.map(|create| create(&connection));
    let List {
        title,
        one,
        many,
        hint,
        ..
    } = list;
    let label = format!("Search {many}");
    let columns = list.columns.clone();
    let table = table(connection, &list, rows, filters, selection);
    let create_first = create.clone();
    let body = move || {
        if !load.ready.get() {
            return view! { <Waiting load /> }.into_any();
        }
        if !all.with(|rows| rows.is_empty()) {
            let table = table.clone();
            return view! { <Provider value=permit>{table.run()}</Provider> }.into_any();
        }
        if narrowed.is_some_and(|narrowed| narrowed.get()) {
            return view! { <Empty title=format!("No {many} match the filters") /> }.into_any();
        }
        let action = create_first.clone().map(|href| create_link(href, one));
        view! {
            <Empty title=format!("No {many} yet") hint=hint><Provider value=permit>{action}</Provider></Empty>
        }
        .into_any()
    };
    view! {
        <div class="page list">
        <header class="page-head">
            <h1>{title}</h1>
            <p class="page-count" role="status">{move || rows.tally(one, many)}</p>
            <div class="page-actions">
                <Provider value=permit>{create.map(|href| create_link(href, one))}</Provider>
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
                prop:value=filters.search
                on:input:target=move |event| filters.search.set(event.target().value())
            />
            <Button kind=ButtonKind::Quiet label="Refresh" on_click=move || load.reload()>
                <Icon name=IconName::Reload />
            </Button>
            <GroupButtons grouping=filters.grouping />
            <ListMenu title columns hidden=filters.hidden rows=shown />
            <BulkBar list rows selected changed />
        </div>
        {bar}
        <StateChips rows=all search=filters.search chosen=filters.state />
        <ErrorBanner error=load.page_error() />
        <Incomplete load many />
        <Unread parts=load.unread />
        <Lagging list=use_location().pathname.get_untracked() rows=all load />
        <Failed failures />
        {body}
        </div>
    }
    .into_any()
}

fn create_link(href: String, one: &str) -> AnyView {
    view! { <ChangeLink kind=ButtonKind::Primary href text=format!("Create {one}") /> }.into_any()
}

/// The rows, and what is said where none is left by what somebody looks for.
fn table(
    connection: String,
    list: &List,
    rows: ListRows,
    filters: Filters,
    selection: Selection,
) -> ViewFn {
    let ListRows {
        shown,
        figures,
        late,
        marked,
        ..
    } = rows;
    let Filters {
        search,
        sort,
        hidden,
        grouping,
        ..
    } = filters;
    let press = move |href: String| marked.set(favourites::toggle(&connection, &href));
    let star = Star {
        marked,
        press: Callback::new(press),
    };
    let state = TableState {
        columns: StoredValue::new(list.columns.clone()),
        sort,
        figures,
        hidden,
        selected: selection.keys,
        select: list.deletion.is_some() || list.code.is_some() || !list.bulk.is_empty(),
        row_actions: selection.row_actions,
        star: Some(star),
        fold: grouping.fold(),
    };
    let drawn = grouping.drawn(shown, search, marked);
    let wanted = use_figures(list.figures, figures, late, sort, shown);
    let asked = Signal::derive(move || filters.id());
    let (title, many) = (list.title, list.many);
    ViewFn::from(move || {
        let none = move || {
            shown.with(|shown| shown.is_empty()).then(|| {
                view! {
                    <Empty title=format!("No {many} match the search")>
                        <Button on_click=move || filters.clear()>"Clear search"</Button>
                    </Empty>
                }
            })
        };
        view! {
            <Table label=title state rows=drawn all=shown search=asked on_window=wanted />
            {none}
        }
    })
}
