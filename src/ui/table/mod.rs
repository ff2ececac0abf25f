//! A table of any number of rows: only those on the screen are in the document.

pub mod arrange;
pub mod cell;
pub mod figures;
pub mod pace;
pub mod row;
pub mod short;

use std::collections::HashSet;

use leptos::{html, prelude::*};

pub use arrange::{Sort, found, held, sorted, window};
pub use cell::{Cell, Column, GroupHead, Row, Rows, are_same, natural, renew};
pub use figures::{AT_ONCE, Figures, Turns};
pub use row::{CellView, RowAction, RowActionKind, Star, TagSearch};
pub use short::{Head, ShortTable};

use super::{Icon, IconName};
use crate::ui::Permit;
use pace::{Pace, identity, words_view};
use row::row_view;

/// Height of a row in pixels, as `--row` in the style sheet.
pub const ROW: f64 = 28.0;

/// What a table needs besides its rows; cheap to hand around.
#[derive(Clone, Copy)]
pub struct TableState {
    pub columns: StoredValue<Vec<Column>>,
    pub sort: RwSignal<Sort>,
    pub figures: Figures,
    pub selected: RwSignal<HashSet<String>>,
    /// Places of the columns that are not shown.
    pub hidden: RwSignal<Vec<usize>>,
    /// Whether rows can be selected.
    pub select: bool,
    /// What can be done with the row of a key.
    pub row_actions: Callback<String, Vec<RowAction>>,
    /// Where rows can be marked.
    pub star: Option<Star>,
    /// Told the id of a group that shall be opened or folded.
    pub fold: Callback<String>,
}

#[component]
pub fn Table(
    #[prop(into)] label: String,
    state: TableState,
    /// Arranged already.
    rows: Signal<Rows>,
    /// All that can be selected, where `rows` are in groups.
    #[prop(optional, into)]
    all: Option<Signal<Rows>>,
    /// What was searched for: other rows begin at the top, and so do rows in another order.
    #[prop(into)]
    search: Signal<String>,
    /// Keys of the rows on the screen, told when they change.
    on_window: Callback<Vec<String>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let top = RwSignal::new(0.0);
    let pace = Pace::new();
    let height = RwSignal::new(screen_height());
    let resized = window_event_listener(leptos::ev::resize, move |_| height.set(screen_height()));
    on_cleanup(move || resized.remove());
    Effect::new(move |before: Option<(String, Sort)>| {
        let now = (search.get(), state.sort.get());
        // Where it stands at the top already, setting it would only lay out the page once more.
        if before.is_some_and(|before| before != now)
            && top.get_untracked() > 0.0
            && let Some(node) = node.get_untracked()
        {
            node.set_scroll_top(0);
        }
        now
    });
    // The box is never higher than the screen.
    let range =
        Memo::new(move |_| window(top.get(), height.get(), ROW, rows.with(|rows| rows.len())));
    Effect::new(move || {
        let range = range.get();
        on_window.run(rows.with(|rows| {
            rows[clamp(&range, rows.len())]
                .iter()
                .filter(|row| row.head.is_none())
                .map(|row| row.key.clone())
                .collect()
        }));
    });
    let first = Memo::new(move |_| range.with(|range| range.start));
    let shown = move || {
        let range = range.get();
        rows.with(|rows| pace.drawn(&rows[clamp(&range, rows.len())]))
    };
    let above = move || px(range.with(|range| range.start));
    let below =
        move || rows.with(|rows| px(rows.len() - range.with(|range| range.end).min(rows.len())));
    // One too many would be a column of its own, which takes what is left instead of the first.
    let span = state.columns.with_value(Vec::len) + 1 + usize::from(state.select);
    let minimum = move || {
        let hidden = state.hidden.get();
        let columns = state.columns.with_value(|all| {
            let shown = all
                .iter()
                .enumerate()
                .filter(|(at, _)| !hidden.contains(at));
            shown
                .map(|(_, column)| u32::from(column.width))
                .sum::<u32>()
        });
        columns + if state.select { 32 } else { 0 } + ROW_ACTIONS
    };
    // The style sheet leaves out the cells of these columns.
    let class = move || {
        let hidden = state.hidden.get();
        let classes = hidden.iter().map(|at| format!(" without-{at}"));
        format!("table rows{}", classes.collect::<String>())
    };
    view! {
        <div
            class="table-box"
            node_ref=node
            on:scroll=move |_| {
                if let Some(node) = node.get_untracked() {
                    let now = f64::from(node.scroll_top());
                    pace.moved(now - top.get_untracked());
                    top.set(now);
                }
            }
        >
            <table
                class=class
                aria-label=label
                aria-rowcount=move || rows.with(|rows| rows.len() + 1)
                style=move || format!("min-width:{}px", minimum())
            >
                <Columns state />
                <Head state rows=all.unwrap_or(rows) />
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above><td colspan=span></td></tr>
                    <ForEnumerate
                        each=shown
                        key=identity
                        children=move |index, (row, words_only)| match words_only {
                            true => words_view(&row, index, first, state),
                            false => row_view(row, index, first, state),
                        }
                    />
                    <tr class="gap" aria-hidden="true" style:height=below><td colspan=span></td></tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Width of the column of row_actions.
const ROW_ACTIONS: u32 = 140;

fn px(rows: usize) -> String {
    format!("{}px", rows as f64 * ROW)
}

fn clamp(range: &std::ops::Range<usize>, len: usize) -> std::ops::Range<usize> {
    range.start.min(len)..range.end.min(len)
}

fn screen_height() -> f64 {
    leptos::prelude::window()
        .inner_height()
        .ok()
        .and_then(|h| h.as_f64())
        .unwrap_or(1_000.0)
}

#[component]
fn Columns(state: TableState) -> impl IntoView {
    let columns = state.columns.get_value();
    let widths: Vec<_> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            // The first column takes what is left.
            view! { <col data-column=at style=(at > 0).then(|| format!("width:{}px", column.width)) /> }
        })
        .collect();
    view! {
        <colgroup>
            {state.select.then(|| view! { <col style="width:32px" /> })}
            {widths}
            <col class="row-actions-column" style=format!("width:{ROW_ACTIONS}px") />
        </colgroup>
    }
    .into_any()
}

#[component]
fn Head(state: TableState, rows: Signal<Rows>) -> impl IntoView {
    let columns = state.columns.get_value();
    let heads: Vec<_> = columns
        .into_iter()
        .enumerate()
        .map(|(at, column)| view! { <HeadCell at column sort=state.sort /> })
        .collect();
    let selected = state.selected;
    let all = move || {
        rows.with(|rows| {
            !rows.is_empty() && selected.with(|s| rows.iter().all(|row| s.contains(&row.key)))
        })
    };
    let some = move || !all() && selected.with(|s| !s.is_empty());
    let permit = use_context::<Permit>();
    let denied = move || permit.is_some_and(|permit| permit.denied.get());
    let choose = state.select.then(|| {
        view! {
            <th class="choose" scope="col">
                <input
                    type="checkbox"
                    aria-label="Select all rows found"
                    prop:checked=all
                    prop:disabled=denied
                    prop:indeterminate=some
                    on:change:target=move |event| {
                        if event.target().checked() {
                            selected.set(rows.with_untracked(|rows| rows.iter().map(|row| row.key.clone()).collect()));
                        } else {
                            selected.set(HashSet::new());
                        }
                    }
                />
            </th>
        }
    });
    view! {
        <thead>
            <tr aria-rowindex="1">{choose} {heads} <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr>
        </thead>
    }
    .into_any()
}

#[component]
fn HeadCell(at: usize, column: Column, sort: RwSignal<Sort>) -> impl IntoView {
    let mine = move || Some(sort.get()).filter(|sort| sort.column == at);
    let face = if column.sortable {
        // Figures are wanted largest first, names from A.
        let press = move |_| {
            let descending = mine().map_or(column.numeric, |sort| !sort.descending);
            sort.set(Sort {
                column: at,
                descending,
            });
        };
        view! {
            <button type="button" class="sort" on:click=press>
                {column.title}
                <span class="arrow" class:on=move || mine().is_some() class:up=move || mine().is_some_and(|s| !s.descending)>
                    <Icon name=IconName::Chevron />
                </span>
            </button>
        }
        .into_any()
    } else {
        view! { <span>{column.title}</span> }.into_any()
    };
    view! {
        <th
            scope="col"
            data-column=at
            class:number=column.numeric
            aria-sort=move || mine().map(|sort| if sort.descending { "descending" } else { "ascending" })
        >
            {face}
        </th>
    }
    .into_any()
}
