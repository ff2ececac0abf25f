//! A form field that holds a query: the SQL editor, and below it what the server makes of the
//! query before anything is saved.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError, json_response,
    timeplus::sql::{self, Analysis},
};

use crate::{
    connections::use_endpoint,
    errors, http,
    ui::{
        EditorControl, SqlEditor, State, Tone,
        field::{Bound, Field, use_wiring},
    },
    workspace::{side::Streams, statements},
};

/// After the last keystroke.
const PAUSE: Duration = Duration::from_millis(400);

/// What is known about the query in the field.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Checked {
    #[default]
    Nothing,
    Fine(Box<Analysis>),
    /// In words, with the place.
    Wrong(String),
}

/// `value` is changed as somebody types.
#[component]
pub fn SqlField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    let text = RwSignal::new(value.get.get_untracked());
    // Both ways: the form can begin anew, and the editor has a text of its own.
    Effect::new(move |before: Option<String>| {
        let now = value.get.get();
        if before.as_ref() != Some(&now) && text.get_untracked() != now {
            text.set(now.clone());
        }
        now
    });
    let checked = RwSignal::new(Checked::Nothing);
    let control = EditorControl::new();
    use_check(text, control, checked);
    let editor = move || {
        let wiring = use_wiring();
        let (touched, id) = (wiring.clone(), wiring.id.clone());
        Effect::new(move |before: Option<String>| {
            let now = text.get();
            if before.is_some_and(|before| before != now) {
                touched.touched();
                value.set.run(now.clone());
            }
            now
        });
        let streams = Streams::load();
        let words = Signal::derive(move || streams.words());
        let described = wiring.described();
        view! {
            <div class="sql-field" id=id tabindex="-1" role="group" aria-label="Query" aria-describedby=described>
                <SqlEditor text control words on_run=|| () />
            </div>
        }
        .into_any()
    };
    view! {
        <Field label name help required=true>
            {editor()}
        </Field>
        <Answer checked />
    }
    .into_any()
}

/// Asks the server about the query whenever typing pauses, and marks the place of an error.
fn use_check(text: RwSignal<String>, control: EditorControl, checked: RwSignal<Checked>) {
    let endpoint = use_endpoint();
    let settled = RwSignal::new(text.get_untracked());
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    Effect::new(move |first: Option<()>| {
        let now = text.get();
        stop();
        if first.is_some() {
            let later = set_timeout_with_handle(move || settled.set(now.clone()), PAUSE);
            timer.set_value(later.ok());
        }
    });
    on_cleanup(stop);
    Effect::new(move || {
        let sql = settled.get();
        let Some(endpoint) = endpoint.get().filter(|_| !sql.trim().is_empty()) else {
            checked.set(Checked::Nothing);
            return;
        };
        spawn_local(async move {
            let outcome = match sql::analyze(&sql) {
                Ok(request) => http::send(&endpoint, request).await,
                Err(error) => Err(error),
            };
            // What was typed meanwhile has its own answer.
            if settled.try_get_untracked() != Some(sql.clone()) {
                return;
            }
            control.mark(0..0, "");
            match outcome.and_then(|body| json_response::<Analysis>(&body)) {
                Ok(analysis) => checked.set(Checked::Fine(Box::new(analysis))),
                // A lost connection is the shell's to tell.
                Err(ApiError::Network(_)) => checked.set(Checked::Nothing),
                Err(error) => {
                    let words = errors::words(&error).sentence();
                    if let Some((line, column)) = statements::position_in(&words) {
                        control.mark(statements::place(&sql, 0, line, column), &words);
                    }
                    checked.set(Checked::Wrong(words));
                }
            }
        });
    });
}

/// Streams read, without repetition.
pub fn reads(analysis: &Analysis) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for column in &analysis.required_columns {
        if !column.table.is_empty() && !names.contains(&column.table) {
            names.push(column.table.clone());
        }
    }
    names
}

#[component]
fn Answer(checked: RwSignal<Checked>) -> impl IntoView {
    let answer = move || {
        match checked.get() {
        Checked::Nothing => {
            view! { <p class="waiting">"Type a SELECT: its columns are shown here before anything is saved."</p> }
                .into_any()
        }
        Checked::Wrong(words) => view! { <p class="field-error">{words}</p> }.into_any(),
        Checked::Fine(analysis) => fine(&analysis),
    }
    };
    view! { <section class="sql-answer" aria-label="What the query gives" aria-live="polite">{answer}</section> }
        .into_any()
}

fn fine(analysis: &Analysis) -> AnyView {
    let (tone, word) = match (analysis.query_type.as_str(), analysis.is_streaming) {
        ("SELECT", true) => (Tone::Good, "follows its stream"),
        ("SELECT", false) => (Tone::Neutral, "reads history and ends"),
        _ => (Tone::Warn, "not a SELECT"),
    };
    let reads = reads(analysis);
    let reads = (!reads.is_empty()).then(|| format!("reads {}", reads.join(", ")));
    let columns = analysis.result_columns.iter().map(|column| {
        view! {
            <tr>
                <th scope="row" class="mono">{column.column.clone()}</th>
                <td class="mono">{column.column_type.clone()}</td>
            </tr>
        }
    });
    let columns = columns.collect_view();
    view! {
        <p class="sql-facts">
            <State tone=Signal::stored(tone) word=Signal::stored(word.to_string()) />
            <span>{reads}</span>
        </p>
        <div class="table-box">
            <table class="table" aria-label="Columns of the query">
                <thead><tr><th scope="col">"Column"</th><th scope="col">"Type"</th></tr></thead>
                <tbody>{columns}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::sql::AnalyzedColumn;

    use super::*;

    #[test]
    fn streams_are_named_once() {
        let column = |table: &str| AnalyzedColumn {
            table: table.into(),
            ..AnalyzedColumn::default()
        };
        let analysis = Analysis {
            required_columns: ["a", "b", "a", ""].map(column).into(),
            ..Analysis::default()
        };
        assert_eq!(reads(&analysis), ["a", "b"]);
    }
}
