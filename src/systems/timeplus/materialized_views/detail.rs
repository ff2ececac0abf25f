//! The page of one materialized view.

use leptos::prelude::*;
use weir_api::{
    ApiError, json_response,
    timeplus::{
        materialized_view as api,
        materialized_view::{MaterializedView, Stats},
        query::Pipeline,
    },
};

use super::{control::Controls, list, stats::StatsTab};
use crate::{
    connections::use_connection_id,
    kit::{Load, described},
    live::LivePreview,
    paths,
    systems::timeplus::{
        queries::pipeline::PipelineView,
        streams::detail::query,
        views::detail::{Columns, QueryText, audit, preview},
    },
    ui::{Banner, State, Tab, Tone, field::unit::Measure},
};

pub fn facts(model: Signal<MaterializedView>) -> AnyView {
    let status = Memo::new(move |_| model.with(|view| view.status));
    let state = move || {
        let status = status.get()?;
        let (tone, word) = (list::tone(status), status.words().to_string());
        Some(view! { <State tone=Signal::stored(tone) word=Signal::stored(word) /> })
    };
    let behind = move || {
        model.with(|view| view.lagging).map(|rows| match rows {
            rows if rows > 0 => format!("Lag: {}", list::behind(rows)),
            _ => "up to date".into(),
        })
    };
    let connection = use_connection_id();
    let target = move || {
        let target = model.with(|view| view.target_stream.clone());
        if target.is_empty() {
            return None;
        }
        let href = paths::item(&connection.get()?, "streams", &target);
        Some(view! { <span>"writes to " <a href=href>{target}</a></span> })
    };
    let description = move || model.with(|view| described(&view.description));
    let error = Memo::new(move |_| model.with(|view| view.last_error_message.clone()));
    let error = move || {
        let message = error.get().filter(|message| !message.is_empty())?;
        Some(view! { <Banner tone=Tone::Bad>{message}</Banner> })
    };
    view! { {state} <span>{behind}</span> {target} {description} {error} }.into_any()
}

pub fn actions(connection: &str, model: Signal<MaterializedView>, load: Load) -> AnyView {
    let name = model.with_untracked(|view| view.name.clone());
    view! {
        <Controls model load />
        <a class="button" href=paths::workspace_with(connection, &query(&name))>"Query"</a>
    }
    .into_any()
}

pub fn tabs(model: Signal<MaterializedView>) -> Vec<Tab> {
    let name = Memo::new(move |_| model.with(|view| view.name.clone()));
    let preview = Memo::new(move |_| preview(&name.get()));
    vec![
        Tab::new("schema", "Schema", move || view! { <Schema model /> }),
        Tab::new("stats", "Stats", move || view! { <StatsTab name /> }),
        Tab::new(
            "preview",
            "Preview",
            move || view! { <LivePreview sql=preview.into() /> },
        ),
        Tab::new("pipeline", "Pipeline", move || {
            view! {
                <PipelineView
                    request=api::stats(&name.get_untracked(), None)
                    read=pipeline
                    none="No pipeline from this server"
                />
            }
        }),
    ]
}

fn pipeline(body: &[u8]) -> Result<Pipeline, ApiError> {
    let stats: Stats = json_response(body)?;
    Ok(stats.pipeline.unwrap_or_default())
}

#[component]
fn Schema(model: Signal<MaterializedView>) -> impl IntoView {
    let columns = Signal::derive(move || model.with(|view| view.columns.clone()));
    let text = Signal::derive(move || model.with(|view| view.select().to_string()));
    let settings = move || model.with(settings);
    view! {
        <div class="schema">
            <Columns columns />
            <dl class="settings" aria-label="Settings">{settings}</dl>
        </div>
        <QueryText text />
    }
    .into_any()
}

fn settings(view: &MaterializedView) -> Vec<AnyView> {
    let limits = [
        (Measure::Span, view.logstore_retention_ms),
        (Measure::Size, view.logstore_retention_bytes),
    ];
    let limits = limits.into_iter().filter(|(_, value)| *value > 0);
    let limits: Vec<String> = limits
        .map(|(measure, value)| measure.format(value))
        .collect();
    let retention = match limits.is_empty() {
        true => "unlimited".into(),
        false => limits.join(", "),
    };
    let texts = [
        ("Target", list::target(view)),
        ("Retention", retention),
        ("TTL expression", view.ttl_expression.clone()),
    ];
    let texts = texts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(term, text)| view! { <div><dt>{term}</dt><dd>{text}</dd></div> }.into_any());
    texts
        .chain(audit(
            [&view.created_by, &view.last_updated_by],
            [&view.created_at, &view.last_updated_at],
        ))
        .collect()
}
