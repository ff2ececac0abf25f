//! Sources: they bring rows from elsewhere into a stream.

pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod preview;
pub mod target;

use weir_api::timeplus::source::{self, Source};

use crate::{
    errors,
    kit::{Actions, Calls, Edited, Figured, Names, Resource, ResourceSpec, Submit},
};

use draft::Draft;

pub struct Sources;

const NAMES: Names = Names {
    segment: "sources",
    kind: "source",
    one: "source",
    many: "sources",
    title: "Sources",
    hint: "A source reads from an external system, for example NATS, and writes to a stream.",
};

impl Resource for Sources {
    type Model = Source;
    type Draft = Draft;

    const SPEC: ResourceSpec<Source, Draft> = ResourceSpec {
        loss: Some("Reading stops. Rows already written are kept."),
        name: Some(|model| &model.name),
        figures: Some(Figured {
            request: |key| source::stats(key, "1d", "10m"),
            cells: list::figures,
        }),
        search: |model| format!("{} {}", model.description, model.kind),
        edit: Some("Edit"),
        bulk: &[detail::START, detail::STOP],
        draft: Draft::of,
        anew: Some(Draft::anew),
        fields: |draft, edited| match edited {
            Edited::New => form::create(draft),
            Edited::Existing(source) => form::edit(draft, source),
        },
        submit: Submit::One(|draft, edited, _| {
            let request = match edited {
                Edited::New => source::create(&draft.creation()?),
                Edited::Existing(before) => source::update(&before.id, &draft.change()?),
            };
            request.map_err(errors::unsent)
        }),
        facts: detail::facts,
        actions: Actions::Own(detail::actions),
        tabs: detail::tabs,
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(source::CRUD),
            |model| &model.id,
            list::COLUMNS,
        )
    };
}
