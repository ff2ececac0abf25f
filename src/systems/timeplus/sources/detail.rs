//! The page of one source.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    capability::Capability,
    property::find,
    timeplus::{
        source::{self, Source},
        types::sources::TYPES,
    },
};

use super::list;
use crate::{
    connections::{use_capabilities, use_connection_id},
    kit::{BulkAction, Load, Target, described, notice::no_logs, use_act},
    live::LivePreview,
    paths,
    systems::timeplus::{
        activity::{self, ErrorsTab, LogsTab, StatsTab},
        queries::facts::iso,
        streams,
    },
    ui::{Badge, Banner, Button, ButtonKind, State, Tab, Time, Tone},
};

/// Its state may change at any moment.
const EVERY: Duration = Duration::from_secs(3);

pub fn facts(model: Signal<Source>) -> AnyView {
    let status = Signal::derive(move || model.with(|source| source.status.clone()));
    let tone = Signal::derive(move || activity::tone(&status.get()));
    let kind = Signal::derive(move || model.with(|source| list::kind(&source.kind)));
    let description = move || model.with(|source| described(&source.description));
    view! { <State tone word=status /> <Badge text=kind /> {description} }.into_any()
}

pub const START: BulkAction = BulkAction {
    verb: "Start",
    done: "started",
    request: |key| Ok(source::start(key)),
    effect: "Reading resumes.",
    needs: None,
    helps: &["error", "failed", "interrupted"],
    halts: false,
    idle: &["running"],
};

pub const STOP: BulkAction = BulkAction {
    verb: "Stop",
    done: "stopped",
    request: |key| Ok(source::stop(key)),
    effect: "Reading stops. Rows already written are kept.",
    needs: None,
    helps: &[],
    halts: true,
    idle: &["stopped", "draft"],
};

pub fn actions(
    connection: &str,
    model: Signal<Source>,
    load: Load,
    delete: Callback<()>,
) -> AnyView {
    let timer = set_interval_with_handle(
        move || {
            if !document().hidden() && !load.busy.get_untracked() {
                load.reload();
            }
        },
        EVERY,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let act = use_act(load);
    let active = Memo::new(move |_| model.with(Source::is_active));
    // A server that says so itself cannot run it.
    let idle = Memo::new(move |_| {
        model.with(|source| {
            let runs = find(TYPES, &source.kind).runs;
            (!runs && !source.is_active() && !source.message.is_empty())
                .then(|| source.message.clone())
        })
    });
    let apply = move |action: &'static BulkAction| {
        let (key, name) = model.with_untracked(|source| (source.id.clone(), source.name.clone()));
        act.apply(
            action,
            Target {
                one: "source",
                key,
                name,
            },
        );
    };
    let (start, stop) = (move || apply(&START), move || apply(&STOP));
    let cannot = Signal::derive(move || idle.with(Option::is_some));
    let why = Signal::derive(move || idle.get().unwrap_or_default());
    let connection = connection.to_string();
    let edit = move || {
        let href = model.with(|source| paths::edit_item(&connection, "sources", &source.id));
        if active.get() {
            view! {
                <Button disabled=true reason="Stop the source before you change it.">"Edit"</Button>
            }
            .into_any()
        } else {
            view! { <a class="button" href=href>"Edit"</a> }.into_any()
        }
    };
    view! {
        {move || {
            if active.get() {
                view! { <Button busy=act.busy on_click=stop>"Stop"</Button> }.into_any()
            } else {
                view! {
                    <Button kind=ButtonKind::Primary busy=act.busy disabled=cannot reason=why on_click=start>"Start"</Button>
                }
                    .into_any()
            }
        }}
        {edit}
        <Button on_click=delete>"Delete"</Button>
    }
    .into_any()
}

pub fn tabs(_connection: &str, model: Signal<Source>) -> Vec<Tab> {
    let key = Memo::new(move |_| model.with(|source| source.id.clone()));
    let name = Signal::derive(move || model.with(|source| source.name.clone()));
    let stream = Memo::new(move |_| model.with(|source| source.stream.clone()));
    let rows = Signal::derive(move || {
        let query = streams::detail::query(&stream.get());
        format!("{query} SETTINGS seek_to = '-1h'")
    });
    let logs = use_capabilities().get_untracked().has(Capability::Logs);
    vec![
        Tab::new("overview", "Overview", move || view! { <Overview model /> }),
        Tab::new("rows", "Rows", move || view! { <LivePreview sql=rows /> }),
        Tab::new(
            "stats",
            "Stats",
            move || view! { <StatsTab key request=source::stats /> },
        ),
        Tab::new(
            "errors",
            "Errors",
            move || view! { <ErrorsTab key request=source::stats /> },
        ),
        Tab::new("logs", "Logs", move || match logs {
            true => view! { <LogsTab key request=source::logs name /> }.into_any(),
            false => no_logs(),
        }),
        Tab::new(
            "configuration",
            "Configuration",
            move || view! { <Configuration model /> },
        ),
    ]
}

#[component]
fn Overview(model: Signal<Source>) -> impl IntoView {
    let connection = use_connection_id();
    let message = move || {
        let text = model.with(|source| source.message.clone());
        let tone = match model.with(|source| activity::tone(&source.status)) {
            Tone::Bad => Tone::Bad,
            _ => Tone::Neutral,
        };
        (!text.is_empty()).then(|| view! { <Banner tone>{text}</Banner> })
    };
    let href = move || {
        let connection = connection.get().unwrap_or_default();
        model.with(|source| paths::item(&connection, "streams", &source.stream))
    };
    let started = Signal::derive(move || model.with(|source| iso(source.start_time)));
    let time = |of: fn(&Source) -> &Option<String>| {
        Signal::derive(move || model.with(|source| of(source).clone().unwrap_or_default()))
    };
    let by = |of: fn(&Source) -> &Option<weir_api::Owner>| {
        move || model.with(|s| of(s).as_ref().map(|owner| owner.name.clone()))
    };
    view! {
        {message}
        <dl class="figures" aria-label="Details">
            <div><dt>"Writes to"</dt><dd><a class="mono" href=href>{move || model.with(|s| s.stream.clone())}</a></dd></div>
            <div><dt>"Type"</dt><dd>{move || model.with(|s| list::kind(&s.kind))}</dd></div>
            <div><dt>"Started"</dt><dd><Time iso=started /></dd></div>
            <div><dt>"Created"</dt><dd><Time iso=time(|s| &s.created_at) /></dd></div>
            <div><dt>"Created by"</dt><dd>{by(|s| &s.created_by)}</dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=time(|s| &s.last_updated_at) /></dd></div>
        </dl>
    }
    .into_any()
}

/// Properties as the server holds them, secrets left out.
#[component]
fn Configuration(model: Signal<Source>) -> impl IntoView {
    let json = Memo::new(move |_| {
        model.with(|source| serde_json::to_string_pretty(&source.properties).unwrap_or_default())
    });
    let secrets = move || {
        let kind = model.with(|source| find(TYPES, &source.kind));
        let labels: Vec<&str> = kind
            .secrets()
            .filter_map(|key| Some(kind.property(key)?.label))
            .collect();
        (!labels.is_empty()).then(|| {
            view! { <p class="type-help">"Not shown: " {labels.join(", ")} "."</p> }
        })
    };
    view! {
        <pre class="log mono" tabindex="0" aria-label="Properties">{json}</pre>
        {secrets}
    }
    .into_any()
}
