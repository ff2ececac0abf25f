//! Data streamings: logs that are sent elsewhere in batches.

pub mod detail;
pub mod domains;
pub mod draft;
pub mod form;
pub mod list;
pub mod template;

use weir_api::azion::{
    self,
    streaming::{self, Streaming},
};

use crate::kit::{Actions, Calls, Names, Resource, ResourceSpec, Submit};

use draft::Draft;
pub use template::use_templates;

pub struct Streamings;

const NAMES: Names = Names {
    segment: "streamings",
    kind: "streaming",
    one: "data streaming",
    many: "data streamings",
    title: "Data streamings",
    hint: "A data streaming sends logs to another system, in batches of 2,000 records or every minute.",
};

impl Resource for Streamings {
    type Model = Streaming;
    type Draft = Draft;

    const SPEC: ResourceSpec<Streaming, Draft> = ResourceSpec {
        loss: Some("Logs are no longer sent."),
        read: azion::one,
        read_list: azion::many,
        more: azion::part,
        name: Some(|model| &model.definition.name),
        edit: Some("Edit"),
        bulk: &[detail::ACTIVATE, detail::DEACTIVATE],
        draft: Draft::of,
        fields: |draft, edited| form::sections(draft, !edited.is_new()),
        submit: Submit::All(|draft, edited, can| draft.requests(edited, can)),
        pending: azion::pending,
        facts: detail::facts,
        actions: Actions::With(detail::actions),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: streaming::list,
                get: streaming::get,
                delete: Some(streaming::delete),
            },
            |model| &model.id,
            list::COLUMNS,
        )
    };
}
