//! Schemas: what messages of external streams are made of.

pub mod draft;
pub mod editor;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        schema::{self, Schema},
    },
};

use super::external::{self, ddl};
use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec, sendable},
    paths,
    ui::{
        Badge, Button, Tab,
        field::{Bound, TextField},
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;
use editor::{ContentEditor, Source};

pub struct Schemas;

impl ResourceSpec for Schemas {
    type Model = Schema;
    type Draft = Draft;

    const SEGMENT: &'static str = "schemas";
    const KIND: &'static str = "schema";
    const ONE: &'static str = "schema";
    const MANY: &'static str = "schemas";
    const TITLE: &'static str = "Schemas";
    const HINT: &'static str =
        "A schema describes messages, so that external streams can read them as rows.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: schema::delete,
        loss: "External streams that use it cannot read their messages any more.",
    });

    fn list() -> ApiRequest {
        schema::list()
    }

    fn get(key: &str) -> ApiRequest {
        schema::get(key)
    }

    fn key(model: &Schema) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 200),
            Column::text("type", "Type", 120),
            Column::number("lines", "Lines", 84),
            Column::text("updated", "Updated", 110),
        ]
    }

    fn cells(model: &Schema) -> Vec<Cell> {
        let lines = model.content.lines().count();
        let updated = model.last_updated_at.clone();
        vec![
            Cell::Text(model.name.clone()),
            Cell::Text(model.kind.clone()),
            Cell::Number(lines as f64, lines.to_string()),
            Cell::Time(
                updated
                    .or_else(|| model.created_at.clone())
                    .unwrap_or_default(),
            ),
        ]
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Schema) -> Draft {
        Draft {
            name: model.name.clone(),
            content: model.content.clone(),
        }
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Schema>) -> Vec<FieldGroup> {
        let content = FieldGroup::new("Protobuf", move || view! { <ContentEditor draft /> });
        match edited {
            Edited::New => vec![FieldGroup::new("", move || name(draft)), content],
            Edited::Existing(_) => vec![content],
        }
    }

    fn aside(draft: RwSignal<Draft>, edited: &Edited<Schema>) -> Option<ViewFn> {
        let replace = matches!(edited, Edited::Existing(_));
        Some(ViewFn::from(move || {
            external::sql(Memo::new(move |_| {
                draft.with(|draft| ddl::schema(&draft.definition().0, replace))
            }))
        }))
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Schema>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let (definition, errors) = draft.definition();
        let replace = matches!(edited, Edited::Existing(_));
        let request = match (can.has(Capability::Definitions), replace) {
            (true, false) => schema::create(&definition),
            (true, true) => schema::update(&definition),
            (false, _) => exec::ddl(&ddl::schema(&definition, replace)),
        };
        sendable(request, errors)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<Schema>) -> AnyView {
        let kind = Signal::derive(move || model.with(|schema| schema.kind.clone()));
        view! { <Badge text=kind /> }.into_any()
    }

    fn actions(
        connection: &str,
        model: Signal<Schema>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        let name = model.with_untracked(|schema| schema.name.clone());
        view! {
            <a class="button" href=paths::edit_item(connection, Self::SEGMENT, &name)>"Edit"</a>
            <Button on_click=delete>"Delete"</Button>
        }
        .into_any()
    }

    fn tabs(_connection: &str, model: Signal<Schema>) -> Vec<Tab> {
        let content = Signal::derive(move || model.with(|schema| schema.content.clone()));
        vec![Tab::new("content", "Content", move || {
            view! { <Source content /> }
        })]
    }
}

fn name(draft: RwSignal<Draft>) -> AnyView {
    let value = Bound::part(draft, |draft| &mut draft.name);
    view! {
        <TextField
            label="Name"
            name="name"
            required=true
            mono=true
            autofocus=true
            value
            help="Letters, digits and _, beginning with a letter; at most 64."
        />
    }
    .into_any()
}
