//! The forms that create and edit an alert.

use leptos::prelude::*;
use weir_api::timeplus::types::alert_actions::TYPES;

use super::draft::Draft;
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    sql::query::{Example, PlainQueryField, PreviewButton, QueryField, Rendered, use_query_check},
    ui::field::{Bound, NumberField, TextArea, TextField},
};

pub fn sections(draft: RwSignal<Draft>, exists: bool) -> Vec<FieldGroup> {
    let table = Table {
        label: "Action",
        field: "action",
        types: TYPES,
        path: "properties",
        fixed: exists,
    };
    let typed = TypedBound::part(draft, |draft| &mut draft.typed);
    vec![
        FieldGroup::new("", move || general(draft)),
        FieldGroup::new("Trigger", move || trigger(draft)),
        FieldGroup::new("Resolution", move || resolve(draft)),
        properties::section("Notification", table, typed),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <TextArea label="Description" name="description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
        <NumberField
            label="Severity"
            name="severity"
            required=true
            value=Bound::part(draft, |d| &mut d.severity)
            help="A whole number on your own scale; 1 is usually the most severe."
        />
    }
    .into_any()
}

fn trigger(draft: RwSignal<Draft>) -> AnyView {
    let sql = Signal::derive(move || draft.with(|draft| draft.trigger.clone()));
    view! {
        <QueryField
            label="Trigger query"
            name="trigger_sql"
            value=Bound::part(draft, |d| &mut d.trigger)
            check=use_query_check(sql)
            help="The first row fires the alert. Further rows have no effect until it is resolved."
        />
        <PreviewButton label="Preview trigger rows" sql />
    }
    .into_any()
}

fn resolve(draft: RwSignal<Draft>) -> AnyView {
    let sql = Signal::derive(move || draft.with(|draft| draft.resolve.clone()));
    view! {
        <PlainQueryField
            label="Resolve query"
            name="resolve_sql"
            value=Bound::part(draft, |d| &mut d.resolve)
            check=use_query_check(sql)
            help="The first row after that resolves the alert. Leave it empty to resolve the alert manually. Select _tp_time in both queries so that rows are ordered by time."
        />
        <PreviewButton label="Preview resolve rows" sql />
    }
    .into_any()
}

/// Beside the form: what is said for a row of the trigger query.
pub fn example(draft: RwSignal<Draft>) -> AnyView {
    let sql = Memo::new(move |_| draft.with(|draft| draft.trigger.clone()));
    let rendered = Memo::new(move |_| draft.with(rendered));
    view! { <Example sql rendered=rendered.into() /> }.into_any()
}

fn rendered(draft: &Draft) -> Vec<Rendered> {
    let name = serde_json::to_string(draft.name.trim()).unwrap_or_default();
    let (around, chat) = match draft.typed.kind.as_str() {
        "slack" => (
            (format!("{} triggered: ", draft.name.trim()), String::new()),
            true,
        ),
        "http" => {
            let severity = draft.severity.trim();
            let before =
                format!(r#"{{"alert":{name},"severity":{severity},"status":"triggered","row":"#);
            ((before, "}".into()), false)
        }
        _ => return Vec::new(),
    };
    vec![Rendered {
        title: "When firing".into(),
        template: draft.typed.values.text("trigger_template").into(),
        around,
        chat,
    }]
}
