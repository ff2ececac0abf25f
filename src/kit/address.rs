//! What is searched for, sorted by and chosen, in the page's address.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_params_map},
    location::Url,
};

use super::list::files;
use crate::{
    paths,
    query::use_query,
    ui::table::{Column, Sort},
};

/// The name of what the page shows, as it is in `:key` of its address.
/// A memo, because the router tells of the same parameters again when the page is left: the page
/// must not start anew then.
///
/// The router decodes parameters once too often: `%2541` would be `A` instead of `%41`. They only
/// tell when the address is this page's.
pub fn use_key() -> Memo<String> {
    let (params, path) = (use_params_map(), use_location().pathname);
    Memo::new(move |before: Option<&String>| {
        let told = params.with(|params| params.get("key").unwrap_or_default());
        let segment = path.with_untracked(|path| paths::key_segment(path).map(Url::unescape));
        match segment {
            Some(segment) if segment == told || Url::unescape(&segment) == told => {
                paths::key(&segment)
            }
            _ => before.cloned().unwrap_or_else(|| paths::key(&told)),
        }
    })
}

pub fn sort_of(
    columns: &[Column],
    usual: Sort,
    column: Option<String>,
    direction: Option<String>,
) -> Sort {
    let found = column.and_then(|id| columns.iter().position(|c| c.id == id && c.sortable));
    found.map_or(usual, |column| Sort {
        column,
        descending: direction.as_deref() == Some("desc"),
    })
}

/// The address's parameter; empty where there is none.
pub fn parameter(name: &str) -> String {
    use_query().with_untracked(|query| query.get(name).unwrap_or_default())
}

/// How a yes stands in the address.
const YES: &str = "true";

/// A yes or no that the address has, as [`flagged`] writes it.
pub fn flag(name: &str) -> bool {
    parameter(name) == YES
}

/// A no is left out of the address.
pub fn flagged(on: bool) -> String {
    if on { YES.into() } else { String::new() }
}

/// Writes the parameters whenever they change; empty ones are left out.
pub fn keep(parameters: Signal<Vec<(&'static str, String)>>) {
    let (location, navigate, address) = (use_location(), crate::paths::use_navigate(), use_query());
    let path = location.pathname.get_untracked();
    Effect::new(move |before: Option<Vec<(&'static str, String)>>| {
        let now = parameters.get();
        let changed = before.is_some_and(|before| before != now);
        if changed && location.pathname.get_untracked() == path {
            let mut query = address.get_untracked();
            for (name, value) in &now {
                query.set(name, value);
            }
            let replace = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&format!("{path}{query}"), replace);
        }
        now
    });
}

/// Search, order and the chosen columns are part of the page's address; what is usual is left out of it.
pub fn keep_in_url(
    columns: Vec<Column>,
    usual: Sort,
    search: RwSignal<String>,
    sort: RwSignal<Sort>,
    hidden: RwSignal<Vec<usize>>,
    // What else the page keeps there.
    more: Signal<Vec<(&'static str, String)>>,
) {
    keep(Signal::derive(move || {
        let sort = sort.get();
        let (column, direction) = match sort == usual {
            true => (String::new(), String::new()),
            false => {
                let direction = if sort.descending { "desc" } else { "asc" };
                (columns[sort.column].id.to_string(), direction.to_string())
            }
        };
        let shown = hidden.with(|hidden| files::shown(&columns, hidden));
        let mut all = vec![
            ("q", search.get()),
            ("sort", column),
            ("dir", direction),
            ("columns", shown),
        ];
        all.extend(more.get());
        all
    }));
}
