//! Sinks: where rows are sent to.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;

use leptos::prelude::*;
use weir_api::timeplus::sink::{self, Sink};

use crate::kit::{Actions, Calls, Figured, Names, Resource, ResourceSpec, Submit};

use draft::Draft;

pub struct Sinks;

const NAMES: Names = Names {
    segment: "sinks",
    kind: "sink",
    one: "sink",
    many: "sinks",
    title: "Sinks",
    hint: "A sink runs a query in the background and sends each row to another system, for example over HTTP.",
};

impl Resource for Sinks {
    type Model = Sink;
    type Draft = Draft;

    const SPEC: ResourceSpec<Sink, Draft> = ResourceSpec {
        loss: Some("Delivery stops, and pending rows are lost."),
        name: Some(|model| &model.name),
        figures: Some(Figured {
            request: |key| sink::stats(key, "10m", "1d"),
            cells: list::figures,
        }),
        search: |model| model.description.clone(),
        edit: Some("Edit"),
        bulk: &[detail::START, detail::STOP],
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
            Calls::Rest(sink::CRUD),
            |model| &model.id,
            list::COLUMNS,
        )
    };
}
