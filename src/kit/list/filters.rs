//! What somebody looks for in a list; it stands in the page's address.

use leptos::prelude::*;

use super::{List, files, groups::Grouping};
use crate::{
    kit::address::{keep_in_url, sort_of},
    query::use_query,
    ui::table::{Rows, Sort},
};

#[derive(Clone, Copy)]
pub struct Filters {
    pub search: RwSignal<String>,
    /// A state's word; empty where all are shown.
    pub state: RwSignal<String>,
    pub sort: RwSignal<Sort>,
    /// Places of the columns that are not shown.
    pub hidden: RwSignal<Vec<usize>>,
    pub grouping: Grouping,
}

impl Filters {
    /// As the address has them, which follows them from here on. `all` are the list's rows.
    pub fn of_address(list: &List, all: RwSignal<Rows>) -> Self {
        // The route's own query map still tells of the page before when only the section changes.
        let filters = use_query().with_untracked(|query| {
            let text = |name: &str| query.get(name).unwrap_or_default();
            let sort = sort_of(
                &list.columns,
                list.sort,
                query.get("sort"),
                query.get("dir"),
            );
            Self {
                search: RwSignal::new(text("q")),
                state: RwSignal::new(text("state")),
                sort: RwSignal::new(sort),
                hidden: RwSignal::new(files::hidden(&list.columns, &text("columns"))),
                grouping: Grouping::new(query, all),
            }
        });
        let Self {
            search,
            state,
            sort,
            hidden,
            grouping,
        } = filters;
        let more = Signal::derive(move || {
            let groups = grouping.parameters().into_iter();
            groups.chain([("state", state.get())]).collect::<Vec<_>>()
        });
        keep_in_url(list.columns.clone(), list.sort, search, sort, hidden, more);
        filters
    }

    /// Other rows, which begin at the top, have another one.
    pub fn id(self) -> String {
        let (state, search) = (self.state.get(), self.search.get());
        format!("{} {state} {search}", self.grouping.is_on())
    }

    pub fn clear(self) {
        self.search.set(String::new());
        self.state.set(String::new());
    }
}
