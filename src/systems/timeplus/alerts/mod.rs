//! Alerts: queries that watch for something and say so once, until it is over.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::timeplus::alert::{self, Alert};

use crate::kit::{Actions, Calls, Names, Resource, ResourceSpec, Submit};

use draft::Draft;

pub struct Alerts;

const NAMES: Names = Names {
    segment: "alerts",
    kind: "alert",
    one: "alert",
    many: "alerts",
    title: "Alerts",
    hint: "An alert watches a query: the first row fires it and sends a notification. Further rows send none until the alert is resolved.",
};

impl Resource for Alerts {
    type Model = Alert;
    type Draft = Draft;

    const SPEC: ResourceSpec<Alert, Draft> = ResourceSpec {
        loss: Some("Notifications stop, and the alert history is lost."),
        name: Some(|model| &model.name),
        search: |model| model.description.clone(),
        edit: Some("Edit"),
        bulk: &[detail::START, detail::STOP, detail::RESOLVE],
        draft: Draft::of,
        anew: Some(Draft::anew),
        fields: |draft, edited| form::sections(draft, !edited.is_new()),
        aside: |draft, _| Some(ViewFn::from(move || form::example(draft))),
        submit: Submit::One(|draft, edited, _| draft.request(edited)),
        facts: detail::facts,
        actions: Actions::With(detail::actions),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(alert::CRUD),
            |model| &model.id,
            list::COLUMNS,
        )
    };
}
