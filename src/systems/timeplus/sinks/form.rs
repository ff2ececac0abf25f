//! The forms that create and edit a sink.

use leptos::prelude::*;
use weir_api::{property::Typed, timeplus::types::sinks::TYPES};

use super::draft::Draft;
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    sql::query::{Example, PreviewButton, QueryField, Rendered, use_query_check},
    systems::timeplus::fields::{Description, Name},
    ui::field::Bound,
};

pub fn sections(draft: RwSignal<Draft>, exists: bool) -> Vec<FieldGroup> {
    let table = Table {
        label: "Type",
        field: "type",
        types: TYPES,
        path: "properties",
        fixed: exists,
    };
    let typed = TypedBound::part(draft, |draft| &mut draft.typed);
    vec![
        FieldGroup::new("", move || general(draft)),
        FieldGroup::new("Query", move || query(draft, exists)),
        properties::section("Destination", table, typed),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <Name value=Bound::part(draft, |d| &mut d.name) />
        <Description value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}

fn query(draft: RwSignal<Draft>, exists: bool) -> AnyView {
    let sql = Signal::derive(move || draft.with(|draft| draft.query.clone()));
    let help = if exists {
        "Its rows are sent in order. A changed query starts with rows that arrive after the change."
    } else {
        "Its rows are sent in order, from the moment the sink is created."
    };
    view! {
        <QueryField label="Query" name="query" value=Bound::part(draft, |d| &mut d.query) check=use_query_check(sql) help />
        <PreviewButton label="Preview rows" sql />
    }
    .into_any()
}

/// Beside the form: what is sent for a row.
pub fn example(draft: RwSignal<Draft>) -> AnyView {
    let sql = Memo::new(move |_| draft.with(|draft| draft.query.clone()));
    let rendered = Memo::new(move |_| draft.with(|draft| rendered(&draft.typed)));
    view! { <Example sql rendered=rendered.into() /> }.into_any()
}

fn rendered(typed: &Typed) -> Vec<Rendered> {
    let values = &typed.values;
    let text = |key: &str, default: &str| match values.text(key) {
        "" => default.to_string(),
        text => text.to_string(),
    };
    let around = (String::new(), String::new());
    match typed.kind.as_str() {
        "http" => vec![Rendered {
            title: format!("{} {}", text("http_method", "POST"), text("url", "…")),
            template: values.text("payload_field").into(),
            around,
            chat: false,
        }],
        "slack" => vec![Rendered {
            title: "Message".into(),
            template: values.text("template").into(),
            around,
            chat: true,
        }],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_of_the_chosen_type() {
        let mut typed = Typed::new(TYPES, "http");
        typed.values.set("url", "http://a/");
        typed.values.set("payload_field", "{{ .n }}");
        let all = rendered(&typed);
        assert_eq!(
            (all[0].title.as_str(), all[0].template.as_str()),
            ("POST http://a/", "{{ .n }}")
        );
        typed.choose(TYPES, "slack");
        assert!(rendered(&typed)[0].chat);
        typed.choose(TYPES, "kafka");
        assert_eq!(rendered(&typed), []);
    }
}
