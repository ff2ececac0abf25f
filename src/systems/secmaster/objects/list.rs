//! The objects of a class, as many as a search finds, a page at a time.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    super::pick::{Item, PickField},
    DataObjects, Model, NAMES,
    classes::use_classes,
    search::{self, SearchState},
};
use crate::{
    kit::{self, Column},
    ui::{Empty, Tone, table::Cell},
};

pub const COLUMNS: &[Column<Model>] = &[
    Column::text("name", "Name", 220, |it| it.name.clone()),
    Column::text("class", "Class", 110, |it| {
        it.object.dataclass_ref.name.clone()
    }),
    Column::cell("severity", "Severity", 100, |it| {
        let severity = first_text(it, &["severity", "verdict"]);
        match tone(&severity) {
            Some(tone) => Cell::State(tone, severity),
            None => Cell::Text(severity),
        }
    }),
    Column::text("status", "Status", 100, |it| {
        first_text(it, &["handle_status", "status"])
    }),
    Column::time("created", "Created", 150, |it| {
        it.object.create_time.clone()
    }),
    Column::time("updated", "Changed", 150, |it| {
        it.object.update_time.clone()
    }),
    Column::number("version", "Version", 80, |it| {
        Cell::Number(it.object.version as f64, it.object.version.to_string())
    }),
];

/// Of the first of these fields that is there.
fn first_text(shown: &Model, names: &[&str]) -> String {
    let fields = &shown.object.data_object;
    let found = names.iter().find_map(|name| fields.get(*name));
    found.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn tone(severity: &str) -> Option<Tone> {
    Some(match severity {
        "Fatal" | "High" | "Black" => Tone::Bad,
        "Medium" | "Gray" => Tone::Warn,
        "Low" | "Tips" | "White" => Tone::Neutral,
        _ => return None,
    })
}

/// The list comes once a class is chosen: the first where the address names none.
pub fn list_page() -> AnyView {
    let asked = SearchState::of_address();
    let classes = use_classes();
    Effect::new(move || {
        let first = classes.items.with(|items| items.first().cloned());
        if let Some(first) = first
            && asked.class.with_untracked(String::is_empty)
        {
            asked.class.set(first.id);
        }
    });
    provide_context(asked);
    provide_context(classes);
    let chosen = Memo::new(move |_| asked.class.with(|class| !class.is_empty()));
    (move || match chosen.get() {
        true => kit::narrowed_list_page::<DataObjects>(search::narrow),
        false => {
            let set = Callback::new(move |item: Item| asked.class.set(item.id));
            let failed = Memo::new(move |_| classes.failed.get().is_some());
            let ready = Memo::new(move |_| classes.ready.get());
            view! {
                <div class="page list">
                    <header class="page-head"><h1>{NAMES.title}</h1></header>
                    {move || match (ready.get(), failed.get()) {
                        (false, _) => ().into_any(),
                        (true, true) => view! {
                            <PickField label="Data class" value=asked.class.into() pick=classes set empty="Choose a class" />
                        }.into_any(),
                        (true, false) => view! {
                            <Empty title="This workspace has no data classes" hint=NAMES.hint />
                        }.into_any(),
                    }}
                </div>
            }
            .into_any()
        }
    })
    .into_any()
}
