//! The page of one alert.

use leptos::prelude::*;
use weir_api::timeplus::alert::{self, Alert};

use super::list;
use crate::{
    kit::{BulkAction, Load, Target, described, use_act},
    sql::query::PreviewButton,
    ui::{
        Badge, Banner, Button, Empty, State, Tab, Time, Tone,
        table::{Head::Text, ShortTable},
    },
};

pub fn facts(model: Signal<Alert>) -> AnyView {
    let state = Memo::new(move |_| model.with(list::state));
    let severity =
        Signal::derive(move || format!("severity {}", model.with(|alert| alert.severity)));
    let action = Signal::derive(move || model.with(|alert| list::action(&alert.action)));
    let description = move || model.with(|alert| described(&alert.description));
    let message = move || {
        let text = model.with(|alert| alert.message.clone());
        (!text.is_empty()).then(|| view! { <Banner tone=Tone::Warn>{text}</Banner> })
    };
    view! {
        <State
            tone=Signal::derive(move || state.get().0)
            word=Signal::derive(move || state.get().1.to_string())
        />
        <Badge text=severity />
        <Badge text=action />
        {description}
        {message}
    }
    .into_any()
}

pub const START: BulkAction = BulkAction {
    verb: "Start",
    done: "started",
    request: |key| Ok(alert::start(key)),
    effect: "Evaluation resumes.",
    needs: None,
    helps: &["error", "failed", "interrupted"],
    halts: false,
    idle: &["running"],
};

pub const STOP: BulkAction = BulkAction {
    verb: "Stop",
    done: "stopped",
    request: |key| Ok(alert::stop(key)),
    effect: "Evaluation stops: no alert fires.",
    needs: None,
    helps: &[],
    halts: true,
    idle: &["stopped", "draft"],
};

pub const RESOLVE: BulkAction = BulkAction {
    verb: "Resolve",
    done: "resolved",
    request: |key| Ok(alert::resolve(key)),
    effect: "Firing alerts are resolved and can fire again. Others are not changed.",
    needs: None,
    helps: &["firing", "stopped, firing"],
    halts: false,
    idle: &["resolved", "running", "stopped"],
};

pub fn actions(_connection: &str, model: Signal<Alert>, load: Load) -> AnyView {
    let actor = use_act(load);
    let active = Memo::new(move |_| model.with(|alert| alert.status == "running"));
    let triggered = Memo::new(move |_| model.with(Alert::is_triggered));
    let apply = move |action: &'static BulkAction| {
        let (key, name) = model.with_untracked(|alert| (alert.id.clone(), alert.name.clone()));
        actor.apply(
            action,
            Target {
                one: "alert",
                key,
                name,
            },
        );
    };
    let turn = Callback::new(move |()| match active.get_untracked() {
        true => apply(&STOP),
        false => apply(&START),
    });
    let resolve = Callback::new(move |()| apply(&RESOLVE));
    view! {
        {move || triggered.get().then(|| view! { <Button on_click=resolve busy=actor.busy>"Resolve"</Button> })}
        <Button on_click=turn busy=actor.busy>
            {move || if active.get() { "Stop" } else { "Start" }}
        </Button>
    }
    .into_any()
}

pub fn tabs(model: Signal<Alert>) -> Vec<Tab> {
    vec![
        Tab::new("timeline", "Timeline", move || view! { <Timeline model /> }),
        Tab::new("configuration", "Configuration", move || {
            view! { <Configuration model /> }
        }),
    ]
}

#[component]
fn Timeline(model: Signal<Alert>) -> impl IntoView {
    let timeline = Memo::new(move |_| model.with(|alert| alert.instance.timeline.clone()));
    (move || {
        let timeline = timeline.get();
        if timeline.is_empty() {
            return view! { <Empty title="No events yet" hint="Events appear here when the alert fires." /> }.into_any();
        }
        let rows = timeline.into_iter().rev().map(|event| {
            let (tone, words) = words(&event.kind);
            view! {
                <tr>
                    <td class="nowrap"><Time iso=list::moment(event.timestamp) /></td>
                    <td class="nowrap"><State tone word=words /></td>
                    <td class="mono error-words">{event.message}</td>
                </tr>
            }
        });
        view! {
            <ShortTable
                label="Timeline"
                heads=&[Text("Time"), Text("Event"), Text("Detail")]
            >
                {rows.collect_view()}
            </ShortTable>
        }
        .into_any()
    })
    .into_any()
}

/// Events of other servers show as they are.
fn words(kind: &str) -> (Tone, String) {
    match kind {
        "triggered" => (Tone::Bad, "fired".into()),
        "resolved" => (Tone::Good, kind.into()),
        "notified" => (Tone::Accent, kind.into()),
        "notification_failed" => (Tone::Warn, "notification failed".into()),
        other => (Tone::Neutral, other.into()),
    }
}

#[component]
fn Configuration(model: Signal<Alert>) -> impl IntoView {
    let trigger = Signal::derive(move || model.with(|alert| alert.trigger_sql.clone()));
    let resolve = Signal::derive(move || model.with(|alert| alert.resolve_sql.clone()));
    let by_hand = move || resolve.with(|sql| sql.trim().is_empty());
    let properties = move || {
        let properties = model.with(|alert| alert.properties.clone());
        let rows = properties.into_iter().map(|(key, value)| {
            let words = match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            view! { <div><dt>{key}</dt><dd class="mono">{words}</dd></div> }
        });
        rows.collect_view()
    };
    view! {
        <div class="configuration">
            <h2>"Trigger query"</h2>
            <pre class="sql-text" tabindex="0">{trigger}</pre>
            <PreviewButton label="Preview trigger rows" sql=trigger />
            <h2>"Resolve query"</h2>
            {move || if by_hand() {
                view! { <p>"None: the alert is resolved manually."</p> }.into_any()
            } else {
                view! { <pre class="sql-text" tabindex="0">{resolve}</pre> }.into_any()
            }}
            <h2>"Action"</h2>
            <dl class="settings" aria-label="Properties">{properties}</dl>
            <p class="field-help">"Stored secrets are not shown."</p>
        </div>
    }
    .into_any()
}
