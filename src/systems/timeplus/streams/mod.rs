//! Streams: where rows are kept and where they come from.

pub mod check;
pub mod columns;
pub mod detail;
pub mod draft;
pub mod form;
pub mod infer;
pub mod ingest;
pub mod list;
pub mod stats;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        stream::{self, Stream},
    },
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Figured, Load, ResourceSpec},
    paths,
    ui::{
        IconName, Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;
pub use weir_api::timeplus::stream_ddl as ddl;

/// The engine's name on the wire.
const MUTABLE: &str = "MutableStream";

pub struct Streams;

impl ResourceSpec for Streams {
    type Model = Stream;
    type Draft = Draft;

    const SEGMENT: &'static str = "streams";
    const KIND: &'static str = "stream";
    const ONE: &'static str = "stream";
    const MANY: &'static str = "streams";
    const TITLE: &'static str = "Streams";
    const HINT: &'static str =
        "A stream keeps the rows that are sent to it and hands them on to queries as they arrive.";
    const FIGURES: Option<Figured> = Some(Figured {
        request: |key| stream::stats(key, Some(1)),
        cells: list::figures,
    });
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: stream::delete,
        loss: "All rows are deleted. Queries that read it fail; a stream that views read from cannot be deleted before them.",
    });

    fn list() -> ApiRequest {
        stream::list()
    }

    fn get(key: &str) -> ApiRequest {
        stream::get(key)
    }

    fn key(model: &Stream) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Stream) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &Stream) -> String {
        model.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![
            Deed::open(
                format!("Query {key}"),
                IconName::Prompt,
                paths::workspace_with(connection, &detail::query(key)),
            ),
            Self::edit_deed(connection, key),
        ]
    }

    fn draft(model: &Stream) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Stream>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        }
    }

    fn aside(draft: RwSignal<Draft>, edited: &Edited<Stream>) -> Option<ViewFn> {
        let edited = edited.clone();
        Some(ViewFn::from(move || form::sql(draft, &edited)))
    }

    fn requests(
        draft: &Draft,
        edited: &Edited<Stream>,
        can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        let by_sql = !can.has(Capability::Definitions);
        let (requests, errors) = match edited {
            Edited::New => {
                let (definition, errors) = draft.definition();
                let request = match by_sql {
                    true => exec::ddl(&ddl::create(&definition)),
                    false => stream::create(&definition),
                };
                (request.map(|request| vec![request]), errors)
            }
            Edited::Existing(before) => {
                let (change, errors) = draft.change(before);
                let requests = match by_sql {
                    true => ddl::alter(&before.name, &change)
                        .iter()
                        .map(|sql| exec::ddl(sql))
                        .collect(),
                    false => stream::update(&before.name, &change).map(|request| vec![request]),
                };
                (requests, errors)
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        requests.map_err(crate::errors::unsent)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<Stream>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Stream>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<Stream>) -> Vec<Tab> {
        detail::tabs(model)
    }
}
