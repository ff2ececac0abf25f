//! The page of one object.

use leptos::prelude::*;
use weir_api::secmaster::data_class::Field;

use super::{Model, classes::use_fields};
use crate::ui::{Badge, CopyButton, Tab, Time};

pub fn facts(model: Signal<Model>) -> AnyView {
    let class = Signal::derive(move || model.with(|m| m.object.dataclass_ref.name.clone()));
    let version =
        Signal::derive(move || model.with(|shown| format!("version {}", shown.object.version)));
    view! { <Badge text=class /> <Badge text=version /> }.into_any()
}

pub fn tabs(model: Signal<Model>) -> Vec<Tab> {
    vec![
        Tab::new("fields", "Fields", move || fields(model)),
        Tab::new("json", "JSON", move || json(model)),
    ]
}

/// In the order of the class, then what it does not know.
fn fields(model: Signal<Model>) -> AnyView {
    let class = Signal::derive(move || model.with(|m| m.object.dataclass_ref.id.clone()));
    let known = use_fields(class);
    let rows = move || {
        let known = known.all.get();
        model.with(|shown| {
            let mut rest = shown.object.data_object.clone();
            let mut rows = Vec::new();
            for field in &known {
                if let Some(value) = rest.remove(&field.field_key) {
                    rows.push((field.label().to_owned(), Field::text(&value)));
                }
            }
            let rest = rest
                .iter()
                .map(|(key, value)| (key.clone(), Field::text(value)));
            rows.extend(rest);
            let rows = rows.into_iter();
            rows.map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> })
                .collect_view()
        })
    };
    let times = move || {
        model.with(|shown| {
            let times = [
                ("Created", shown.object.create_time.clone()),
                ("Changed", shown.object.update_time.clone()),
            ];
            let times = times.into_iter();
            times
                .map(|(term, iso)| view! { <div><dt>{term}</dt><dd><Time iso /></dd></div> })
                .collect_view()
        })
    };
    view! {
        <dl class="settings" aria-label="Fields">{rows}</dl>
        <dl class="settings">{times}</dl>
    }
    .into_any()
}

fn json(model: Signal<Model>) -> AnyView {
    let text = Memo::new(move |_| {
        model.with(|shown| serde_json::to_string_pretty(&shown.object).unwrap_or_default())
    });
    view! {
        <div class="configuration">
            {move || view! { <CopyButton text=text.get() label="Copy JSON" /> }}
            <pre class="sql-text" tabindex="0">{text}</pre>
        </div>
    }
    .into_any()
}
