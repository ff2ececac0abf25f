//! Rows of the form for a function's arguments.

use leptos::prelude::*;

use super::draft::{ArgumentDraft, Draft};
use crate::ui::{
    Button, ButtonKind, Icon, IconName,
    field::{Bound, Combobox, Field, TextField, use_wiring},
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
            <NoArguments />
            <Button on_click=add>
                <Icon name=IconName::Plus />
                "Add argument"
            </Button>
        </div>
    }
    .into_any()
}

/// The place of the complaint that there is none.
#[component]
fn NoArguments() -> impl IntoView {
    let control = || {
        let wiring = use_wiring();
        view! { <span id=wiring.id tabindex="-1"></span> }
    };
    view! { <Field label="Arguments" name="arguments" bare=true>{control()}</Field> }.into_any()
}

#[component]
fn ArgumentRow(draft: RwSignal<Draft>, at: usize) -> impl IntoView {
    let text = move |part: fn(&mut ArgumentDraft) -> &mut String| {
        Bound::new(
            move || {
                draft
                    .with(|d| d.arguments.get(at).map(|a| part(&mut a.clone()).clone()))
                    .unwrap_or_default()
            },
            move |text| {
                draft.update(|d| {
                    if let Some(argument) = d.arguments.get_mut(at) {
                        *part(argument) = text
                    }
                })
            },
        )
    };
    let number = at + 1;
    let field = |part: &str| format!("arguments[{at}].{part}");
    let remove = move || {
        draft.update(|d| {
            if at < d.arguments.len() {
                d.arguments.remove(at);
            }
        })
    };
    view! {
        <div class="argument-row">
            <TextField bare=true label=format!("Argument {number} name") name=field("name") mono=true placeholder="name" value=text(|a| &mut a.name) />
            <Combobox bare=true label=format!("Argument {number} type") name=field("type") placeholder="type" suggestions=TYPES value=text(|a| &mut a.data_type) />
            <Button kind=ButtonKind::Quiet label=format!("Remove argument {number}") on_click=remove>
                <Icon name=IconName::Close />
            </Button>
        </div>
    }
    .into_any()
}
