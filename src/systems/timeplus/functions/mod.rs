//! Functions that people define: JavaScript, or HTTP services.

pub mod arguments;
pub mod check;
pub mod ddl;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod sample;
pub mod template;
pub mod trial;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::{
        exec,
        udf::{self, Udf},
    },
};

use crate::{
    errors,
    kit::{Actions, Calls, Edited, Names, Resource, ResourceSpec, Submit},
    systems::timeplus::streams::detail::query_link,
    ui::field::SecretValue,
};

use draft::Draft;

pub struct Functions;

const NAMES: Names = Names {
    segment: "functions",
    kind: "function",
    one: "function",
    many: "functions",
    title: "Functions",
    hint: "A user-defined function extends SQL: JavaScript that the server runs, or a remote service that it calls.",
};

impl Resource for Functions {
    type Model = Udf;
    type Draft = Draft;

    const SPEC: ResourceSpec<Udf, Draft> = ResourceSpec {
        loss: Some("Dependent queries can no longer start. Delete dependent views first."),
        search: |model| format!("{} {}", model.source, model.url),
        edit: Some("Edit"),
        draft: Draft::of,
        anew: Some(|model| Draft {
            secret: SecretValue::Replace(weir_code::WITHHELD.into()),
            ..Draft::of(model)
        }),
        fields: |draft, edited| form::sections(draft, edited.is_new()),
        aside: |draft, edited| {
            let replace = !edited.is_new();
            Some(ViewFn::from(move || form::sql(draft, replace)))
        },
        submit: Submit::One(parse),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: detail::facts,
        actions: Actions::With(|connection, model, _| {
            query_link(connection, &model.with_untracked(detail::example))
        }),
        tabs: detail::tabs,
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(udf::CRUD),
            |model| &model.name,
            list::COLUMNS,
        )
    };
}

fn parse(
    draft: &Draft,
    edited: &Edited<Udf>,
    can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let (definition, errors) = draft.definition(can.by_sql());
    if !errors.is_empty() {
        return Err(errors);
    }
    let replace = !edited.is_new();
    let rest = || match edited {
        Edited::New => udf::create(&definition),
        Edited::Existing(before) => udf::update(&before.name, &definition.clone().keeping(before)),
    };
    let request = exec::define(can, rest, || ddl::create(&definition, replace));
    request.map_err(errors::unsent)
}
