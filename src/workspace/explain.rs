//! How the server carries a statement out, beside its result: its plan, and while it runs the parts
//! it is made of with their figures.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, json_response,
    timeplus::{exec, query},
};

use super::{parameters, run::Runner, slots::Slot};
use crate::{
    connections::use_endpoint,
    http, statements,
    systems::timeplus::queries::pipeline::PipelineView,
    text::{coded, write_visible},
    ui::{Button, ButtonKind, CopyButton, ErrorBanner, Icon, IconName},
};

/// How long somebody pauses before what they wrote is explained.
const CALM: Duration = Duration::from_millis(300);

/// The statement's beginning in one line.
fn shown(sql: &str) -> String {
    const LONGEST: usize = 200;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut text = String::new();
    write_visible(&words.join(" "), LONGEST, &mut text);
    text
}

/// `None`: only queries have a plan.
fn explain(sql: &str) -> Option<String> {
    statements::is_query(sql).then(|| format!("EXPLAIN {sql}"))
}

fn request(sql: &str) -> Option<ApiRequest> {
    exec::historical(&explain(sql)?).ok()
}

/// The plan's lines, whatever columns it comes in.
fn lines(answer: &exec::Answer) -> String {
    let cell = |raw: &serde_json::value::RawValue| {
        let text = serde_json::from_str::<String>(raw.get());
        text.unwrap_or_else(|_| raw.get().to_string())
    };
    let line = |row: &Vec<Box<serde_json::value::RawValue>>| {
        let cells: Vec<String> = row.iter().map(|raw| cell(raw)).collect();
        cells.join("  ")
    };
    let lines: Vec<String> = answer.data.iter().map(line).collect();
    lines.join("\n")
}

/// Of the statement that Run would run now, or where there is none of the one that ran.
fn explained(runner: Runner, result: Slot) -> String {
    let chosen = runner.chosen();
    let raw = runner.text.with(|text| {
        let part = chosen.first()?;
        let bytes = statements::to_byte(text, part.start)..statements::to_byte(text, part.end);
        text.get(bytes).map(String::from)
    });
    let ran = result
        .statement
        .with(|statement| (statement.raw.clone(), statement.sql.clone()));
    match raw {
        // With the values that it ran with.
        Some(raw) if raw != ran.0 => {
            let values = runner.parameters.values;
            values
                .with(|values| parameters::filled(&raw, values))
                .unwrap_or(raw)
        }
        _ => ran.1,
    }
}

#[component]
pub fn Explanation(runner: Runner, result: Slot, open: RwSignal<bool>) -> impl IntoView {
    let endpoint = use_endpoint();
    let sql = Memo::new(move |_| explained(runner, result));
    let (plan, error, busy) = (
        RwSignal::new(String::new()),
        RwSignal::new(None),
        RwSignal::new(false),
    );
    Effect::new(move || {
        let asked = sql.get();
        let (Some(endpoint), Some(request)) = (endpoint.get(), request(&asked)) else {
            plan.set(String::new());
            return;
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            // Somebody may be typing.
            http::pause(CALM).await;
            if sql.try_get_untracked().as_ref() != Some(&asked) {
                return;
            }
            let answer = http::send(&endpoint, request).await;
            let told = answer.and_then(|body| json_response::<exec::Answer>(&body));
            // The page is gone, or another statement is asked about.
            if sql.try_get_untracked().as_ref() != Some(&asked) {
                return;
            }
            busy.set(false);
            match told {
                Ok(answer) => {
                    plan.set(lines(&answer));
                    error.set(None);
                }
                Err(problem) => {
                    plan.set(String::new());
                    error.set(Some(problem));
                }
            }
        });
    });
    let note = move || {
        let text = sql.get();
        if text.trim().is_empty() {
            return Some("Enter a statement first.");
        }
        if explain(&text).is_none() {
            return Some("Only a query has a plan.");
        }
        (busy.get() && plan.with(String::is_empty)).then_some("Loading plan…")
    };
    // Of several that are selected.
    let first = move || match runner.chosen().len() {
        0 | 1 => None,
        several => Some(format!("Statement 1 of {several} selected")),
    };
    let running = Memo::new(move |_| {
        let live = result.session.state.get().is_live();
        result.session.query_id.get().filter(|_| live)
    });
    view! {
        <aside class="live-side explain-side" aria-label="Explanation" tabindex="-1">
            <header>
                <h2>"Explanation"</h2>
                <CopyButton text=Signal::derive(move || plan.get()) label="Copy plan" />
                <Button kind=ButtonKind::Quiet label="Close explanation" on_click=move || open.set(false)>
                    <Icon name=IconName::Close />
                </Button>
            </header>
            <div class="explain-body">
                <ErrorBanner error=Signal::derive(move || error.get()) />
                <p class="explain-of mono" aria-label="Statement">{move || shown(&sql.get())}</p>
                {move || first().map(|words| view! { <p class="side-facts">{words}</p> })}
                {move || note().map(|words| view! { <p class="side-facts" role="status">{words}</p> })}
                <Show when=move || plan.with(|plan| !plan.is_empty())>
                    <pre class="explain-plan mono" tabindex="0" aria-label="Plan">{move || plan.with(|plan| coded(plan))}</pre>
                </Show>
                {move || running.get().map(|id| view! {
                    <h3>"Pipeline"</h3>
                    <PipelineView
                        request=query::pipeline(&id)
                        read=weir_api::json_response
                        none="This query has no pipeline"
                    />
                })}
            </div>
        </aside>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_its_lines() {
        let answer = r#"{"columns":[],"data":[["Scan \"a\""],["  Filter",2]]}"#;
        let answer: exec::Answer = serde_json::from_str(answer).expect("an answer");
        assert_eq!(lines(&answer), "Scan \"a\"\n  Filter  2");
    }
}
