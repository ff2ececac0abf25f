//! External tables: tables of other databases, read where they are.

pub mod detail;
pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        external_table::{self, ExternalTable},
        types::external_tables::TYPES,
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

pub struct ExternalTables;

impl ResourceSpec for ExternalTables {
    type Model = ExternalTable;
    type Draft = Draft;

    const SEGMENT: &'static str = "external-tables";
    const KIND: &'static str = "external-table";
    const ONE: &'static str = "external table";
    const MANY: &'static str = "external tables";
    const TITLE: &'static str = "External tables";
    const HINT: &'static str =
        "An external table is a table of another database, read where it is.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: external_table::delete,
        loss: "The table itself stays where it is. Queries and views that read it fail.",
    });

    fn list() -> ApiRequest {
        external_table::list()
    }

    fn get(key: &str) -> ApiRequest {
        external_table::get(key)
    }

    fn key(model: &ExternalTable) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 180),
            Column::text("type", "Type", 140),
            Column::text("from", "Reads", 280),
            Column::text("created", "Created", 110),
        ]
    }

    fn cells(model: &ExternalTable) -> Vec<Cell> {
        vec![
            Cell::Text(model.name.clone()),
            Cell::Text(external::title(TYPES, model.kind())),
            Cell::Text(detail::place(model)),
            Cell::Time(model.created_at.clone().unwrap_or_default()),
        ]
    }

    fn search(model: &ExternalTable) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Deed::open(
            format!("Query {key}"),
            IconName::Prompt,
            paths::workspace_with(connection, &detail::query(key)),
        )]
    }

    fn draft(model: &ExternalTable) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, _edited: &Edited<ExternalTable>) -> Vec<FieldGroup> {
        form::sections(draft)
    }

    fn aside(draft: RwSignal<Draft>, _edited: &Edited<ExternalTable>) -> Option<ViewFn> {
        Some(ViewFn::from(move || {
            external::sql(Memo::new(move |_| {
                draft.with(|draft| ddl::table(&draft.definition().0))
            }))
        }))
    }

    fn parse(
        draft: &Draft,
        _edited: &Edited<ExternalTable>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let (definition, errors) = draft.definition();
        let request = match can.has(Capability::Definitions) {
            true => external_table::create(&definition),
            false => exec::ddl(&ddl::table(&definition)),
        };
        sendable(request, errors)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<ExternalTable>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<ExternalTable>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<ExternalTable>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
