//! What is searched for and sorted by, in the page's address.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::ui::table::{Column, Sort};

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

/// Search and order are part of the page's address; what is usual is left out of it.
pub fn keep_in_url(
    columns: Vec<Column>,
    usual: Sort,
    search: RwSignal<String>,
    sort: RwSignal<Sort>,
) {
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
