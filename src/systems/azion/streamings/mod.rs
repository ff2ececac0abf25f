//! Data streamings: logs that are sent elsewhere in batches.

pub mod detail;
pub mod domains;
pub mod draft;
pub mod form;
pub mod list;
pub mod template;

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    azion::{
        self,
        streaming::{self, Streaming},
    },
    capability::Capabilities,
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;
pub use template::use_templates;

pub struct Streamings;

impl ResourceSpec for Streamings {
    type Model = Streaming;
    type Draft = Draft;

    const SEGMENT: &'static str = "streamings";
    const KIND: &'static str = "streaming";
    const ONE: &'static str = "data streaming";
    const MANY: &'static str = "data streamings";
    const TITLE: &'static str = "Data streamings";
    const HINT: &'static str = "A data streaming sends logs to another system, in batches of 2,000 records or every minute.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: streaming::delete,
        loss: "Logs are no longer sent. This cannot be undone.",
    });

    fn list() -> ApiRequest {
        streaming::list()
    }

    fn get(key: &str) -> ApiRequest {
        streaming::get(key)
    }

    fn read(answer: &[u8]) -> Result<Streaming, ApiError> {
        azion::one(answer)
    }

    fn read_list(answer: &[u8]) -> Result<Vec<Streaming>, ApiError> {
        azion::many(answer)
    }

    fn key(model: &Streaming) -> &str {
        &model.id
    }

    fn name(model: &Streaming) -> &str {
        &model.definition.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Streaming) -> Vec<Cell> {
        list::cells(model)
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Streaming) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Streaming>) -> Vec<FieldGroup> {
        form::sections(draft, matches!(edited, Edited::Existing(_)))
    }

    fn requests(
        draft: &Draft,
        edited: &Edited<Streaming>,
        _can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        draft.requests(edited)
    }

    fn facts(model: Signal<Streaming>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Streaming>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<Streaming>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
