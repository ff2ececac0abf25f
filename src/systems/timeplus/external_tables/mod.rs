//! External tables: tables of other databases, read where they are.

pub mod detail;
pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::timeplus::{
    exec,
    external_table::{self, ExternalTable},
    types::external_tables::TYPES,
};

use super::{
    external::{self, ddl},
    fields::equivalent_sql,
};
use crate::{
    kit::{Actions, Calls, Column, Names, Resource, ResourceSpec, Submit, sendable},
    systems::timeplus::streams::detail::{query, query_action, query_link},
};

use draft::Draft;

pub struct ExternalTables;

const NAMES: Names = Names {
    segment: "external-tables",
    kind: "external-table",
    one: "external table",
    many: "external tables",
    title: "External tables",
    hint: "An external table reads a table of another database without copying it.",
};

const COLUMNS: &[Column<ExternalTable>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::text("type", "Type", 140, |it| external::title(TYPES, it.kind())),
    Column::text("from", "Reads", 280, detail::place),
    Column::time("created", "Created", 110, |it| {
        it.created_at.clone().unwrap_or_default()
    }),
];

impl Resource for ExternalTables {
    type Model = ExternalTable;
    type Draft = Draft;

    const SPEC: ResourceSpec<ExternalTable, Draft> = ResourceSpec {
        loss: Some("The external data is kept. Dependent queries and views fail."),
        search: |model| model.description.clone(),
        row_actions: |connection, key| vec![query_action(connection, key)],
        draft: Draft::of,
        fields: |draft, _| form::sections(draft),
        aside: |draft, _| {
            Some(ViewFn::from(move || {
                let text =
                    Memo::new(move |_| draft.with(|draft| ddl::table(&draft.definition().0)));
                equivalent_sql(text.into())
            }))
        },
        submit: Submit::One(|draft, _, can| {
            let (definition, errors) = draft.definition();
            let rest = || external_table::create(&definition);
            let request = exec::define(can, rest, || ddl::table(&definition));
            sendable(request, errors)
        }),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: detail::facts,
        actions: Actions::With(|connection, model, _| {
            query_link(connection, &model.with_untracked(|one| query(&one.name)))
        }),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(external_table::CRUD),
            |model| &model.name,
            COLUMNS,
        )
    };
}
