//! The page of one stream.

use leptos::prelude::*;
use weir_api::timeplus::stream::{Stream, StreamColumn};

use super::{
    ingest::{Ingest, IngestTab},
    list,
    stats::StatsTab,
};
use crate::{
    kit::described,
    live::LivePreview,
    paths,
    sql::relation::relation,
    ui::{
        Badge, IconName, Tab, Time,
        table::{
            Head::{Number, Text},
            RowAction, ShortTable,
        },
    },
};

pub fn query(name: &str) -> String {
    format!("SELECT * FROM {}", relation(name))
}

/// The way from the head of a page to the rows of a statement.
pub fn query_link(connection: &str, sql: &str) -> AnyView {
    view! { <a class="button" href=paths::workspace_with(connection, sql)>"Open in SQL workspace"</a> }.into_any()
}

/// The way from a row to its rows.
pub fn query_action(connection: &str, name: &str) -> RowAction {
    let href = paths::workspace_with(connection, &query(name));
    RowAction::open(
        format!("Open {name} in SQL workspace"),
        IconName::Prompt,
        href,
    )
}

pub fn facts(model: Signal<Stream>) -> AnyView {
    let kind = Signal::derive(move || model.with(list::kind));
    let description = move || model.with(|stream| described(&stream.description));
    view! { <Badge text=kind /> {description} }.into_any()
}

pub fn tabs(model: Signal<Stream>) -> Vec<Tab> {
    let name = Memo::new(move |_| model.with(|stream| stream.name.clone()));
    // From what came last, so that a quiet stream shows something too.
    let preview = Memo::new(move |_| format!("{} SETTINGS seek_to = '-1h'", query(&name.get())));
    let ingest = Ingest::of_page();
    vec![
        Tab::new("schema", "Schema", move || view! { <Schema model /> }),
        Tab::new("stats", "Stats", move || view! { <StatsTab name /> }),
        Tab::new(
            "preview",
            "Preview",
            move || view! { <LivePreview sql=preview.into() /> },
        ),
        Tab::new(
            "ingest",
            "Ingest",
            move || view! { <IngestTab stream=model ingest /> },
        ),
    ]
}

/// Names and types with what else is known of each column.
#[component]
pub fn ColumnTable(columns: Signal<Vec<StreamColumn>>) -> impl IntoView {
    let columns = move || {
        let rows = columns.get().into_iter().enumerate().map(|(at, column)| {
            let nullable = if column.nullable { "yes" } else { "no" };
            view! {
                <tr>
                    <td class="number">{at + 1}</td>
                    <th scope="row" class="mono">{column.name}</th>
                    <td class="mono">{column.data_type}</td>
                    <td>{nullable}</td>
                    <td class="mono">{column.default}</td>
                    <td class="mono">{column.codec}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
            <ShortTable
                label="Columns"
                heads=&[
                    Number("#"), Text("Name"), Text("Type"), Text("Nullable"), Text("Default"),
                    Text("Codec"),
                ]
            >
                {columns}
            </ShortTable>
    }
    .into_any()
}

#[component]
fn Schema(model: Signal<Stream>) -> impl IntoView {
    let columns = Signal::derive(move || model.with(|stream| stream.columns.clone()));
    let settings = move || model.with(settings);
    view! {
        <div class="schema">
            <ColumnTable columns />
            <dl class="settings" aria-label="Settings">{settings}</dl>
        </div>
    }
    .into_any()
}

fn settings(stream: &Stream) -> Vec<AnyView> {
    let by = |owner: &Option<weir_api::Owner>| {
        owner.as_ref().map(|o| o.name.clone()).unwrap_or_default()
    };
    let groups = |lines: Vec<String>| lines.join("; ");
    let ttl = if stream.ttl_expression.is_empty() {
        &stream.ttl
    } else {
        &stream.ttl_expression
    };
    let families = stream
        .column_families
        .iter()
        .map(|f| format!("{} ({})", f.name, f.columns.join(", ")));
    let indexes = stream.secondary_indexes.iter().map(|i| {
        let unique = if i.unique { "unique " } else { "" };
        format!("{unique}{} ({})", i.name, i.columns.join(", "))
    });
    let texts = [
        ("Mode", stream.mode.as_str().to_string(), false),
        ("Engine", stream.engine.clone(), false),
        (
            "Primary key",
            stream.primary_key.clone().unwrap_or_default(),
            true,
        ),
        ("Column families", groups(families.collect()), true),
        ("Secondary indexes", groups(indexes.collect()), true),
        ("Retention", list::retention(stream), false),
        ("TTL expression", ttl.clone(), true),
        ("Created by", by(&stream.created_by), false),
        ("Changed by", by(&stream.last_updated_by), false),
    ];
    let times = [
        ("Created", &stream.created_at),
        ("Changed", &stream.last_updated_at),
    ];
    let times = times.into_iter().filter_map(|(term, time)| {
        let iso = time.clone()?;
        Some(view! { <div><dt>{term}</dt><dd><Time iso /></dd></div> }.into_any())
    });
    let texts = texts
        .into_iter()
        .filter(|(_, text, _)| !text.is_empty())
        .map(|(term, text, mono)| {
            view! { <div><dt>{term}</dt><dd class:mono=mono>{text}</dd></div> }.into_any()
        });
    texts.chain(times).collect()
}
