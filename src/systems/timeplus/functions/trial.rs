//! Calling a function as it stands in the form, before it is saved.
//!
//! The server does it: a page under this application's Content-Security-Policy cannot run code
//! that somebody has typed, in a worker neither, and should not; and only the server has the
//! engine whose conversions and limits the function will meet. Of the servers only the embedded
//! backend has the operation, so elsewhere the panel says why there is none.

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::{
        info::{self, Info},
        udf::{self, Trial, TrialRequest},
    },
};

use super::{
    draft::{Draft, Form},
    sample,
};
use crate::{
    kit::{use_form_call, use_load},
    ui::{
        Button, ErrorBanner,
        field::{FormErrors, TextArea},
    },
};

/// The part of the product's name by which the embedded backend is known.
const EMBEDDED: &str = "Weir";

#[component]
pub fn TrialPanel(draft: RwSignal<Draft>) -> impl IntoView {
    // An expression has no code of its own to run.
    let expression = Memo::new(move |_| draft.with(|draft| draft.form == Form::Sql));
    let can = RwSignal::new(None::<bool>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let info: Info = json_response(&body)?;
        can.set(Some(info.product_name.contains(EMBEDDED)));
        Ok(())
    });
    let load = use_load(Signal::stored(info::get()), None, accept);
    move || {
        match can.get() {
        _ if expression.get() => view! {
            <p class="field-help">"Save the function, then call it in the SQL workspace."</p>
        }
        .into_any(),
        Some(true) => view! { <Bench draft /> }.into_any(),
        None if load.error.with(Option::is_none) => ().into_any(),
        _ => view! {
            <p class="field-help">
                "This server cannot test a function before it is saved. Save it, then run it in the SQL workspace."
            </p>
        }
        .into_any(),
    }
    }
}

/// What came of a run.
#[derive(Clone)]
struct Outcome {
    /// Of the arguments, as they were.
    names: Vec<String>,
    /// Arguments and result of each row, as JSON.
    rows: Vec<(Vec<String>, String)>,
    /// Of an aggregate.
    total: Option<String>,
    took: String,
    logs: Vec<String>,
}

#[component]
fn Bench(draft: RwSignal<Draft>) -> impl IntoView {
    let errors = use_context::<FormErrors>().unwrap_or_default();
    let call = use_form_call(errors, "name");
    let typed = RwSignal::new(None::<String>);
    let example = Memo::new(move |_| {
        draft.with(|draft| {
            let types: Vec<_> = draft
                .arguments
                .iter()
                .map(|a| a.data_type.clone())
                .collect();
            sample::example(&types)
        })
    });
    let text = crate::ui::field::Bound::new(
        move || typed.get().unwrap_or_else(|| example.get()),
        move |text| typed.set(Some(text)),
    );
    let wrong = RwSignal::new(None::<String>);
    let outcome = RwSignal::new(None::<Outcome>);
    // What came before says nothing of what has failed.
    Effect::new(move || {
        if call.error.with(Option::is_some) {
            outcome.set(None);
        }
    });
    let run = move || {
        let arguments = draft.with_untracked(|draft| draft.arguments.len());
        let rows = match sample::rows(&text.get.get_untracked(), arguments) {
            Ok(rows) => rows,
            Err(message) => return wrong.set(Some(message)),
        };
        wrong.set(None);
        let (mut function, fields) = draft.with_untracked(|draft| draft.definition(false));
        // A name can wait until the function is saved, but the code needs the one that it declares.
        let mut fields = fields;
        if function.name.is_empty() {
            function.name = String::from("my_function");
            fields.retain(|error| error.field != "name");
        }
        if !fields.is_empty() {
            return call.refuse(fields);
        }
        let names = function.arguments.iter().map(|a| a.name.clone()).collect();
        let shown: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|value| value.get().to_string()).collect())
            .collect();
        let request = TrialRequest { function, rows };
        call.read(udf::trial(&request), json_response::<Trial>, move |trial| {
            outcome.set(Some(told(names, shown, trial)));
        });
    };
    let help = Memo::new(move |_| {
        draft.with(|draft| match draft.form {
            Form::Aggregate => "All rows form one group.",
            Form::Scalar | Form::Sql | Form::Remote => "",
        })
    });
    view! {
        <TextArea
            label="Sample rows"
            mono=true
            rows=4
            value=text
            error=wrong
            help="One row per line: a JSON array with a value for each argument."
        />
        <div class="trial-actions">
            <Button busy=call.busy on_click=run>"Run test"</Button>
            <span class="field-help">{help}</span>
        </div>
        <ErrorBanner error=call.error />
        <div aria-live="polite">
            {move || outcome.get().map(|outcome| view! { <Result outcome /> })}
        </div>
    }
    .into_any()
}

fn told(names: Vec<String>, rows: Vec<Vec<String>>, trial: Trial) -> Outcome {
    let results: Vec<String> = trial
        .result
        .iter()
        .map(|value| value.get().to_string())
        .collect();
    let single = results.len() == 1 && rows.len() != 1;
    let took = match trial.duration_ms {
        ms if ms < 1.0 => format!("{:.0} µs", ms * 1000.0),
        ms => format!("{ms:.1} ms"),
    };
    Outcome {
        names,
        total: single.then(|| results[0].clone()),
        rows: if single {
            Vec::new()
        } else {
            rows.into_iter().zip(results).collect()
        },
        took,
        logs: trial.logs,
    }
}

#[component]
fn Result(outcome: Outcome) -> impl IntoView {
    let Outcome {
        names,
        rows,
        total,
        took,
        logs,
    } = outcome;
    let heads = names
        .into_iter()
        .map(|name| view! { <th scope="col" class="mono">{name}</th> });
    let lines = rows.into_iter().map(|(values, result)| {
        let cells = values
            .into_iter()
            .map(|value| view! { <td class="mono">{value}</td> });
        view! { <tr>{cells.collect_view()}<td class="mono">{result}</td></tr> }
    });
    let table = if let Some(total) = total {
        view! { <p>"Result: " <output class="mono">{total}</output></p> }.into_any()
    } else {
        view! {
            <div class="table-box" tabindex="0" role="region" aria-label="Test results">
                <table class="table" aria-label="Test results">
                    <thead><tr>{heads.collect_view()}<th scope="col">"Result"</th></tr></thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let logs = (!logs.is_empty()).then(|| {
        view! { <pre class="trial-log" tabindex="0" aria-label="Console">{logs.join("\n")}</pre> }
    });
    view! {
        {table}
        <p class="field-help">{format!("Duration: {took}.")}</p>
        {logs}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aggregate_has_one_result_for_all_rows() {
        let trial = |result: &str| Trial {
            result: serde_json::from_str(result).expect("result"),
            duration_ms: 0.25,
            logs: Vec::new(),
        };
        let names = || vec!["x".to_string()];
        let rows = || vec![vec!["1".to_string()], vec!["2".to_string()]];
        let total = told(names(), rows(), trial("[18446744073709551615]"));
        assert_eq!(total.total.as_deref(), Some("18446744073709551615"));
        assert_eq!(total.took, "250 µs");
        let each = told(names(), rows(), trial("[1, null]"));
        assert_eq!(each.rows[1], (vec!["2".to_string()], "null".to_string()));
    }
}
