//! Dictionaries: tables for looking values up, made with SQL.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use weir_api::{
    ApiError, json_response, list_response,
    timeplus::dictionary::{self, Dictionary},
};

use crate::{
    connections::use_connection_id,
    kit::{
        Delete, Deletion, Detail, List, ListView, address::use_key, detail::DetailView,
        use_deletion, use_load, whole,
    },
    paths,
    ui::{
        Button, CopyButton, Tab,
        table::{Cell, Column, Row, Sort},
    },
};

const SEGMENT: &str = "dictionaries";
const DELETION: Deletion = Deletion {
    one: "dictionary",
    many: "dictionaries",
    request: Delete::Rest(dictionary::CRUD),
    loss: "Dependent queries fail. The source is not changed.",
    of_oneself: None,
};

pub fn page() -> AnyView {
    let list = List {
        title: "Dictionaries",
        one: "dictionary",
        many: "dictionaries",
        columns: vec![
            Column::text("name", "Name", 180),
            Column::text("description", "Description", 260),
            Column::text("by", "Created by", 120),
            Column::text("created", "Created", 100),
        ],
        sort: Sort {
            column: 0,
            descending: false,
        },
        request: || dictionary::CRUD.list(),
        more: weir_api::paging::whole,
        rows: |connection, parts| rows(connection, whole(parts)),
        figures: None,
        create: None,
        column_names: None,
        tagging: None,
        row_actions: |_, _| Vec::new(),
        deletion: Some(DELETION),
        code: None,
        bulk: &[],
        hint: "Create one with CREATE DICTIONARY in the SQL workspace, where the server supports it.",
    };
    let id = use_connection_id();
    (move || {
        id.get()
            .map(|connection| view! { <ListView connection list=list.clone() /> })
    })
    .into_any()
}

fn rows(connection: &str, body: &[u8]) -> Result<Vec<Row>, ApiError> {
    let all: Vec<Dictionary> = list_response(body)?;
    let row = |dictionary: Dictionary| {
        let by = dictionary.audit.created_by.unwrap_or_default().name;
        Row {
            href: paths::item(connection, SEGMENT, &dictionary.name),
            haystack: format!("{} {}", dictionary.name, dictionary.description).to_lowercase(),
            cells: vec![
                Cell::Text(dictionary.name.clone()),
                Cell::Text(dictionary.description),
                Cell::Text(by),
                Cell::Time(dictionary.audit.created_at.unwrap_or_default()),
            ],
            key: dictionary.name,
            ..Row::default()
        }
    };
    Ok(all.into_iter().map(row).collect())
}

pub fn detail_page() -> AnyView {
    let key = use_key();
    (move || detail(key.get())).into_any()
}

fn detail(key: String) -> AnyView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let model = RwSignal::new(Dictionary::default());
    let accept = Callback::new(move |body: Vec<u8>| {
        model.set(json_response(&body)?);
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || dictionary::CRUD.get(&asked)),
        None,
        accept,
    );
    let failures = RwSignal::new(Vec::new());
    let list = paths::section(&connection, SEGMENT);
    let (back, navigate) = (list.clone(), StoredValue::new_local(paths::use_navigate()));
    let done =
        Callback::new(move |_| navigate.with_value(|go| go(&back, NavigateOptions::default())));
    let delete = use_deletion(DELETION, failures, done);
    let gone = key.clone();
    let delete = Callback::new(move |()| delete.run(vec![gone.clone()]));
    let detail = Detail {
        state: Signal::stored(String::new()),
        written: None,
        one: DELETION.one,
        key: key.clone(),
        name: Signal::stored(key),
        list,
        load,
        facts: ViewFn::from(
            move || view! { <p>{move || model.with(|it| it.description.clone())}</p> },
        ),
        actions: ViewFn::from(move || view! { <Button on_click=delete>"Delete"</Button> }),
        tabs: vec![Tab::new("sql", "SQL", move || sql(model))],
        failures,
    };
    view! { <DetailView detail /> }.into_any()
}

fn sql(model: RwSignal<Dictionary>) -> AnyView {
    let text = Memo::new(move |_| model.with(|it| it.query.clone()));
    view! {
        <section class="sql-aside" aria-label="SQL">
            <header><h2>"SQL"</h2> <CopyButton text=text label="Copy SQL" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dictionary_is_a_row() {
        let body =
            br#"[{"name":"d","query":"CREATE DICTIONARY d","created_by":{"id":"1","name":"me"}}]"#;
        let rows = rows("c", body).expect("rows");
        assert_eq!(rows[0].href, "/c/c/dictionaries/d");
        assert_eq!(rows[0].cells[2].words(), "me");
        assert!(super::rows("c", b"null").expect("rows").is_empty());
    }
}
