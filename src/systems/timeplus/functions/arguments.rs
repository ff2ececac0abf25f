//! Rows of the form for a function's arguments.

use leptos::prelude::*;

use super::draft::{ArgumentDraft, Draft, Form};
use crate::ui::{
    Button, Icon, IconName,
    field::{Combobox, ErrorPlace, Row, TextField},
};

/// Types that functions take and return.
pub const TYPES: &[&str] = &[
    "string",
    "float64",
    "int64",
    "bool",
    "datetime64(3)",
    "int8",
    "int16",
    "int32",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "date",
    "datetime",
    "array(string)",
    "array(float64)",
    "array(int64)",
    "map(string, string)",
    "json",
    "nullable(string)",
    "nullable(float64)",
];

#[component]
pub fn ArgumentRows(draft: RwSignal<Draft>) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.arguments.len()));
    let rows = move || {
        (0..count.get())
            .map(|at| view! { <ArgumentRow draft at /> })
            .collect_view()
    };
    let add = move || draft.update(|draft| draft.arguments.push(ArgumentDraft::default()));
    view! {
        <div class="columns" role="group" aria-label="Arguments">{rows}</div>
        <div class="columns-actions">
            <ErrorPlace label="Arguments" name="arguments" />
            <Button on_click=add>
                <Icon name=IconName::Plus />
                "Add argument"
            </Button>
        </div>
    }
    .into_any()
}

#[component]
fn ArgumentRow(draft: RwSignal<Draft>, at: usize) -> impl IntoView {
    let row = Row::new(draft, |draft| &mut draft.arguments, at);
    let number = at + 1;
    let field = move |part: &str| format!("arguments[{at}].{part}");
    let typed = Memo::new(move |_| draft.with(|draft| draft.form != Form::Sql));
    let data_type = move || {
        typed.get().then(|| view! {
            <Combobox bare=true label=format!("Argument {number} type") name=field("type") placeholder="type" suggestions=TYPES value=row.part(|a| &mut a.data_type) />
        })
    };
    view! {
        <div class="argument-row">
            <TextField bare=true label=format!("Argument {number} name") name=field("name") mono=true placeholder="name" value=row.part(|a| &mut a.name) />
            {data_type}
            {row.removal("argument")}
        </div>
    }
    .into_any()
}
