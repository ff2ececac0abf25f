use std::{collections::HashSet, sync::Arc};

use leptos::{ev::FocusEvent, html, prelude::*, wasm_bindgen::JsCast, web_sys::Node};

use super::{Cell, GroupHead, Row, TableState};
use crate::{
    text::visible,
    ui::{Button, ButtonKind, Icon, IconName, Permit, State, number, sparkline::Sparkline, time},
};

/// Marks rows, by their addresses.
#[derive(Clone, Copy)]
pub struct Star {
    pub marked: RwSignal<HashSet<String>>,
    /// Told the address of the row.
    pub press: Callback<String>,
}

/// Something to do with one row, at its end.
#[derive(Clone)]
pub struct RowAction {
    /// For example `Edit orders`.
    pub label: String,
    pub icon: IconName,
    pub kind: RowActionKind,
}

#[derive(Clone)]
pub enum RowActionKind {
    Open(String),
    Run(Callback<()>),
}

impl RowAction {
    /// Leads to another page.
    pub fn open(label: String, icon: IconName, href: String) -> Self {
        let kind = RowActionKind::Open(href);
        Self { label, icon, kind }
    }
}

pub fn row_view(
    row: Arc<Row>,
    index: ReadSignal<usize>,
    first: Memo<usize>,
    state: TableState,
) -> AnyView {
    if let Some(head) = &row.head {
        return head_view(&row, head.clone(), index, first, state);
    }
    let (key, selected) = (StoredValue::new(row.key.clone()), state.selected);
    let chosen = move || selected.with(|s| key.with_value(|key| s.contains(key)));
    let permit = use_context::<Permit>();
    let denied = move || permit.is_some_and(|permit| permit.denied.get());
    let reason = move || permit.map_or_else(String::new, |permit| permit.reason.get());
    let choose = state.select.then(|| {
        view! {
            <td class="choose">
                <input
                    type="checkbox"
                    aria-label=format!("Select {}", name_of(&row))
                    prop:checked=chosen
                    prop:disabled=denied
                    title=reason
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        selected.update(|all| {
                            let key = key.get_value();
                            if on { all.insert(key) } else { all.remove(&key) };
                        });
                    }
                />
            </td>
        }
    });
    let late = state.figures.of(&row.key);
    let columns = state.columns.get_value();
    let mut number_late = 0;
    let cells: Vec<AnyView> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            if at == 0 {
                let words = name_of(&row);
                let cell = match row.href.as_str() {
                    "" => view! { <span title=words.clone()>{words.clone()}</span> }.into_any(),
                    href => view! { <a href=href.to_string() title=words.clone()>{words.clone()}</a> }.into_any(),
                };
                return view! { <th scope="row" class="name">{cell}</th> }.into_any();
            }
            if column.late {
                let (place, at, late, column) = (at, number_late, late.clone(), *column);
                number_late += 1;
                return view! {
                    <td data-column=place class:number=column.numeric>
                        {move || late.with(|cells| cells.get(at).cloned()).map(|cell| view! { <CellView cell /> })}
                    </td>
                }
                .into_any();
            }
            let cell = row.cells.get(at).cloned().unwrap_or_default();
            view! { <td data-column=at class:number=column.numeric><CellView cell /></td> }.into_any()
        })
        .collect();
    let star = state.star.filter(|_| !row.href.is_empty());
    let star = star.map(|star| star_view(star, &row));
    let row_actions: Vec<AnyView> = state
        .row_actions
        .run(row.key.clone())
        .into_iter()
        .map(row_action)
        .collect();
    view! {
        <tr
            aria-rowindex=move || first.get() + index.get() + 2
            aria-selected=move || state.select.then(|| if chosen() { "true" } else { "false" })
            class:selected=chosen
        >
            {choose}
            {cells}
            {row_end(name_of(&row), view! { {star} {row_actions} }.into_any())}
        </tr>
    }
    .into_any()
}

/// What can be done with the row; behind one button where there is little room.
fn row_end(name: String, actions: AnyView) -> AnyView {
    let open = RwSignal::new(false);
    let cell = NodeRef::<html::Td>::new();
    let left = move |event: FocusEvent| {
        let to = event
            .related_target()
            .and_then(|to| to.dyn_into::<Node>().ok());
        // A row that goes takes the focus with it: by then there is neither cell nor menu.
        let cell = cell.try_get_untracked().flatten();
        if !cell.is_some_and(|cell| cell.contains(to.as_ref())) {
            open.try_set(false);
        }
    };
    view! {
        <td class="row_actions" class:open=open node_ref=cell on:focusout=left>
            <button
                type="button"
                class="button quiet icon-only row-more"
                aria-label=format!("Actions for {name}")
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name=IconName::More />
            </button>
            <span class="row-menu" on:click=move |_| { open.try_set(false); }>{actions}</span>
        </td>
    }
    .into_any()
}

/// What its first cell says, as it is seen.
fn name_of(row: &Row) -> String {
    visible(row.cells.first().map_or("", Cell::words)).into_owned()
}

fn head_view(
    row: &Row,
    head: GroupHead,
    index: ReadSignal<usize>,
    first: Memo<usize>,
    state: TableState,
) -> AnyView {
    let GroupHead { id, count, open } = head;
    let title = name_of(row);
    let span = state.columns.with_value(Vec::len) + 2;
    view! {
        <tr class="group-head" aria-rowindex=move || first.get() + index.get() + 2>
            <th scope="rowgroup" colspan=span>
                <button
                    type="button"
                    class="group-fold"
                    aria-expanded=if open { "true" } else { "false" }
                    on:click=move |_| state.fold.run(id.clone())
                >
                    <Icon name=IconName::Chevron />
                    {title}
                    " "
                    <span class="state-count">{number::count(count as u64)}</span>
                </button>
            </th>
        </tr>
    }
    .into_any()
}

fn star_view(star: Star, row: &Row) -> AnyView {
    let href = StoredValue::new(row.href.clone());
    let marked = move || {
        star.marked
            .with(|all| href.with_value(|href| all.contains(href)))
    };
    let label = format!("Favourite {}", name_of(row));
    let title = label.clone();
    view! {
        <button
            type="button"
            class="button quiet icon-only star"
            aria-label=label
            title=title
            aria-pressed=move || if marked() { "true" } else { "false" }
            on:click=move |_| star.press.run(href.get_value())
        >
            <Icon name=IconName::Star />
        </button>
    }
    .into_any()
}

fn row_action(row_action: RowAction) -> AnyView {
    let RowAction { label, icon, kind } = row_action;
    let label = visible(&label).into_owned();
    let title = label.clone();
    match kind {
        RowActionKind::Open(href) => {
            let permit = use_context::<Permit>().filter(|_| href.ends_with("/edit"));
            let face = move || {
                let (href, label) = (href.clone(), label.clone());
                if permit.is_some_and(|permit| permit.denied.get()) {
                    let kind = ButtonKind::Quiet;
                    return view! { <Button kind label><Icon name=icon /></Button> }.into_any();
                }
                let title = label.clone();
                view! {
                    <a class="button quiet icon-only" href=href aria-label=label title=title><Icon name=icon /></a>
                }
                .into_any()
            };
            face.into_any()
        }
        // What is run changes something, and so do pages that edit.
        RowActionKind::Run(run) if use_context::<Permit>().is_some() => view! {
            <Button kind=ButtonKind::Quiet label on_click=run><Icon name=icon /></Button>
        }
        .into_any(),
        RowActionKind::Run(run) => view! {
            <button type="button" class="button quiet icon-only" aria-label=label title=title on:click=move |_| run.run(())>
                <Icon name=icon />
            </button>
        }
        .into_any(),
    }
}

/// How long ago; the moment itself is in the tooltip.
#[component]
fn Age(iso: String) -> impl IntoView {
    let now = time::use_now();
    let moment = time::parse(&iso);
    let words = match moment {
        None if !time::is_none(&iso) => visible(&iso).into_owned(),
        _ => String::new(),
    };
    let since =
        Memo::new(move |_| moment.map_or_else(|| words.clone(), |ms| time::age(now.get() - ms)));
    view! { <time datetime=time::normalise(&iso) title=move || moment.map(time::stamp)>{since}</time> }
        .into_any()
}

#[component]
pub fn CellView(cell: Cell) -> impl IntoView {
    match cell {
        Cell::Empty => ().into_any(),
        Cell::Text(text) => {
            let text = visible(&text).into_owned();
            view! { <span title=text.clone()>{text.clone()}</span> }.into_any()
        }
        Cell::Mono(text) => {
            let text = visible(&text).into_owned();
            view! { <code title=text.clone()>{text.clone()}</code> }.into_any()
        }
        Cell::Number(_, words) => words.into_any(),
        Cell::Time(iso) => view! { <Age iso /> }.into_any(),
        Cell::State(tone, word) => {
            view! { <State tone=Signal::stored(tone) word=Signal::stored(word) /> }.into_any()
        }
        Cell::Line(points, label) => view! { <Sparkline points label /> }.into_any(),
        Cell::Tags(tags, _) => tags.into_iter().map(tag).collect_view().into_any(),
    }
}

/// What a press on a tag does; provided by the list around the table.
#[derive(Clone, Copy)]
pub struct TagSearch(pub Callback<String>);

fn tag(name: String) -> AnyView {
    let face = visible(&name).into_owned();
    let Some(TagSearch(search)) = use_context() else {
        return view! { <span class="badge">{face}</span> }.into_any();
    };
    let (wanted, label) = (name, format!("Filter by tag {face}"));
    view! {
        <button type="button" class="badge tag" title=label on:click=move |_| search.run(wanted.clone())>
            {face}
        </button>
    }
    .into_any()
}
