//! Sinks: where rows are sent to.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::sink::{self, Sink},
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Figured, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Sinks;

impl ResourceSpec for Sinks {
    type Model = Sink;
    type Draft = Draft;

    const SEGMENT: &'static str = "sinks";
    const KIND: &'static str = "sink";
    const ONE: &'static str = "sink";
    const MANY: &'static str = "sinks";
    const TITLE: &'static str = "Sinks";
    const HINT: &'static str =
        "A sink runs a query and sends each of its rows to another system, for example over HTTP.";
    const FIGURES: Option<Figured> = Some(Figured {
        request: |key| sink::stats(key, "10m", "1d"),
        cells: list::figures,
    });
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: sink::delete,
        loss: "Rows are no longer sent; those that wait to be sent are lost.",
    });

    fn list() -> ApiRequest {
        sink::list()
    }

    fn get(key: &str) -> ApiRequest {
        sink::get(key)
    }

    fn key(model: &Sink) -> &str {
        &model.id
    }

    fn name(model: &Sink) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Sink) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &Sink) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Sink) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Sink>) -> Vec<FieldGroup> {
        form::sections(draft, matches!(edited, Edited::Existing(_)))
    }

    fn aside(draft: RwSignal<Draft>, _edited: &Edited<Sink>) -> Option<ViewFn> {
        Some(ViewFn::from(move || form::example(draft)))
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Sink>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        draft.request(edited)
    }

    fn facts(model: Signal<Sink>) -> AnyView {
        detail::facts(model)
    }

    fn actions(connection: &str, model: Signal<Sink>, load: Load, delete: Callback<()>) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<Sink>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
