//! The columns of a stream to be created: one row each, more settings folded below.

use leptos::prelude::*;

use super::{
    draft::{ColumnDraft, Draft},
    infer,
};
use crate::ui::{
    Button, ButtonKind, Dialog, Icon, IconName,
    field::{Combobox, ErrorPlace, Row, TextArea, TextField},
};

const TYPES: &[&str] = &[
    "string",
    "int64",
    "float64",
    "bool",
    "datetime64(3)",
    "int8",
    "int16",
    "int32",
    "int128",
    "int256",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uint128",
    "uint256",
    "float32",
    "decimal(18, 4)",
    "date",
    "datetime",
    "datetime64(3, 'UTC')",
    "uuid",
    "ipv4",
    "ipv6",
    "json",
    "low_cardinality(string)",
    "nullable(string)",
    "nullable(int64)",
    "nullable(float64)",
    "array(string)",
    "array(int64)",
    "map(string, string)",
    "tuple(lat float64, lon float64)",
    "enum8('on' = 1, 'off' = 0)",
    "fixed_string(16)",
];

#[component]
pub fn ColumnRows(draft: RwSignal<Draft>) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.columns.len()));
    let add = move || {
        draft.update(|draft| draft.columns.push(ColumnDraft::default()));
        // The new row's name is what comes next.
        request_animation_frame(move || {
            if let Some(count) = count.try_get_untracked() {
                focus_row(count);
            }
        });
    };
    let rows = move || {
        (0..count.get())
            .map(|at| view! { <ColumnRow draft at count /> })
            .collect_view()
    };
    view! {
        <div class="columns" role="group" aria-label="Columns">
            {rows}
        </div>
        <div class="columns-actions">
            <ErrorPlace label="Columns" name="columns" />
            <div class="actions">
                <Button on_click=add>
                    <Icon name=IconName::Plus />
                    "Add column"
                </Button>
                <FromExample draft />
            </div>
        </div>
    }
    .into_any()
}

/// Takes the columns of an example over.
#[component]
fn FromExample(draft: RwSignal<Draft>) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let take = move || match text.with_untracked(|text| infer::columns(text)) {
        Ok(columns) => {
            draft.update(|draft| draft.columns = columns);
            wrong.set(None);
            open.set(false);
        }
        Err(message) => wrong.set(Some(message)),
    };
    let example = move || {
        view! {
            <TextArea
                label="Example"
                mono=true
                rows=8
                value=text
                error=wrong
                help="One row as JSON, or a CSV header with a row below it. Replaces the columns of the form."
                placeholder=Signal::stored(String::from("{\"device\": \"a\", \"value\": 1.5, \"at\": \"2026-01-31T12:00:00.000Z\"}"))
            />
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary on_click=take>"Use these columns"</Button>
            </div>
        }
    };
    view! {
        <Button on_click=move || open.set(true)>"Columns from example…"</Button>
        <Dialog open title="Columns from an example" children=example />
    }
    .into_any()
}

fn focus_row(number: usize) {
    use wasm_bindgen::JsCast;
    let row = document()
        .query_selector(&format!(
            ".columns > .column-row:nth-of-type({number}) input"
        ))
        .ok()
        .flatten();
    if let Some(input) = row.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = input.focus();
    }
}

#[component]
fn ColumnRow(draft: RwSignal<Draft>, at: usize, count: Memo<usize>) -> impl IntoView {
    let row = Row::new(draft, |draft| &mut draft.columns, at);
    let number = at + 1;
    let field = |part: &str| format!("columns[{at}].{part}");
    let label = |part: &str| format!("Column {number} {part}");
    let more = draft.with_untracked(|d| {
        d.columns.get(at).is_some_and(|c| {
            [&c.default, &c.codec, &c.ttl, &c.index]
                .iter()
                .any(|t| !t.is_empty())
        })
    });
    view! {
        <div class="column-row">
            <TextField bare=true label=label("name") name=field("name") mono=true placeholder="name" value=row.part(|c| &mut c.name) />
            <Combobox bare=true label=label("type") name=field("type") placeholder="type" suggestions=TYPES value=row.part(|c| &mut c.data_type) />
            <TextField bare=true label=label("default") name=field("default") mono=true placeholder="default" value=row.part(|c| &mut c.default) />
            {row.buttons(count, "column")}
            <details class="column-more" open=more>
                <summary>{format!("More of column {number}")}</summary>
                <div class="column-more-fields">
                    <TextField label=label("codec") name=field("codec") mono=true placeholder="ZSTD(1)" value=row.part(|c| &mut c.codec) />
                    <TextField label=label("TTL") name=field("ttl_expression") mono=true placeholder="to_datetime(_tp_time) + INTERVAL 1 DAY" value=row.part(|c| &mut c.ttl) />
                    <TextField label=label("skipping index") name=field("skipping_index_expression") mono=true placeholder="idx name TYPE minmax GRANULARITY 4" value=row.part(|c| &mut c.index) />
                </div>
            </details>
        </div>
    }
    .into_any()
}
