//! The objects of a class, as many as a search finds, a page at a time.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    super::pick::{Item, PickField},
    DataObjects, Shown,
    classes::use_classes,
    search::{self, Asked},
};
use crate::{
    kit::{self, ResourceSpec},
    ui::{
        Empty, Tone,
        table::{Cell, Column},
    },
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 220),
        Column::text("class", "Class", 110),
        Column::text("severity", "Severity", 100),
        Column::text("status", "Status", 100),
        Column::text("created", "Created", 150),
        Column::text("updated", "Changed", 150),
        Column::number("version", "Version", 80),
    ]
}

pub fn cells(shown: &Shown) -> Vec<Cell> {
    let object = &shown.object;
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| object.data_object.get(*name));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let severity = text(&["severity", "verdict"]);
    vec![
        Cell::Text(shown.name.clone()),
        Cell::Text(object.dataclass_ref.name.clone()),
        match tone(&severity) {
            Some(tone) => Cell::State(tone, severity),
            None => Cell::Text(severity),
        },
        Cell::Text(text(&["handle_status", "status"])),
        Cell::Time(object.create_time.clone()),
        Cell::Time(object.update_time.clone()),
        Cell::Number(object.version as f64, object.version.to_string()),
    ]
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
    let asked = Asked::of_address();
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
                    <header class="page-head"><h1>{DataObjects::TITLE}</h1></header>
                    {move || match (ready.get(), failed.get()) {
                        (false, _) => ().into_any(),
                        (true, true) => view! {
                            <PickField label="Data class" value=asked.class.into() pick=classes set empty="Choose a class" />
                        }.into_any(),
                        (true, false) => view! {
                            <Empty title="This workspace has no data classes" hint=DataObjects::HINT />
                        }.into_any(),
                    }}
                </div>
            }
            .into_any()
        }
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&Shown::default()).len(), columns().len());
    }
}
