//! Pipelines: what was defined together, statement by statement. The server keeps the record; the
//! statements are run from here.

pub mod detail;
pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::{
        exec,
        pipeline::{self, Pipeline},
    },
};

use crate::{
    kit::{Actions, Calls, Column, Edited, Names, Resource, ResourceSpec, Submit},
    paths,
    ui::{ChangeLink, Tab, table::Cell},
};

use draft::Draft;

pub struct Pipelines;

const NAMES: Names = Names {
    segment: "pipelines",
    kind: "pipeline",
    one: "pipeline",
    many: "pipelines",
    title: "Pipelines",
    hint: "A pipeline groups resources that were created together, for example a stream, a view and a sink.",
};

const COLUMNS: &[Column<Pipeline>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::number("statements", "Statements", 100, |it| {
        let steps = it.nodes_history.iter().flatten();
        let nodes: usize = steps.map(|step| step.nodes.iter().flatten().count()).sum();
        Cell::count(nodes as u64)
    }),
    Column::text("description", "Description", 260, |it| {
        it.description.clone()
    }),
    Column::text("by", "Created by", 120, |it| {
        it.audit.created_by.clone().unwrap_or_default().name
    }),
    Column::time("changed", "Changed", 100, |it| {
        it.audit.last_updated_at.clone().unwrap_or_default()
    }),
];

impl Resource for Pipelines {
    type Model = Pipeline;
    type Draft = Draft;

    const SPEC: ResourceSpec<Pipeline, Draft> = ResourceSpec {
        loss: Some("Only the group is deleted; its resources are kept."),
        name: Some(|model| &model.name),
        draft: |_| Draft::default(),
        anew: Some(Draft::anew),
        steps_field: "nodes",
        fields: |draft, edited| form::sections(draft, edited.is_new()),
        submit: Submit::All(requests),
        facts: |model| {
            view! { <p>{move || model.with(|pipeline| pipeline.description.clone())}</p> }
                .into_any()
        },
        actions: Actions::With(|connection, model, _| {
            let id = model.with_untracked(|pipeline| pipeline.id.clone());
            let href = paths::edit_item(connection, NAMES.segment, &id);
            view! { <ChangeLink href text="Add statements" /> }.into_any()
        }),
        tabs: |connection, model| {
            let connection = connection.to_string();
            vec![Tab::new("steps", "Steps", move || {
                detail::steps(&connection, model)
            })]
        },
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(pipeline::CRUD),
            |model| &model.id,
            COLUMNS,
        )
    };
}

fn requests(
    draft: &Draft,
    edited: &Edited<Pipeline>,
    _can: Capabilities,
) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
    let new = edited.is_new();
    let errors = draft.errors(new);
    if !errors.is_empty() {
        return Err(errors);
    }
    let statements = draft.statements();
    let record = match edited {
        Edited::New => pipeline::create(&draft.pipeline()),
        Edited::Existing(before) => pipeline::append(&before.id, &pipeline::Step::of(&statements)),
    };
    let run = statements.iter().filter(|_| draft.run);
    let run = run.map(|statement| exec::ddl(statement));
    run.chain([record])
        .collect::<Result<_, _>>()
        .map_err(crate::errors::unsent)
}
