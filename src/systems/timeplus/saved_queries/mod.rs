//! Saved queries: statements worth keeping, with a name, a description and tags.

pub mod detail;
pub mod draft;
pub mod save;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::saved_query::{self, SavedQuery},
};

use crate::{
    errors,
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    sql::streams::Streams,
    ui::{
        EditorControl, Tab,
        field::{Bound, Code, Field, TextArea, TextField},
        table::{Cell, Column},
    },
};
use draft::Draft;

pub struct SavedQueries;

impl ResourceSpec for SavedQueries {
    type Model = SavedQuery;
    type Draft = Draft;

    const SEGMENT: &'static str = "saved-queries";
    const KIND: &'static str = "saved-query";
    const ONE: &'static str = "saved query";
    const MANY: &'static str = "saved queries";
    const TITLE: &'static str = "Saved queries";
    const HINT: &'static str =
        "A saved query keeps a statement for everybody. The workspace saves one, too.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: saved_query::delete,
        loss: "The statement is lost. Queries that run it already go on.",
    });

    fn list() -> ApiRequest {
        saved_query::list()
    }

    fn get(key: &str) -> ApiRequest {
        saved_query::get(key)
    }

    fn key(model: &SavedQuery) -> &str {
        &model.id
    }

    fn name(model: &SavedQuery) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 200),
            Column::text("tags", "Tags", 180),
            Column::text("sql", "SQL", 320).unsorted(),
            Column::text("by", "Changed by", 110),
            Column::text("updated", "Changed", 96),
        ]
    }

    fn cells(model: &SavedQuery) -> Vec<Cell> {
        let by = model.last_updated_by.as_ref().or(model.created_by.as_ref());
        let updated = model.last_updated_at.clone();
        vec![
            Cell::Text(model.name.clone()),
            Cell::Tags(model.tags.clone(), model.tags.join(" ")),
            Cell::Mono(model.sql.split_whitespace().collect::<Vec<_>>().join(" ")),
            Cell::Text(by.map(|owner| owner.name.clone()).unwrap_or_default()),
            Cell::Time(
                updated
                    .or_else(|| model.created_at.clone())
                    .unwrap_or_default(),
            ),
        ]
    }

    fn search(model: &SavedQuery) -> String {
        let tags = model.tags.iter().map(|tag| format!(" tag:{tag} "));
        model.description.clone() + &tags.collect::<String>()
    }

    fn draft(model: &SavedQuery) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, _edited: &Edited<SavedQuery>) -> Vec<FieldGroup> {
        vec![FieldGroup::new("", move || fields(draft))]
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<SavedQuery>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let definition = draft.definition()?;
        let request = match edited {
            Edited::New => saved_query::create(&definition),
            Edited::Existing(before) => saved_query::update(&before.id, &definition),
        };
        request.map_err(errors::unsent)
    }

    fn facts(model: Signal<SavedQuery>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<SavedQuery>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<SavedQuery>) -> Vec<Tab> {
        detail::tabs(model)
    }
}

fn fields(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <TextField label="Description" name="description" value=Bound::part(draft, |d| &mut d.description) />
        <SqlField draft />
        <TextField
            label="Tags"
            name="tags"
            value=Bound::part(draft, |d| &mut d.tags)
            placeholder="ops, latency"
            help="Separated by commas."
        />
    }
    .into_any()
}

/// The editor of the workspace inside a form.
#[component]
fn SqlField(draft: RwSignal<Draft>) -> impl IntoView {
    let streams = Streams::load();
    let words = Signal::derive(move || streams.words());
    view! {
        <Field label="SQL" name="sql" required=true>
            <Code value=Bound::part(draft, |draft| &mut draft.sql) control=EditorControl::new() class="sql-field" words />
        </Field>
    }
    .into_any()
}

/// The fields that matter besides the statement, for a dialog.
pub fn short_fields(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <TextArea label="Description" name="description" value=Bound::part(draft, |d| &mut d.description) rows=2 />
        <TextField label="Tags" name="tags" value=Bound::part(draft, |d| &mut d.tags) help="Separated by commas." />
    }
    .into_any()
}
