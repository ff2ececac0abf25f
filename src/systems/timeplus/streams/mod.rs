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
    capability::Capabilities,
    timeplus::{
        exec,
        stream::{self, Stream},
    },
};

use crate::kit::{Actions, Calls, Edited, Figured, Names, Resource, ResourceSpec, Submit};

use detail::{query, query_action, query_link};
use draft::Draft;
pub use weir_api::timeplus::stream_ddl as ddl;

pub struct Streams;

const NAMES: Names = Names {
    segment: "streams",
    kind: "stream",
    one: "stream",
    many: "streams",
    title: "Streams",
    hint: "A stream stores rows and delivers them to queries as they arrive.",
};

impl Resource for Streams {
    type Model = Stream;
    type Draft = Draft;

    const SPEC: ResourceSpec<Stream, Draft> = ResourceSpec {
        loss: Some("All rows are deleted. Dependent queries fail. Delete dependent views first."),
        figures: Some(Figured {
            request: |key| stream::stats(key, Some(1)),
            cells: list::figures,
        }),
        search: |model| model.description.clone(),
        column_names: Some(|it| it.columns.iter().map(|one| one.name.clone()).collect()),
        row_actions: |connection, key| vec![query_action(connection, key)],
        edit: Some("Edit"),
        draft: Draft::of,
        anew: Some(Draft::anew),
        fields: |draft, edited| match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        },
        aside: |draft, edited| {
            let edited = edited.clone();
            Some(ViewFn::from(move || form::sql(draft, &edited)))
        },
        submit: Submit::All(requests),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: detail::facts,
        actions: Actions::With(|connection, model, _| {
            query_link(connection, &model.with_untracked(|one| query(&one.name)))
        }),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(stream::CRUD),
            |model| &model.name,
            list::COLUMNS,
        )
    };
}

fn requests(
    draft: &Draft,
    edited: &Edited<Stream>,
    can: Capabilities,
) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
    let (requests, errors) = match edited {
        Edited::New => {
            let (definition, errors) = draft.definition();
            let rest = || stream::create(&definition);
            let request = exec::define(can, rest, || ddl::create(&definition));
            (request.map(|request| vec![request]), errors)
        }
        Edited::Existing(before) => {
            let (change, errors) = draft.change(before);
            let requests = match can.by_sql() {
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
