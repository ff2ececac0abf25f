//! Saved queries: statements worth keeping, with a name, a description and tags.

pub mod detail;
pub mod draft;
pub mod save;

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest, json_response,
    timeplus::saved_query::{self, SavedQuery, SavedQueryDef},
};

use crate::{
    errors,
    kit::{
        Actions, Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit,
        bulk::Tagging, latest,
    },
    paths,
    sql::streams::Streams,
    ui::{
        EditorControl,
        field::{Bound, Code, Field, TextArea, TextField},
        table::Cell,
    },
};

use draft::Draft;

pub struct SavedQueries;

const NAMES: Names = Names {
    segment: "saved-queries",
    kind: "saved-query",
    one: "saved query",
    many: "saved queries",
    title: "Saved queries",
    hint: "A saved query is a statement shared with all users. You can also save one from the SQL workspace.",
};

const COLUMNS: &[Column<SavedQuery>] = &[
    Column::text("name", "Name", 200, |it| it.name.clone()),
    Column::cell("tags", "Tags", 180, |it| {
        Cell::Tags(it.tags.clone(), it.tags.join(" "))
    }),
    Column::mono("sql", "SQL", 320, |it: &SavedQuery| {
        it.sql.split_whitespace().collect::<Vec<_>>().join(" ")
    })
    .unsorted(),
    Column::text("by", "Changed by", 110, |it| {
        let by = it.last_updated_by.as_ref().or(it.created_by.as_ref());
        by.map(|owner| owner.name.clone()).unwrap_or_default()
    }),
    Column::time("updated", "Changed", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

impl Resource for SavedQueries {
    type Model = SavedQuery;
    type Draft = Draft;

    const SPEC: ResourceSpec<SavedQuery, Draft> = ResourceSpec {
        loss: Some("The statement is deleted. Queries already running continue."),
        name: Some(|model| &model.name),
        search: |model| {
            let tags = model.tags.iter().map(|tag| format!(" tag:{tag} "));
            model.description.clone() + &tags.collect::<String>()
        },
        draft: Draft::of,
        fields: |draft, _| vec![FieldGroup::new("", move || fields(draft))],
        submit: Submit::One(|draft, edited, _| {
            let mut definition = draft.definition()?;
            let request = match edited {
                Edited::New => saved_query::create(&definition),
                Edited::Existing(before) => {
                    definition.beside = before.beside.clone();
                    saved_query::update(&before.id, &definition)
                }
            };
            request.map_err(errors::unsent)
        }),
        tagging: Some(Tagging {
            get: |key| saved_query::CRUD.get(key),
            tagged,
        }),
        facts: detail::facts,
        edit: Some("Edit"),
        actions: Actions::With(|connection, model, _| {
            let connection = connection.to_string();
            let open = move || model.with(|query| paths::workspace_with(&connection, &query.sql));
            view! { <a class="button primary" href=open>"Open in SQL workspace"</a> }.into_any()
        }),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(saved_query::CRUD),
            |model| &model.id,
            COLUMNS,
        )
    };
}

fn tagged(answer: &[u8], tag: &str) -> Result<Option<ApiRequest>, ApiError> {
    let mut query: SavedQuery = json_response(answer)?;
    if query.tags.iter().any(|known| known == tag) {
        return Ok(None);
    }
    query.tags.push(tag.into());
    let definition = SavedQueryDef {
        name: query.name,
        description: query.description,
        sql: query.sql,
        tags: query.tags,
        beside: query.beside,
    };
    saved_query::update(&query.id, &definition).map(Some)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_added_once_and_nothing_else_changes() {
        let body = br#"{"id":"7","name":"n","sql":"select 1","description":"d","tags":["a"]}"#;
        assert_eq!(tagged(body, "a").expect("read"), None);
        let request = tagged(body, "b").expect("read").expect("a request");
        let sent: SavedQueryDef =
            json_response(&request.body.expect("a body").bytes).expect("sent");
        assert_eq!(sent.tags, ["a", "b"]);
        assert_eq!((sent.name.as_str(), sent.description.as_str()), ("n", "d"));
    }
}
