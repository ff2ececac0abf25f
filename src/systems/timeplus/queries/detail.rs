//! One query: its live results, its pipeline, its facts.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::timeplus::query::{self, Query, Status};

use super::{
    cancel::use_cancel,
    facts::{iso, tone, user},
    pipeline::PipelineView,
};
use crate::{
    connections::{use_connection_id, use_endpoint},
    kit::{address::use_key, use_load},
    live::{LiveResults, Session},
    paths,
    ui::{
        Button, CopyButton, ErrorBanner, State, Tab, Tabs, Time,
        table::{Head::Text, ShortTable},
        time,
    },
};

const EVERY: Duration = Duration::from_secs(2);

#[component]
pub fn QueryDetailPage() -> impl IntoView {
    let id = use_key();
    move || view! { <Detail id=id.get() /> }
}

#[component]
fn Detail(id: String) -> impl IntoView {
    let query = RwSignal::new(None::<Query>);
    let load = use_load(
        Signal::stored(query::get(&id)),
        Some(EVERY),
        Callback::new(move |body: Vec<u8>| {
            query.set(Some(weir_api::json_response(&body)?));
            Ok(())
        }),
    );
    let status = Memo::new(move |_| query.with(|query| query.as_ref().map(|query| query.status)));
    let running = Memo::new(move |_| status.get() == Some(Status::Running));
    let cancel = use_cancel(move || load.reload());
    let cancel_now = move || {
        if let Some(query) = query.get_untracked() {
            cancel.run(query);
        }
    };
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let in_workspace = move || {
        query.with(|query| {
            query
                .as_ref()
                .map(|query| paths::workspace_with(&connection, &query.sql))
        })
    };
    let tabs = {
        let (results, pipeline) = (id.clone(), id.clone());
        vec![
            Tab::new(
                "results",
                "Results",
                move || view! { <Results id=results.clone() running /> },
            ),
            Tab::new("pipeline", "Pipeline", move || {
                view! {
                    <PipelineView
                        request=query::pipeline(&pipeline)
                        read=weir_api::json_response
                        none="This query has no pipeline"
                    />
                }
            }),
            Tab::new("details", "Details", move || view! { <Details query /> }),
        ]
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Query " <span class="mono">{id.clone()}</span></h1>
                {move || status.get().map(|status| view! {
                    <State tone=tone(status) word=status.as_str().to_string() />
                })}
                <Show when=move || query.with(Option::is_some)>
                    <a class="button" href=in_workspace.clone()>"Open in SQL workspace"</a>
                </Show>
                <Show when=move || running.get()>
                    <Button on_click=cancel_now>"Cancel query"</Button>
                </Show>
            </div>
            <ErrorBanner error=load.page_error() />
            <Show when=move || query.with(Option::is_some)>
                <pre class="query-text mono" tabindex="0" aria-label="Statement">
                    {move || query.with(|query| query.as_ref().map(|query| query.sql.clone()))}
                </pre>
            </Show>
            <Tabs label=format!("Query {id}") tabs />
        </div>
    }
    .into_any()
}

/// Attaches when the tab is opened and the query runs; another session's query is not ended by
/// leaving the page.
#[component]
fn Results(id: String, running: Memo<bool>) -> impl IntoView {
    let session = Session::new();
    let endpoint = use_endpoint();
    let attached = StoredValue::new(false);
    Effect::new(move || {
        let Some(endpoint) = endpoint.get().filter(|_| running.get()) else {
            return;
        };
        if !attached.get_value() {
            attached.set_value(true);
            session.attach(endpoint, id.clone());
        }
    });
    view! { <LiveResults session idle="The query is not running, so it has no live results. Run it again in the SQL workspace." /> }
}

#[component]
fn Details(query: RwSignal<Option<Query>>) -> impl IntoView {
    move || query.get().map(|query| view! { <Facts query /> })
}

#[component]
fn Facts(query: Query) -> impl IntoView {
    let text = |name: &'static str, value: String| {
        let value = if value.is_empty() {
            "–".to_string()
        } else {
            value
        };
        view! { <dt>{name}</dt><dd>{value}</dd> }
    };
    let end = iso(query.end_time);
    let columns = query.result.header.iter().map(|column| {
        view! { <tr><th scope="row" class="mono">{column.name.clone()}</th><td class="mono">{column.data_type.clone()}</td></tr> }
    }).collect_view();
    view! {
        <dl class="facts">
            <dt>"Id"</dt>
            <dd><code>{query.id.clone()}</code> <CopyButton text=query.id.clone() label="Copy id" /></dd>
            {text("Message", query.message.clone())}
            {text("User", user(&query))}
            <dt>"Started"</dt><dd><Time iso=iso(query.start_time) /></dd>
            <dt>"Ended"</dt><dd><Time iso=end /></dd>
            {text("Duration", time::span(query.duration as f64))}
            {text("First row after", time::span(query.response_time as f64))}
            {text("Kind", query.analysis.query_type.clone())}
            {text("Streaming", if query.analysis.is_streaming { "yes".into() } else { "no".into() })}
            {text("Name", query.name.clone())}
            {text("Tags", query.tags.join(", "))}
        </dl>
        <h2>"Result columns"</h2>
        <ShortTable label="Result columns" heads=&[Text("Name"), Text("Type")]>{columns}</ShortTable>
    }
    .into_any()
}
