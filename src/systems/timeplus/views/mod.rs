//! Views: queries with a name.

pub mod ddl;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        view::{self, UpdateView, View},
    },
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec, sendable},
    paths,
    systems::timeplus::streams::detail::query,
    ui::{
        IconName, Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Views;

impl ResourceSpec for Views {
    type Model = View;
    type Draft = Draft;

    const SEGMENT: &'static str = "views";
    const KIND: &'static str = "view";
    const ONE: &'static str = "view";
    const MANY: &'static str = "views";
    const TITLE: &'static str = "Views";
    const HINT: &'static str =
        "A view is a query with a name. Other queries read it like a stream; it keeps no rows.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: view::delete,
        loss: "Queries that read it fail; a view that other views read from cannot be deleted before them. A materialized view loses the rows it keeps.",
    });

    fn list() -> ApiRequest {
        view::list()
    }

    fn get(key: &str) -> ApiRequest {
        view::get(key)
    }

    fn key(model: &View) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &View) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &View) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        deeds(connection, Self::SEGMENT, key)
    }

    fn draft(model: &View) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<View>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        }
    }

    fn aside(draft: RwSignal<Draft>, edited: &Edited<View>) -> Option<ViewFn> {
        match edited {
            Edited::New => Some(ViewFn::from(move || form::sql(draft))),
            Edited::Existing(before) => {
                let before = before.clone();
                Some(ViewFn::from(move || {
                    let before = before.clone();
                    let text = Memo::new(move |_| {
                        draft.with(|draft| {
                            let sql = change_sql(&before, &draft.change(&before).0);
                            sql.unwrap_or_else(|| "-- nothing to change".into())
                        })
                    });
                    form::aside(text.into())
                }))
            }
        }
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<View>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let rest = can.has(Capability::Definitions);
        let (request, errors) = match edited {
            Edited::New => {
                let (definition, errors) = draft.definition();
                let request = if rest {
                    view::create(&definition)
                } else {
                    exec::ddl(&ddl::create(&definition))
                };
                (request, errors)
            }
            Edited::Existing(before) => {
                let (change, errors) = draft.change(before);
                let request = match change_sql(before, &change) {
                    Some(sql) if !rest => exec::ddl(&sql),
                    None if !rest => return Err(nothing()),
                    _ => view::update(&before.name, &change),
                };
                (request, errors)
            }
        };
        sendable(request, errors)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<View>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<View>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<View>) -> Vec<Tab> {
        detail::tabs(model)
    }
}

fn change_sql(before: &View, change: &UpdateView) -> Option<String> {
    let known = UpdateView {
        description: Some(before.description.clone()),
        ..UpdateView::default()
    };
    ddl::change(&before.name, &known, change)
}

/// Query and edit, in a row's menu.
pub fn deeds(connection: &str, segment: &str, key: &str) -> Vec<Deed> {
    vec![
        Deed::open(
            format!("Query {key}"),
            IconName::Prompt,
            paths::workspace_with(connection, &query(key)),
        ),
        Deed::open(
            format!("Edit {key}"),
            IconName::Edit,
            paths::edit_item(connection, segment, key),
        ),
    ]
}

pub fn nothing() -> Vec<FieldError> {
    vec![FieldError::new("", "Nothing has been changed")]
}
