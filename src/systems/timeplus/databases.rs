//! Databases: what a server keeps its streams in.

use leptos::prelude::*;
use weir_api::{
    ApiError, list_response,
    timeplus::database::{self, Database},
};

use crate::{
    connections::use_connection_id,
    kit::{List, ListView, whole},
    paths,
    ui::{
        IconName,
        table::{Cell, Column, Row, RowAction, Sort},
    },
};

pub fn page() -> AnyView {
    let list = List {
        title: "Databases",
        one: "database",
        many: "databases",
        columns: vec![
            Column::text("name", "Name", 180),
            Column::text("engine", "Engine", 120),
            Column::text("holds", "Contains", 320),
        ],
        sort: Sort {
            column: 0,
            descending: false,
        },
        request: database::list,
        more: weir_api::paging::whole,
        rows: |connection, parts| rows(connection, whole(parts)),
        figures: None,
        create: None,
        column_names: None,
        tagging: None,
        row_actions: |connection, key| {
            vec![RowAction::open(
                format!("Show tables of {key}"),
                IconName::Prompt,
                paths::workspace_with(connection, &streams_of(key)),
            )]
        },
        deletion: None,
        code: None,
        bulk: &[],
        hint: "Databases contain streams, views and tables; some belong to external systems.",
    };
    let id = use_connection_id();
    (move || {
        id.get()
            .map(|connection| view! { <ListView connection list=list.clone() /> })
    })
    .into_any()
}

fn streams_of(database: &str) -> String {
    match database {
        "default" => "SHOW STREAMS".into(),
        other => format!(
            "SHOW STREAMS FROM {}",
            weir_api::timeplus::quote::name(other)
        ),
    }
}

fn rows(connection: &str, body: &[u8]) -> Result<Vec<Row>, ApiError> {
    let all: Vec<Database> = list_response(body)?;
    let row = |database: Database| Row {
        href: match database.name.as_str() {
            // Other pages show this one's resources.
            "default" => paths::section(connection, "streams"),
            _ => String::new(),
        },
        haystack: database.name.to_lowercase(),
        cells: vec![
            Cell::Text(database.name.clone()),
            Cell::Text(database.engine.clone().unwrap_or_default()),
            Cell::Text(holds(&database)),
        ],
        key: database.name,
        ..Row::default()
    };
    Ok(all.into_iter().map(row).collect())
}

/// For example `3 streams, 1 view`.
fn holds(database: &Database) -> String {
    let counts = database.count.iter().flatten();
    let some = counts.filter(|(_, count)| **count > 0);
    some.map(|(kind, count)| {
        let kind = kind.replace('_', " ");
        match count {
            1 => format!("1 {}", kind.strip_suffix('s').unwrap_or(&kind)),
            count => format!("{count} {kind}"),
        }
    })
    .collect::<Vec<_>>()
    .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_holds_is_counted_in_words() {
        let body = br#"[{"name":"default","count":{"streams":3,"materialized_views":1,"views":0}},{"name":"pg","engine":"PostgreSQL"}]"#;
        let rows = rows("c", body).expect("rows");
        assert_eq!(rows[0].cells[2].words(), "1 materialized view, 3 streams");
        assert_eq!(
            (rows[0].href.as_str(), rows[1].href.as_str()),
            ("/c/c/streams", "")
        );
        assert_eq!(rows[1].cells[1].words(), "PostgreSQL");
        assert_eq!(streams_of("my db"), "SHOW STREAMS FROM `my db`");
    }

    #[test]
    fn null_is_an_empty_list() {
        assert!(rows("c", b"null").expect("rows").is_empty());
    }
}
