//! Lists: rows out of answers, and the page around them.

use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, paging::More};

use super::super::{
    BulkAction, Calls, Code, Column, Figured, List, ListView, Names, Narrow, Resource,
    bulk::Tagging,
    cells, code,
    list::ColumnNames,
    spec::{NamesOf, ReadList, deletion},
};
use crate::{
    connections::use_connection_id,
    paths,
    ui::{
        IconName,
        lazy::{Lazy, lazy},
        table::{Cell, Row, RowAction, Sort},
    },
};

/// Parts of a resource's specification. A constant of its own for each: code that names one then
/// holds that part only, and what lists resources is fetched without their forms (`ui::lazy`).
struct Of<S>(std::marker::PhantomData<S>);

impl<S: Resource> Of<S> {
    const NAMES: Names = S::SPEC.names;
    const CALLS: Calls = S::SPEC.calls;
    const READ_LIST: ReadList<S::Model> = S::SPEC.read_list;
    const MORE: More = S::SPEC.more;
    const KEY: fn(&S::Model) -> &str = S::SPEC.key;
    const COLUMNS: &'static [Column<S::Model>] = S::SPEC.columns;
    const SORT: Sort = S::SPEC.sort;
    const FIGURES: Option<Figured> = S::SPEC.figures;
    const SEARCH: fn(&S::Model) -> String = S::SPEC.search;
    const COLUMN_NAMES: Option<NamesOf<S::Model>> = S::SPEC.column_names;
    const ROW_ACTIONS: fn(&str, &str) -> Vec<RowAction> = S::SPEC.row_actions;
    const EDIT: Option<&'static str> = S::SPEC.edit;
    const LOSS: Option<&'static str> = S::SPEC.loss;
    const OF_ONESELF: Option<&'static str> = S::SPEC.of_oneself;
    const BULK: &'static [BulkAction] = S::SPEC.bulk;
    const TAGGING: Option<Tagging> = S::SPEC.tagging;
    const ELSEWHERE: fn(&S::Model) -> bool = S::SPEC.elsewhere;
}

/// Without those that are of another kind.
fn models<S: Resource>(body: &[u8]) -> Result<Vec<S::Model>, ApiError> {
    let mut all = Of::<S>::READ_LIST(body)?;
    all.retain(|model| !Of::<S>::ELSEWHERE(model));
    Ok(all)
}

fn rows<S: Resource>(connection: &str, parts: &[Vec<u8>]) -> Result<Vec<Row>, ApiError> {
    let mut models = Vec::new();
    for part in parts {
        models.extend(self::models::<S>(part)?);
    }
    let rows = models.iter().map(|model| {
        let (key, cells) = (
            Of::<S>::KEY(model).to_string(),
            cells(Of::<S>::COLUMNS, model),
        );
        let words = cells
            .iter()
            .filter(|cell| matches!(cell, Cell::Text(_) | Cell::Mono(_) | Cell::State(..)));
        let mut haystack: Vec<&str> = words.map(Cell::words).collect();
        let more = Of::<S>::SEARCH(model);
        haystack.push(&more);
        Row {
            href: path::<S>(connection, &key),
            haystack: haystack.join(" ").to_lowercase(),
            key,
            cells,
            ..Row::default()
        }
    });
    Ok(rows.collect())
}

fn column_names<S: Resource>(parts: &[Vec<u8>]) -> Result<Vec<(String, Vec<String>)>, ApiError> {
    let mut all = Vec::new();
    for part in parts {
        let models = models::<S>(part)?;
        all.extend(models.iter().filter_map(|model| {
            let names = Of::<S>::COLUMN_NAMES?(model);
            Some((Of::<S>::KEY(model).to_string(), names))
        }));
    }
    Ok(all)
}

fn path<S: Resource>(connection: &str, key: &str) -> String {
    paths::item(connection, Of::<S>::NAMES.segment, key)
}

fn row_actions<S: Resource>(connection: &str, key: &str) -> Vec<RowAction> {
    let mut row_actions = Of::<S>::ROW_ACTIONS(connection, key);
    row_actions.extend(Of::<S>::EDIT.map(|word| {
        let href = paths::edit_item(connection, Of::<S>::NAMES.segment, key);
        RowAction::open(format!("{word} {key}"), IconName::Edit, href)
    }));
    row_actions
}

pub fn list_page<S: Resource>() -> AnyView {
    list_view::<S>(|_| None)
}

/// `narrow` says what is asked for on a page of the connection.
pub fn narrowed_list_page<S: Resource>(narrow: fn(&str) -> Narrow) -> AnyView {
    list_view::<S>(move |connection| Some(narrow(connection)))
}

fn list_view<S: Resource>(narrow: impl Fn(&str) -> Option<Narrow> + Send + 'static) -> AnyView {
    // Here the forms' code is there already.
    let list = list_of::<S>(Lazy {
        load: || Box::pin(async { Ok(()) }),
        make: |()| Some(code::code_of::<S>()),
    });
    listed(list, narrow)
}

fn listed(list: List, narrow: impl Fn(&str) -> Option<Narrow> + Send + 'static) -> AnyView {
    // A page of another connection is another page.
    let id = use_connection_id();
    (move || {
        id.get().map(|connection| {
            let narrow = narrow(&connection);
            view! { <ListView connection list=list.clone() narrow /> }
        })
    })
    .into_any()
}

const LISTED: Lazy<Lazy<(), List>> = lazy!(lists: Lazy<(), List> => |list| {
    list.show_as((), |list| listed(list, |_| None))
});

/// The page with a list that is made by code of its own.
pub(crate) fn show_list(list: Lazy<(), List>) -> AnyView {
    // Both are fetched at once. That it failed is said by what shows the list.
    spawn_local((list.load)().map(drop));
    LISTED.show(list)
}

pub(crate) fn prefetch_list(list: Lazy<(), List>) {
    list.prefetch();
    LISTED.prefetch();
}

/// All that a page needs to list these resources. Writing them as `code` takes their forms.
pub fn list_of<S: Resource>(code: Lazy<(), Code>) -> List {
    List {
        title: Of::<S>::NAMES.title,
        one: Of::<S>::NAMES.one,
        many: Of::<S>::NAMES.many,
        columns: Of::<S>::COLUMNS.iter().map(|column| column.head).collect(),
        sort: Of::<S>::SORT,
        request: || Of::<S>::CALLS.list(),
        more: Of::<S>::MORE,
        rows: rows::<S>,
        figures: Of::<S>::FIGURES,
        create: Some(|connection| paths::new(connection, Of::<S>::NAMES.kind)),
        column_names: Of::<S>::COLUMN_NAMES.map(|_| column_names::<S> as ColumnNames),
        row_actions: row_actions::<S>,
        deletion: deletion(
            Of::<S>::NAMES,
            Of::<S>::CALLS,
            Of::<S>::LOSS,
            Of::<S>::OF_ONESELF,
        ),
        bulk: Of::<S>::BULK,
        tagging: Of::<S>::TAGGING,
        code: Some(code),
        hint: Of::<S>::NAMES.hint,
    }
}
