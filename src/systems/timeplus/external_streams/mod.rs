//! External streams: topics, logs and the like that are read where they are.

pub mod detail;
pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::timeplus::{
    exec,
    external_stream::{self, ExternalStream},
    types::external_streams::TYPES,
};

use super::{
    external::{self, ddl},
    fields::equivalent_sql,
};
use crate::{
    kit::{Actions, Calls, Column, Names, Resource, ResourceSpec, Submit, sendable},
    systems::timeplus::streams::detail::{query, query_action, query_link},
    ui::table::Cell,
};

use draft::Draft;

pub struct ExternalStreams;

const NAMES: Names = Names {
    segment: "external-streams",
    kind: "external-stream",
    one: "external stream",
    many: "external streams",
    title: "External streams",
    hint: "An external stream reads a topic, a log or a remote stream without copying it.",
};

const COLUMNS: &[Column<ExternalStream>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::text("type", "Type", 140, |it| external::title(TYPES, it.kind())),
    Column::text("from", "Reads", 260, detail::place),
    Column::number("columns", "Columns", 84, |it| {
        Cell::count(it.columns.len() as u64)
    }),
    Column::time("created", "Created", 110, |it| {
        it.created_at.clone().unwrap_or_default()
    }),
];

impl Resource for ExternalStreams {
    type Model = ExternalStream;
    type Draft = Draft;

    const SPEC: ResourceSpec<ExternalStream, Draft> = ResourceSpec {
        loss: Some("The external data is kept. Dependent queries and views fail."),
        search: |model| model.description.clone(),
        column_names: Some(|it| it.columns.iter().map(|one| one.name.clone()).collect()),
        row_actions: |connection, key| vec![query_action(connection, key)],
        draft: Draft::of,
        fields: |draft, _| form::sections(draft),
        aside: |draft, _| {
            Some(ViewFn::from(move || {
                let text =
                    Memo::new(move |_| draft.with(|draft| ddl::stream(&draft.definition().0)));
                equivalent_sql(text.into())
            }))
        },
        submit: Submit::One(|draft, _, can| {
            let (definition, errors) = draft.definition();
            let rest = || external_stream::create(&definition);
            let request = exec::define(can, rest, || ddl::stream(&definition));
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
            Calls::Rest(external_stream::CRUD),
            |model| &model.name,
            COLUMNS,
        )
    };
}
