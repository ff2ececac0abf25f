//! Alerts: queries that watch for something and say so once, until it is over.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::alert::{self, Alert},
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Alerts;

impl ResourceSpec for Alerts {
    type Model = Alert;
    type Draft = Draft;

    const SEGMENT: &'static str = "alerts";
    const KIND: &'static str = "alert";
    const ONE: &'static str = "alert";
    const MANY: &'static str = "alerts";
    const TITLE: &'static str = "Alerts";
    const HINT: &'static str = "An alert watches a query: its first row tells somebody, and then there is silence until it is resolved.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: alert::delete,
        loss: "Nobody is told any more, and its timeline is lost.",
    });

    fn list() -> ApiRequest {
        alert::list()
    }

    fn get(key: &str) -> ApiRequest {
        alert::get(key)
    }

    fn key(model: &Alert) -> &str {
        &model.id
    }

    fn name(model: &Alert) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Alert) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &Alert) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Alert) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Alert>) -> Vec<FieldGroup> {
        form::sections(draft, matches!(edited, Edited::Existing(_)))
    }

    fn aside(draft: RwSignal<Draft>, _edited: &Edited<Alert>) -> Option<ViewFn> {
        Some(ViewFn::from(move || form::example(draft)))
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Alert>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        draft.request(edited)
    }

    fn facts(model: Signal<Alert>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Alert>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<Alert>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
