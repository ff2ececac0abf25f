//! Schemas: what messages of external streams are made of.

pub mod draft;
pub mod editor;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::{
        exec,
        schema::{self, PROTOBUF, Schema},
    },
};

use super::{
    external::ddl,
    fields::{Name, equivalent_sql},
};
use crate::{
    kit::{
        Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, latest, sendable,
    },
    ui::{Badge, Tab, field::Bound, table::Cell},
};

use draft::Draft;
use editor::{ContentEditor, Source};

pub struct Schemas;

const NAMES: Names = Names {
    segment: "schemas",
    kind: "schema",
    one: "schema",
    many: "schemas",
    title: "Schemas",
    hint: "A schema describes a message format, so that external streams can read messages as rows.",
};

const COLUMNS: &[Column<Schema>] = &[
    Column::text("name", "Name", 200, |it| it.name.clone()),
    Column::text("type", "Type", 120, |it| it.kind.clone()),
    Column::number("lines", "Lines", 84, |it| {
        Cell::count(it.content.lines().count() as u64)
    }),
    Column::time("updated", "Updated", 110, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

impl Resource for Schemas {
    type Model = Schema;
    type Draft = Draft;

    const SPEC: ResourceSpec<Schema, Draft> = ResourceSpec {
        loss: Some("Dependent external streams can no longer read messages."),
        edit: Some("Edit"),
        draft: |model| Draft {
            name: model.name.clone(),
            kind: match model.kind.as_str() {
                "" => PROTOBUF.into(),
                kind => kind.into(),
            },
            content: model.content.clone(),
        },
        fields: |draft, edited| {
            let content = FieldGroup::new("Protobuf", move || view! { <ContentEditor draft /> });
            match edited {
                Edited::New => vec![FieldGroup::new("", move || name(draft)), content],
                Edited::Existing(before) if before.kind != PROTOBUF => {
                    vec![FieldGroup::new(
                        "Content",
                        move || view! { <ContentEditor draft /> },
                    )]
                }
                Edited::Existing(_) => vec![content],
            }
        },
        aside: |draft, edited| {
            let replace = !edited.is_new();
            Some(ViewFn::from(move || {
                let text = Memo::new(move |_| {
                    draft.with(|draft| ddl::schema(&draft.definition(replace).0, replace))
                });
                equivalent_sql(text.into())
            }))
        },
        submit: Submit::One(parse),
        made: Some(|draft, _| draft.name.trim().into()),
        facts: |model| {
            let kind = Signal::derive(move || model.with(|schema| schema.kind.clone()));
            view! { <Badge text=kind /> }.into_any()
        },
        tabs: |_, model| {
            let content = Signal::derive(move || model.with(|schema| schema.content.clone()));
            vec![Tab::new("content", "Content", move || {
                view! { <Source content /> }
            })]
        },
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(schema::CRUD),
            |model| &model.name,
            COLUMNS,
        )
    };
}

fn parse(
    draft: &Draft,
    edited: &Edited<Schema>,
    can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let replace = !edited.is_new();
    let (mut definition, errors) = draft.definition(replace);
    if let Edited::Existing(before) = edited {
        definition.beside = before.beside.clone();
    }
    let rest = || match replace {
        false => schema::create(&definition),
        true => schema::update(&definition),
    };
    let request = exec::define(can, rest, || ddl::schema(&definition, replace));
    sendable(request, errors)
}

fn name(draft: RwSignal<Draft>) -> AnyView {
    let value = Bound::part(draft, |draft| &mut draft.name);
    view! { <Name value /> }.into_any()
}
