//! The page of one sink.

use leptos::prelude::*;
use weir_api::{
    ApiRequest,
    capability::Capability,
    timeplus::sink::{self, Sink},
};

use super::list;
use crate::{
    connections::use_capabilities,
    kit::{BulkAction, Load, Target, described, notice::no_logs, use_act},
    sql::query::PreviewButton,
    systems::timeplus::activity::{ErrorsTab, LogsTab, StatsTab},
    ui::{Badge, Banner, Button, State, Tab, Time, Tone},
};

pub fn facts(model: Signal<Sink>) -> AnyView {
    let status = Memo::new(move |_| model.with(|sink| sink.status.clone()));
    let kind = Signal::derive(move || model.with(|sink| list::kind(&sink.kind)));
    let description = move || model.with(|sink| described(&sink.description));
    let message = move || {
        let text = model.with(|sink| sink.message.clone());
        let tone = if status.get() == "error" {
            Tone::Bad
        } else {
            Tone::Neutral
        };
        (!text.is_empty()).then(|| view! { <Banner tone>{text}</Banner> })
    };
    view! {
        <State tone=Signal::derive(move || list::tone(&status.get())) word=status />
        <Badge text=kind />
        {description}
        {message}
    }
    .into_any()
}

pub const START: BulkAction = BulkAction {
    verb: "Start",
    done: "started",
    request: |key| Ok(sink::start(key)),
    effect: "Delivery resumes where it stopped.",
    needs: None,
    helps: &["error", "failed", "interrupted"],
    halts: false,
    idle: &["running"],
};

pub const STOP: BulkAction = BulkAction {
    verb: "Stop",
    done: "stopped",
    request: |key| Ok(sink::stop(key)),
    effect: "Delivery stops. New rows wait until the next start.",
    needs: None,
    helps: &[],
    halts: true,
    idle: &["stopped", "draft"],
};

pub fn actions(_connection: &str, model: Signal<Sink>, load: Load) -> AnyView {
    let actor = use_act(load);
    let active = Memo::new(move |_| model.with(|sink| sink.status == "running"));
    let press = Callback::new(move |()| {
        let action = if active.get_untracked() {
            &STOP
        } else {
            &START
        };
        let (key, name) = model.with_untracked(|sink| (sink.id.clone(), sink.name.clone()));
        actor.apply(
            action,
            Target {
                one: "sink",
                key,
                name,
            },
        );
    });
    view! {
        <Button on_click=press busy=actor.busy>
            {move || if active.get() { "Stop" } else { "Start" }}
        </Button>
    }
    .into_any()
}

/// In the order of the tabs that all that runs has.
fn stats(id: &str, errors: &str, throughput: &str) -> ApiRequest {
    sink::stats(id, throughput, errors)
}

pub fn tabs(model: Signal<Sink>) -> Vec<Tab> {
    let id = Memo::new(move |_| model.with(|sink| sink.id.clone()));
    let name = Signal::derive(move || model.with(|sink| sink.name.clone()));
    let logs = use_capabilities().get_untracked().has(Capability::Logs);
    vec![
        Tab::new(
            "stats",
            "Stats",
            move || view! { <StatsTab key=id request=stats /> },
        ),
        Tab::new(
            "errors",
            "Errors",
            move || view! { <ErrorsTab key=id request=stats /> },
        ),
        Tab::new("logs", "Logs", move || match logs {
            true => view! { <LogsTab key=id request=sink::logs name /> }.into_any(),
            false => no_logs(),
        }),
        Tab::new("configuration", "Configuration", move || {
            view! { <Configuration model /> }
        }),
    ]
}

#[component]
fn Configuration(model: Signal<Sink>) -> impl IntoView {
    let sql = Signal::derive(move || model.with(|sink| sink.query.clone()));
    let properties = move || {
        let properties = model.with(|sink| sink.properties.clone());
        let rows = properties.into_iter().map(|(key, value)| {
            let words = match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            view! { <div><dt>{key}</dt><dd class="mono">{words}</dd></div> }
        });
        rows.collect_view()
    };
    let times = move || {
        model.with(|sink| {
            let times = [
                ("Created", &sink.created_at, &sink.created_by),
                ("Changed", &sink.last_updated_at, &sink.last_updated_by),
            ];
            let rows = times.into_iter().filter_map(|(term, time, by)| {
                let (iso, by) = (time.clone()?, by.clone().unwrap_or_default().name);
                Some(view! { <div><dt>{term}</dt><dd><Time iso /> " " {by}</dd></div> })
            });
            rows.collect_view()
        })
    };
    view! {
        <div class="configuration">
            <h2>"Query"</h2>
            <pre class="sql-text" tabindex="0">{sql}</pre>
            <PreviewButton label="Preview rows" sql />
            <h2>"Properties"</h2>
            <dl class="settings" aria-label="Properties">{properties}</dl>
            <p class="field-help">"Stored secrets are not shown."</p>
            <dl class="settings">{times}</dl>
        </div>
    }
    .into_any()
}
