//! The page of one external table.

use leptos::prelude::*;
use weir_api::timeplus::{
    external_table::{ExternalTable, setting},
    types::external_tables::TYPES,
};

use crate::{
    kit::described,
    live::LivePreview,
    sql::relation::relation,
    systems::timeplus::external::{self, Configuration, ConfigurationTab},
    ui::{Badge, Tab},
};

pub use crate::systems::timeplus::streams::detail::query;

/// Where it reads, in a few words.
pub fn place(table: &ExternalTable) -> String {
    let of = |key| setting(&table.settings, key);
    match table.kind() {
        "s3" => format!("{} in {}", of("read_from"), of("bucket")),
        "mongodb" => of("collection").into(),
        _ => {
            let name = match of("table") {
                "" => table.name.as_str(),
                name => name,
            };
            format!("{name} at {}", of("address"))
        }
    }
}

pub fn facts(model: Signal<ExternalTable>) -> AnyView {
    let kind = Signal::derive(move || model.with(|table| external::title(TYPES, table.kind())));
    let words = move || model.with(|table| described(&table.description));
    view! { <Badge text=kind /> {words} }.into_any()
}

pub fn tabs(model: Signal<ExternalTable>) -> Vec<Tab> {
    let name = Memo::new(move |_| model.with(|table| table.name.clone()));
    let rows = Memo::new(move |_| format!("{} LIMIT 100", query(&name.get())));
    let columns = Memo::new(move |_| format!("DESCRIBE {}", relation(&name.get())));
    let configuration = Signal::derive(move || {
        model.with(|table| Configuration {
            settings: table.settings.clone(),
            create_query: table.create_query.clone(),
            created_at: table.created_at.clone(),
            created_by: table.created_by.clone(),
        })
    });
    vec![
        Tab::new(
            "rows",
            "Rows",
            move || view! { <LivePreview sql=rows.into() /> },
        ),
        Tab::new("columns", "Columns", move || {
            view! { <LivePreview sql=columns.into() /> }
        }),
        Tab::new("configuration", "Configuration", move || {
            view! { <ConfigurationTab types=TYPES of=configuration /> }
        }),
    ]
}
