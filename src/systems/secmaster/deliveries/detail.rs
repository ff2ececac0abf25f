//! The page of one delivery.

use leptos::prelude::*;
use weir_api::{
    ApiRequest,
    secmaster::shipper::{self, End, Shipper, status},
};

use super::list;
use crate::{
    kit::{Act, Load, notice::no_logs, use_act},
    ui::{
        Badge, Banner, Button, Confirm, State, Tab, Time, Tone,
        number::{bytes, count},
        sparkline::Sparkline,
    },
};

pub fn facts(model: Signal<Shipper>) -> AnyView {
    let state = Signal::derive(move || model.with(list::state));
    let mode = Signal::derive(move || model.with(|one| list::mode(one.consumption_type)));
    let error = move || {
        let words = model.with(|one| one.weir.as_ref().map(|p| p.last_error.clone()));
        let words = words.filter(|words| !words.is_empty());
        words.map(|words| view! { <Banner tone=Tone::Bad>{words}</Banner> })
    };
    view! {
        <State tone=Signal::derive(move || model.with(list::tone)) word=state />
        <Badge text=mode />
        {error}
    }
    .into_any()
}

/// What can be done with it, as far as its state is known.
#[derive(Clone, Copy)]
struct Step {
    label: &'static str,
    /// After the name in the message.
    done: &'static str,
    request: fn(&str) -> ApiRequest,
    /// In this state.
    when: &'static [i64],
    /// What the person should know before.
    warns: &'static str,
}

const STEPS: [Step; 4] = [
    Step {
        label: "Pause",
        done: "paused",
        request: shipper::pause,
        when: &[status::DELIVERING],
        warns: "",
    },
    Step {
        label: "Resume",
        done: "resumed",
        request: shipper::resume,
        when: &[status::SUSPENDED],
        warns: "",
    },
    Step {
        label: "Retry",
        done: "retried",
        request: shipper::retry,
        when: &[status::CANCELED],
        warns: "The destination must approve it again.",
    },
    Step {
        label: "Request authorization again",
        done: "authorization requested again",
        request: shipper::retry_authorization,
        when: &[status::REFUSED, status::CANCELED],
        warns: "",
    },
];

pub fn actions(_connection: &str, model: Signal<Shipper>, load: Load) -> AnyView {
    let actor = use_act(load);
    let now = Memo::new(move |_| model.with(Shipper::known_status));
    // Where the number means nothing to us, everything can be tried.
    let steps = move || {
        let now = now.get();
        let steps = STEPS.into_iter();
        let steps = steps.filter(|step| now.is_none_or(|now| step.when.contains(&now)));
        steps
            .map(|step| {
                let press = move || {
                    let (id, name) = model
                        .with_untracked(|one| (one.shipper_id.clone(), one.shipper_name.clone()));
                    let question = (!step.warns.is_empty()).then(|| Confirm {
                        title: format!("{} delivery {name}?", step.label),
                        consequences: vec![step.warns.into()],
                        action: step.label.into(),
                        type_name: Some(name.clone()),
                        ..Confirm::default()
                    });
                    actor.run(Act {
                        request: (step.request)(&id),
                        done: format!("Delivery {name} {}", step.done),
                        question,
                    });
                };
                view! { <Button busy=actor.busy on_click=press>{step.label}</Button> }
            })
            .collect_view()
    };
    view! {
        {steps}
    }
    .into_any()
}

pub fn tabs(model: Signal<Shipper>) -> Vec<Tab> {
    vec![
        Tab::new("overview", "Overview", move || overview(model)),
        Tab::new("definition", "Definition", move || definition(model)),
        // The API gives out no lines of a log.
        Tab::new("logs", "Logs", no_logs),
    ]
}

fn term(term: &'static str, words: impl IntoView + 'static) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{words}</dd></div> }.into_any()
}

fn overview(model: Signal<Shipper>) -> AnyView {
    let end = |title: &'static str, of: fn(&Shipper) -> &End| {
        let rows = move || {
            model.with(|one| {
                let end = of(one);
                let names = [
                    ("Workspace", &end.workspace_name, &end.workspace),
                    ("Data space", &end.dataspace_name, &end.dataspace),
                    ("Pipe", &end.pipe_name, &end.pipe),
                ];
                names
                    .into_iter()
                    .map(|(what, name, id)| {
                        let words = if name.is_empty() { id } else { name };
                        term(what, words.clone())
                    })
                    .collect_view()
            })
        };
        view! { <section class="delivery-end"><h2>{title}</h2><dl class="settings" aria-label=title>{rows}</dl></section> }
    };
    let progress = move || {
        model.with(|one| {
            let progress = one.weir.clone()?;
            let newest = progress.throughput.last().map_or(0, |(_, rate)| *rate);
            let points = progress.throughput.iter().map(|(_, rate)| *rate as f64);
            let words = format!("{}/s", bytes(newest));
            let label = format!("Bytes per second, now {words}");
            let next = progress.next_run.map(|at| {
                term("Next run", view! { <Time iso=list::iso(at) /> })
            });
            Some(view! {
                <section class="delivery-end">
                    <h2>"Progress"</h2>
                    <dl class="settings" aria-label="Progress">
                        {term("Delivered", count(progress.records))}
                        {term("Now", view! { <Sparkline points=points.collect() label /> " " {words} })}
                        {next}
                    </dl>
                </section>
            })
        })
    };
    view! {
        <div class="delivery">
            {end("Source", |one| &one.shipper_source)}
            <span class="delivery-arrow" aria-hidden="true">"→"</span>
            {end("Destination", |one| &one.shipper_destination)}
            {progress}
        </div>
    }
    .into_any()
}

fn definition(model: Signal<Shipper>) -> AnyView {
    let general = move || {
        model.with(|one| {
            let texts = [
                ("Id", one.shipper_id.clone()),
                ("Number", one.id.to_string()),
                ("Version", one.version.clone()),
                ("Status number", one.status.to_string()),
                ("Mode number", one.consumption_type.to_string()),
                ("Account", one.domain_id.clone()),
                ("Project", one.project_id.clone()),
            ];
            let texts = texts.into_iter().map(|(what, words)| term(what, words));
            let times = [("Created", one.create_time), ("Changed", one.update_time)];
            let times = times
                .into_iter()
                .map(|(what, at)| term(what, view! { <Time iso=list::iso(at) /> }));
            texts.chain(times).collect_view()
        })
    };
    let end = |title: &'static str, of: fn(&Shipper) -> &End| {
        let rows = move || {
            model.with(|one| {
                let end = of(one);
                let texts = [
                    ("Type number", end.data_type.to_string()),
                    ("Region", end.region.clone()),
                    ("Workspace id", end.workspace.clone()),
                    ("Data space id", end.dataspace.clone()),
                    ("Pipe id", end.pipe.clone()),
                    ("Identity", end.identity.clone()),
                    ("Data parameters", end.data_param.clone()),
                    ("Info", end.destination_info.clone()),
                ];
                let texts = texts.into_iter().filter(|(_, words)| !words.is_empty());
                texts.map(|(what, words)| term(what, words)).collect_view()
            })
        };
        view! { <h2>{title}</h2><dl class="settings" aria-label=format!("{title} definition")>{rows}</dl> }
    };
    view! {
        <div class="configuration">
            <dl class="settings" aria-label="Definition">{general}</dl>
            {end("Source", |one| &one.shipper_source)}
            {end("Destination", |one| &one.shipper_destination)}
        </div>
    }
    .into_any()
}
