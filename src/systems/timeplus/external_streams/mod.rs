//! External streams: topics, logs and the like that are read where they are.

pub mod detail;
pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        external_stream::{self, ExternalStream},
        types::external_streams::TYPES,
    },
};

use super::external::{self, ddl};
use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec, sendable},
    paths,
    ui::{
        IconName, Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct ExternalStreams;

impl ResourceSpec for ExternalStreams {
    type Model = ExternalStream;
    type Draft = Draft;

    const SEGMENT: &'static str = "external-streams";
    const KIND: &'static str = "external-stream";
    const ONE: &'static str = "external stream";
    const MANY: &'static str = "external streams";
    const TITLE: &'static str = "External streams";
    const HINT: &'static str =
        "An external stream reads a topic, a log or another server's stream where it is.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: external_stream::delete,
        loss: "What it reads stays where it is. Queries and views that read it fail.",
    });

    fn list() -> ApiRequest {
        external_stream::list()
    }

    fn get(key: &str) -> ApiRequest {
        external_stream::get(key)
    }

    fn key(model: &ExternalStream) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 180),
            Column::text("type", "Type", 140),
            Column::text("from", "Reads", 260),
            Column::number("columns", "Columns", 84),
            Column::text("created", "Created", 110),
        ]
    }

    fn cells(model: &ExternalStream) -> Vec<Cell> {
        let count = model.columns.len();
        vec![
            Cell::Text(model.name.clone()),
            Cell::Text(external::title(TYPES, model.kind())),
            Cell::Text(detail::place(model)),
            Cell::Number(count as f64, count.to_string()),
            Cell::Time(model.created_at.clone().unwrap_or_default()),
        ]
    }

    fn search(model: &ExternalStream) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Deed::open(
            format!("Query {key}"),
            IconName::Prompt,
            paths::workspace_with(connection, &detail::query(key)),
        )]
    }

    fn draft(model: &ExternalStream) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, _edited: &Edited<ExternalStream>) -> Vec<FieldGroup> {
        form::sections(draft)
    }

    fn aside(draft: RwSignal<Draft>, _edited: &Edited<ExternalStream>) -> Option<ViewFn> {
        Some(ViewFn::from(move || {
            external::sql(Memo::new(move |_| {
                draft.with(|draft| ddl::stream(&draft.definition().0))
            }))
        }))
    }

    fn parse(
        draft: &Draft,
        _edited: &Edited<ExternalStream>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let (definition, errors) = draft.definition();
        let request = match can.has(Capability::Definitions) {
            true => external_stream::create(&definition),
            false => exec::ddl(&ddl::stream(&definition)),
        };
        sendable(request, errors)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<ExternalStream>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<ExternalStream>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<ExternalStream>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
