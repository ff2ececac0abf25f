//! Views: queries with a name.

pub mod ddl;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::{
        exec,
        view::{self, UpdateView, View},
    },
};

use crate::{
    kit::{Actions, Calls, Edited, Names, Resource, ResourceSpec, Submit, sendable},
    systems::timeplus::{
        fields::{UNCHANGED, equivalent_sql},
        streams::detail::{query, query_action, query_link},
    },
};

use draft::Draft;

pub struct Views;

const NAMES: Names = Names {
    segment: "views",
    kind: "view",
    one: "view",
    many: "views",
    title: "Views",
    hint: "A view is a named query that other queries read like a stream. It stores no rows.",
};

impl Resource for Views {
    type Model = View;
    type Draft = Draft;

    const SPEC: ResourceSpec<View, Draft> = ResourceSpec {
        loss: Some("Dependent queries fail. Delete dependent views first."),
        search: |model| model.description.clone(),
        column_names: Some(|it| it.columns.iter().map(|one| one.name.clone()).collect()),
        row_actions: |connection, key| vec![query_action(connection, key)],
        edit: Some("Edit"),
        draft: Draft::of,
        elsewhere: |model| model.materialized,
        fields: |draft, edited| match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        },
        aside,
        submit: Submit::One(parse),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: detail::facts,
        actions: Actions::With(|connection, model, _| {
            query_link(connection, &model.with_untracked(|one| query(&one.name)))
        }),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(view::CRUD),
            |model| &model.name,
            list::COLUMNS,
        )
    };
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
                        sql.unwrap_or_else(|| UNCHANGED.into())
                    })
                });
                equivalent_sql(text.into())
            }))
        }
    }
}

fn parse(
    draft: &Draft,
    edited: &Edited<View>,
    can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let (request, errors) = match edited {
        Edited::New => {
            let (definition, errors) = draft.definition();
            let rest = || view::create(&definition);
            (exec::define(can, rest, || ddl::create(&definition)), errors)
        }
        Edited::Existing(before) => {
            let (change, errors) = draft.change(before);
            let request = match change_sql(before, &change) {
                _ if !can.by_sql() => view::update(&before.name, &change),
                Some(sql) => exec::ddl(&sql),
                None => return Err(nothing()),
            };
            (request, errors)
        }
    };
    sendable(request, errors)
}

fn change_sql(before: &View, change: &UpdateView) -> Option<String> {
    let known = UpdateView {
        description: Some(before.description.clone()),
        ..UpdateView::default()
    };
    ddl::change(&before.name, &known, change)
}

pub fn nothing() -> Vec<FieldError> {
    vec![FieldError::new("", "No changes")]
}
