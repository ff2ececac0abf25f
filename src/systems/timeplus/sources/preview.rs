//! What a source brings, before it is saved.

use std::collections::HashMap;

use leptos::prelude::*;
use serde_json::value::RawValue;
use weir_api::{
    json_response,
    timeplus::source::{self, PreviewSource},
};

use super::draft::Draft;
use crate::{
    kit::use_form_call,
    systems::timeplus::streams::{draft::ColumnDraft, infer},
    ui::{Button, ErrorBanner, field::FormErrors, number::plural},
};

const SIZE: u32 = 10;
const TIMEOUT: &str = "10s";

/// Events as JSON text.
pub type Events = RwSignal<Vec<String>>;

#[component]
pub fn Preview(draft: RwSignal<Draft>, events: Events) -> impl IntoView {
    let errors = use_context::<FormErrors>().unwrap_or_default();
    let call = use_form_call(errors, "name");
    let asked = RwSignal::new(false);
    let run = move || {
        let properties = match draft.with_untracked(Draft::properties) {
            Ok(properties) => properties,
            Err(fields) => return call.refuse(fields),
        };
        let request = source::preview(&PreviewSource {
            kind: draft.with_untracked(|draft| draft.typed.kind.clone()),
            properties,
            size: Some(SIZE),
            timeout: Some(TIMEOUT.into()),
        });
        call.read(
            request,
            json_response::<Option<Vec<Box<RawValue>>>>,
            move |rows| {
                let rows = rows.unwrap_or_default();
                let rows: Vec<String> = rows.iter().map(|row| row.get().to_string()).collect();
                let columns = columns(&rows);
                if !columns.is_empty() {
                    draft.update(|draft| draft.new_stream.columns = columns);
                }
                asked.set(true);
                events.set(rows);
            },
        );
    };
    let result = move || {
        let rows = events.get();
        match (asked.get(), rows.is_empty()) {
            (false, true) => None,
            (true, true) => {
                Some(view! { <p role="status">"No events within 10 s."</p> }.into_any())
            }
            (_, false) => Some(view! { <Rows rows /> }.into_any()),
        }
    };
    view! {
        <p class="type-help">"Reads a few events now, without saving anything."</p>
        <div><Button busy=call.busy on_click=run>"Preview"</Button></div>
        <ErrorBanner error=call.error />
        {result}
    }
    .into_any()
}

/// Columns of a stream for such events.
fn columns(rows: &[String]) -> Vec<ColumnDraft> {
    rows.first()
        .and_then(|row| infer::columns(row).ok())
        .unwrap_or_default()
}

#[component]
fn Rows(rows: Vec<String>) -> impl IntoView {
    let columns = columns(&rows);
    let head: Vec<_> = columns
        .iter()
        .map(|column| {
            let (name, data_type) = (column.name.clone(), column.data_type.clone());
            view! { <th scope="col">{name} " " <span class="column-type">{data_type}</span></th> }
        })
        .collect();
    let body: Vec<_> = rows
        .iter()
        .map(|row| {
            let fields: HashMap<String, Box<RawValue>> =
                serde_json::from_str(row).unwrap_or_default();
            let cells: Vec<_> = columns
                .iter()
                .map(|column| view! { <td class="mono">{fields.get(&column.name).map(|value| words(value))}</td> })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    let count = plural(rows.len() as u64, "event", "events");
    view! {
        <p role="status">{count}</p>
        <div class="table-box preview" tabindex="0" role="group" aria-label="Preview">
            <table class="table" aria-label="Preview">
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Text without its quotes; all else as it came.
fn words(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_first_event() {
        let rows = [
            r#"{"device":"d1","temperature":21.5,"n":18446744073709551615,"ok":true}"#.to_string(),
        ];
        let columns = columns(&rows);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["device", "temperature", "n", "ok"]);
        assert_eq!(columns[2].data_type, "uint64");
        assert!(super::columns(&[]).is_empty());
    }

    #[test]
    fn values_are_shown_exactly() {
        let value = |json: &str| RawValue::from_string(json.into()).expect("JSON");
        assert_eq!(words(&value("\"a\\nb\"")), "a\nb");
        assert_eq!(
            words(&value("18446744073709551615")),
            "18446744073709551615"
        );
        assert_eq!(words(&value("{\"a\":1}")), "{\"a\":1}");
    }
}
