//! Sources: they bring rows from elsewhere into a stream.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod preview;
pub mod target;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::source::{self, Source},
};

use crate::{
    errors,
    kit::{Deletion, Edited, FieldGroup, Figured, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Sources;

impl ResourceSpec for Sources {
    type Model = Source;
    type Draft = Draft;

    const SEGMENT: &'static str = "sources";
    const KIND: &'static str = "source";
    const ONE: &'static str = "source";
    const MANY: &'static str = "sources";
    const TITLE: &'static str = "Sources";
    const HINT: &'static str =
        "A source reads from elsewhere, for example from NATS, and writes to a stream.";
    const FIGURES: Option<Figured> = Some(Figured {
        request: |key| source::stats(key, "1d", "10m"),
        cells: list::figures,
    });
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: source::delete,
        loss: "It stops. The rows it has written stay in the stream.",
    });

    fn list() -> ApiRequest {
        source::list()
    }

    fn get(key: &str) -> ApiRequest {
        source::get(key)
    }

    fn key(model: &Source) -> &str {
        &model.id
    }

    fn name(model: &Source) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Source) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &Source) -> String {
        format!("{} {}", model.description, model.kind)
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Source) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Source>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::create(draft),
            Edited::Existing(source) => form::edit(draft, source),
        }
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Source>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let request = match edited {
            Edited::New => source::create(&draft.creation()?),
            Edited::Existing(before) => source::update(&before.id, &draft.change()?),
        };
        request.map_err(errors::unsent)
    }

    fn facts(model: Signal<Source>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Source>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(connection: &str, model: Signal<Source>) -> Vec<Tab> {
        detail::tabs(connection, model)
    }
}
