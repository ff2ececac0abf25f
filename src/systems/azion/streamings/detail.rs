//! The page of one data streaming.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::Value;
use weir_api::{
    azion::{
        self,
        endpoint::TYPES,
        streaming::{self, Delivery, Streaming},
        template::Template,
        v4::stream::Part,
    },
    property,
};

use super::{list, template::use_templates};
use crate::{
    kit::{BulkAction, Load, Target, notice::no_logs, use_act, use_load},
    ui::{
        Badge, Banner, Button, Empty, State, Tab, Time, Tone,
        number::count,
        table::{Head::Text, ShortTable},
    },
};

const EVERY: Duration = Duration::from_secs(5);

pub fn facts(model: Signal<Streaming>) -> AnyView {
    let state = Memo::new(move |_| model.with(list::state));
    let word = Signal::derive(move || state.get().0);
    let tone = Signal::derive(move || state.get().1);
    let source = Signal::derive(move || model.with(list::source_of));
    let kind = Signal::derive(move || model.with(|one| list::kind(&one.definition)));
    let message = move || {
        let text = model.with(|one| one.delivery.as_ref().map(|it| it.message.clone()))?;
        let tone = match state.get().1 {
            Tone::Bad => Tone::Bad,
            _ => Tone::Neutral,
        };
        (!text.is_empty()).then(|| view! { <Banner tone>{text}</Banner> })
    };
    view! {
        <State tone word />
        <Badge text=source />
        <Badge text=kind />
        {message}
    }
    .into_any()
}

pub const ACTIVATE: BulkAction = BulkAction {
    verb: "Activate",
    done: "activated",
    request: |key| streaming::activate(key, true),
    effect: "Logs are sent again.",
    needs: None,
    helps: &[],
    halts: false,
    idle: &["active", "failing"],
};

pub const DEACTIVATE: BulkAction = BulkAction {
    verb: "Deactivate",
    done: "deactivated",
    request: |key| streaming::activate(key, false),
    effect: "Logs are no longer sent.",
    needs: None,
    helps: &[],
    halts: true,
    idle: &["inactive"],
};

pub fn actions(_connection: &str, model: Signal<Streaming>, load: Load) -> AnyView {
    let actor = use_act(load);
    let active = Memo::new(move |_| model.with(|one| one.definition.active));
    let press = Callback::new(move |()| {
        let action = if active.get_untracked() {
            &DEACTIVATE
        } else {
            &ACTIVATE
        };
        let (key, name) = model.with_untracked(|one| (one.id.clone(), one.definition.name.clone()));
        actor.apply(
            action,
            Target {
                one: "data streaming",
                key,
                name,
            },
        );
    });
    view! {
        <Button on_click=press busy=actor.busy>
            {move || if active.get() { "Deactivate" } else { "Activate" }}
        </Button>
    }
    .into_any()
}

pub fn tabs(model: Signal<Streaming>) -> Vec<Tab> {
    vec![
        Tab::new("delivery", "Delivery", move || delivery(model)),
        Tab::new("configuration", "Configuration", move || {
            view! { <Configuration model /> }
        }),
        Tab::new("parts", "Parts", move || parts(model)),
        // Neither version of the API gives out lines of a log.
        Tab::new("logs", "Logs", no_logs),
    ]
}

/// Of version 4: everything that comes in, is done and goes out, also what forms do not know.
fn parts(model: Signal<Streaming>) -> AnyView {
    let stream = Memo::new(move |_| model.with(|one| one.stream.clone()));
    let table = |label: &'static str, parts: Vec<Part>| {
        let rows = parts.into_iter().map(|part| {
            let words = part.attributes.iter().filter(|(key, _)| *key != "type");
            let words = words.map(|(key, value)| format!("{key}: {}", shown(&part.kind, key, value)));
            let words = words.collect::<Vec<_>>().join(", ");
            view! { <tr><th scope="row" class="mono">{part.kind}</th><td class="mono">{words}</td></tr> }
        });
        let rows = rows.collect_view();
        view! {
            <h2>{label}</h2>
            <ShortTable label heads=&[Text("Type"), Text("Attributes")]>{rows}</ShortTable>
        }
    };
    (move || match stream.get() {
        None => view! {
            <Empty
                title="No parts"
                hint="This server has version 3 of the API, in which a data streaming has one data source and one destination."
            />
        }
        .into_any(),
        Some(stream) => view! {
            <div class="configuration">
                {table("Inputs", stream.definition.inputs)}
                {table("Transform", stream.definition.transform)}
                {table("Outputs", stream.definition.outputs)}
                <dl class="settings">
                    <div><dt>"Last editor"</dt><dd>{stream.last_editor}</dd></div>
                    <div><dt>"Changed"</dt><dd><Time iso=stream.last_modified /></dd></div>
                    <div><dt>"Created"</dt><dd><Time iso=stream.created /></dd></div>
                </dl>
            </div>
        }
        .into_any(),
    })
    .into_any()
}

/// A value of an endpoint; secrets that a server sends are not shown.
fn shown(kind: &str, key: &str, value: &Value) -> String {
    let secret = property::find(TYPES, kind)
        .property(key)
        .is_some_and(|one| one.secret);
    match value {
        _ if secret => "stored".into(),
        Value::Object(headers) if key == "headers" => {
            let names = headers.keys().map(String::as_str);
            format!(
                "{} (values are not shown)",
                names.collect::<Vec<_>>().join(", ")
            )
        }
        Value::String(text) => text.escape_debug().to_string(),
        other => other.to_string(),
    }
}

/// Newer than what the page knows as soon as something was delivered.
fn delivery(model: Signal<Streaming>) -> AnyView {
    let id = Memo::new(move |_| model.with(|one| one.id.clone()));
    let newest = RwSignal::new(None::<Streaming>);
    let accept = Callback::new(move |body: Vec<u8>| {
        newest.set(Some(azion::one(&body)?));
        Ok(())
    });
    use_load(
        Signal::derive(move || streaming::get(&id.get())),
        Some(EVERY),
        accept,
    );
    let figures = Memo::new(move |_| {
        newest.with(|newest| match newest {
            Some(newest) => newest.delivery.clone(),
            None => model.with(|one| one.delivery.clone()),
        })
    });
    (move || match figures.get() {
        None => view! {
            <Empty
                title="No delivery state from this server"
                hint="The vendor's API has no statistics or errors for data streamings; check the destination."
            />
        }
        .into_any(),
        Some(delivery) => told(delivery),
    })
    .into_any()
}

fn told(delivery: Delivery) -> AnyView {
    let time = |iso: String| match iso.is_empty() {
        true => view! { "never" }.into_any(),
        false => view! { <Time iso /> }.into_any(),
    };
    let error = (!delivery.last_error.is_empty()).then(|| {
        view! {
            <h2>"Last error"</h2>
            <p class="error-words">{delivery.last_error.clone()}</p>
            <p class="field-help">{time(delivery.last_error_time.clone())}</p>
        }
    });
    view! {
        <div class="configuration">
            <dl class="figures">
                <div><dt>"Delivered"</dt><dd>{count(delivery.delivered)}</dd></div>
                <div><dt>"Failed"</dt><dd>{count(delivery.failures)}</dd></div>
                <div><dt>"Last delivery"</dt><dd>{time(delivery.last_delivery.clone())}</dd></div>
            </dl>
            {error}
        </div>
    }
    .into_any()
}

/// Label and words of what is not in the endpoint.
fn general(streaming: &Streaming, templates: &[Template]) -> Vec<(&'static str, String)> {
    let definition = &streaming.definition;
    let template = match definition.template_id {
        Some(id) => {
            let found = templates.iter().find(|one| one.id == id);
            found.map_or_else(|| id.to_string(), |one| format!("{} ({id})", one.name))
        }
        None => "custom".into(),
    };
    let domains = match (definition.all_domains, definition.domain_ids.as_slice()) {
        (true, _) => "all".into(),
        (false, []) => "none".into(),
        (false, ids) => ids
            .iter()
            .map(i64::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut rows = vec![
        ("Data source", list::source_of(streaming)),
        ("Template", template),
        ("Domains", domains),
    ];
    if let Some(percent) = definition.sampling_percentage {
        rows.push(("Sampling", format!("{percent} %")));
    }
    rows
}

#[component]
fn Configuration(model: Signal<Streaming>) -> impl IntoView {
    let (templates, _) = use_templates();
    let rows = move || {
        let rows = model.with(|one| templates.with(|all| general(one, all)));
        rows.into_iter()
            .map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> })
            .collect_view()
    };
    let text = move || {
        let id = model.with(|one| one.definition.template_id);
        model
            .with(|one| one.definition.template_model.clone())
            .or_else(|| {
                templates.with(|all| {
                    let found = all.iter().find(|one| Some(one.id) == id);
                    found.map(|one| one.template_model.clone())
                })
            })
    };
    let endpoint = move || {
        let endpoint = model.with(|one| one.definition.endpoint.clone());
        let kind = model.with(|one| one.definition.endpoint_type().to_string());
        let rows = endpoint.into_iter().map(|(key, value)| {
            let words = shown(&kind, &key, &value);
            view! { <div><dt>{key}</dt><dd class="mono">{words}</dd></div> }
        });
        rows.collect_view()
    };
    view! {
        <div class="configuration">
            <dl class="settings">{rows}</dl>
            <h2>"Template"</h2>
            {move || text().map(|text| view! { <pre class="sql-text" tabindex="0">{text}</pre> })}
            <h2>"Destination"</h2>
            <dl class="settings" aria-label="Destination">{endpoint}</dl>
            <p class="field-help">"Stored secrets are not shown."</p>
        </div>
    }
    .into_any()
}
