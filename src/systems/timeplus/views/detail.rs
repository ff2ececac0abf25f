//! The page of one view.

use leptos::prelude::*;
use weir_api::{
    Owner,
    timeplus::{stream::StreamColumn, view::View},
};

use super::list;
use crate::{
    connections::use_connection_id,
    kit::described,
    live::LivePreview,
    paths,
    systems::timeplus::streams::detail::query,
    ui::{
        Badge, CopyButton, Tab, Time,
        table::{
            Head::{Number, Text},
            ShortTable,
        },
    },
};

pub fn facts(model: Signal<View>) -> AnyView {
    let kind = Signal::derive(move || model.with(list::kind).to_string());
    let connection = use_connection_id();
    let other = move || {
        let name = model.with(|view| view.materialized.then(|| view.name.clone()))?;
        let href = paths::item(&connection.get()?, "materialized-views", &name);
        Some(view! { <a href=href>"State and rows of this materialized view"</a> })
    };
    let description = move || model.with(|view| described(&view.description));
    view! { <Badge text=kind /> {other} {description} }.into_any()
}

pub fn tabs(model: Signal<View>) -> Vec<Tab> {
    let preview = Memo::new(move |_| preview(&model.with(|view| view.name.clone())));
    vec![
        Tab::new("schema", "Schema", move || {
            let columns = Signal::derive(move || model.with(|view| view.columns.clone()));
            let text = Signal::derive(move || model.with(|view| view.select().to_string()));
            let facts = move || {
                model.with(|view| {
                    audit(
                        [&view.created_by, &view.last_updated_by],
                        [&view.created_at, &view.last_updated_at],
                    )
                })
            };
            view! {
                <div class="schema">
                    <Columns columns />
                    <dl class="settings" aria-label="Settings">{facts}</dl>
                </div>
                <QueryText text />
            }
        }),
        Tab::new(
            "preview",
            "Preview",
            move || view! { <LivePreview sql=preview.into() /> },
        ),
    ]
}

/// From what came last, so that a quiet view shows something too.
pub fn preview(name: &str) -> String {
    format!("{} SETTINGS seek_to = '-1h'", query(name))
}

#[component]
pub fn Columns(columns: Signal<Vec<StreamColumn>>) -> impl IntoView {
    let rows = move || {
        let rows = columns.get().into_iter().enumerate().map(|(at, column)| {
            view! {
                <tr>
                    <td class="number">{at + 1}</td>
                    <th scope="row" class="mono">{column.name}</th>
                    <td class="mono">{column.data_type}</td>
                    <td>{if column.nullable { "yes" } else { "no" }}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <ShortTable
            label="Columns"
            heads=&[Number("#"), Text("Name"), Text("Type"), Text("Nullable")]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}

/// A query that is only read.
#[component]
pub fn QueryText(text: Signal<String>) -> impl IntoView {
    view! {
        <section class="sql-aside query-text" aria-label="Query">
            <header><h2>"Query"</h2> <CopyButton text=text label="Copy query" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}

/// Who made and changed it, and when.
pub fn audit(by: [&Option<Owner>; 2], at: [&Option<String>; 2]) -> Vec<AnyView> {
    let people = ["Created by", "Changed by"].into_iter().zip(by);
    let people = people.filter_map(|(term, owner)| {
        let name = owner.as_ref()?.name.clone();
        (!name.is_empty()).then(|| view! { <div><dt>{term}</dt><dd>{name}</dd></div> }.into_any())
    });
    let times = ["Created", "Changed"].into_iter().zip(at);
    let times = times.filter_map(|(term, time)| {
        let iso = time.clone()?;
        Some(view! { <div><dt>{term}</dt><dd><Time iso /></dd></div> }.into_any())
    });
    people.chain(times).collect()
}
