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
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column},
    },
};
use draft::Draft;

pub struct Pipelines;

impl ResourceSpec for Pipelines {
    type Model = Pipeline;
    type Draft = Draft;

    const SEGMENT: &'static str = "pipelines";
    const KIND: &'static str = "pipeline";
    const ONE: &'static str = "pipeline";
    const MANY: &'static str = "pipelines";
    const TITLE: &'static str = "Pipelines";
    const HINT: &'static str =
        "A pipeline remembers what was defined together, for example a stream, a view and a sink.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: pipeline::delete,
        loss: "Only the record is deleted: what its statements defined stays.",
    });

    fn list() -> ApiRequest {
        pipeline::list()
    }

    fn get(key: &str) -> ApiRequest {
        pipeline::get(key)
    }

    fn key(model: &Pipeline) -> &str {
        &model.id
    }

    fn name(model: &Pipeline) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 180),
            Column::number("statements", "Statements", 100),
            Column::text("description", "Description", 260),
            Column::text("by", "Created by", 120),
            Column::text("changed", "Changed", 100),
        ]
    }

    fn cells(model: &Pipeline) -> Vec<Cell> {
        let steps = model.nodes_history.iter().flatten();
        let nodes: usize = steps.map(|step| step.nodes.iter().flatten().count()).sum();
        let by = model.audit.created_by.clone().unwrap_or_default();
        let changed = model.audit.last_updated_at.clone();
        vec![
            Cell::Text(model.name.clone()),
            Cell::Number(nodes as f64, nodes.to_string()),
            Cell::Text(model.description.clone()),
            Cell::Text(by.name),
            Cell::Time(changed.unwrap_or_default()),
        ]
    }

    fn draft(_model: &Pipeline) -> Draft {
        Draft::default()
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Pipeline>) -> Vec<FieldGroup> {
        form::sections(draft, matches!(edited, Edited::New))
    }

    fn requests(
        draft: &Draft,
        edited: &Edited<Pipeline>,
        _can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        let new = matches!(edited, Edited::New);
        let errors = draft.errors(new);
        if !errors.is_empty() {
            return Err(errors);
        }
        let statements = draft.statements();
        let record = match edited {
            Edited::New => pipeline::create(&draft.pipeline()),
            Edited::Existing(before) => {
                pipeline::append(&before.id, &pipeline::Step::of(&statements))
            }
        };
        let run = statements.iter().filter(|_| draft.run);
        let run = run.map(|statement| exec::ddl(statement));
        run.chain([record])
            .collect::<Result<_, _>>()
            .map_err(crate::errors::unsent)
    }

    fn facts(model: Signal<Pipeline>) -> AnyView {
        view! { <p>{move || model.with(|pipeline| pipeline.description.clone())}</p> }.into_any()
    }

    fn actions(
        connection: &str,
        model: Signal<Pipeline>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(connection: &str, model: Signal<Pipeline>) -> Vec<Tab> {
        let connection = connection.to_string();
        vec![Tab::new("steps", "Steps", move || {
            detail::steps(&connection, model)
        })]
    }
}
