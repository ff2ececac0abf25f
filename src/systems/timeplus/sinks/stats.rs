//! What a sink has done: counts, throughput, errors, log.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::sink::{self, SinkStats},
};

use crate::{
    kit::{Load, notice::Waiting, use_load},
    ui::{
        Empty, ErrorBanner, Time,
        chart::{Chart, Lines},
        field::{Bound, Choice, Select},
        number::{bytes, count},
        time,
    },
};

const EVERY: Duration = Duration::from_secs(5);

fn use_stats(id: Memo<String>, range: Signal<String>) -> (RwSignal<SinkStats>, Load) {
    let stats = RwSignal::new(SinkStats::default());
    let request = Signal::derive(move || sink::stats(&id.get(), &range.get(), "7d"));
    let accept = Callback::new(move |body: Vec<u8>| {
        stats.set(json_response(&body)?);
        Ok(())
    });
    (stats, use_load(request, Some(EVERY), accept))
}

#[component]
pub fn StatsTab(id: Memo<String>) -> impl IntoView {
    let range = RwSignal::new(String::from("1h"));
    let (stats, load) = use_stats(id, range.into());
    let choices = vec![
        Choice::new("10m", "Last 10 min"),
        Choice::new("1h", "Last hour"),
        Choice::new("1d", "Last day"),
    ];
    let choices = Signal::stored(choices);
    let lines = Callback::new(move |()| {
        stats.with(|stats| {
            let points = &stats.throughput;
            let x = points
                .iter()
                .filter_map(|p| Some(time::parse(&p.time)? / 1_000.0));
            Some(Lines {
                time: true,
                x: x.collect(),
                series: vec![("Sent".into(), points.iter().map(|p| p.value).collect())],
            })
        })
    });
    let empty = move || stats.with(|stats| stats.throughput.is_empty());
    view! {
        <ErrorBanner error=load.complaint() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            view! {
                <dl class="figures">{move || stats.with(figures)}</dl>
                <div class="stats-range"><Select label="Range" value=Bound::from(range) choices /></div>
                <figure class="history">
                    <figcaption>"Bytes sent per second"</figcaption>
                    {move || if empty() {
                        view! { <p class="waiting">"No history yet: figures come once a minute."</p> }.into_any()
                    } else {
                        view! { <Chart label="Bytes sent per second" lines /> }.into_any()
                    }}
                </figure>
            }
                .into_any()
        }}
    }
    .into_any()
}

fn figures(stats: &SinkStats) -> Vec<AnyView> {
    let whole = |value: f64| count(value.max(0.0) as u64);
    let mut words = vec![
        ("Delivered", whole(stats.success_count)),
        ("Failed", whole(stats.failure_count)),
        (
            "Running for",
            match stats.uptime {
                ms if ms > 0.0 => time::span(ms),
                _ => "–".into(),
            },
        ),
    ];
    if let Some(rate) = stats.written_bps {
        words.push((
            "Sent, last 30 min",
            format!("{}/s", bytes(rate.max(0.0) as u64)),
        ));
    }
    let words = words.into_iter();
    words
        .map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }.into_any())
        .collect()
}

#[component]
pub fn ErrorsTab(id: Memo<String>) -> impl IntoView {
    let (stats, load) = use_stats(id, Signal::stored("10m".to_string()));
    let table = move || {
        let errors = stats.with(|stats| stats.errors.clone());
        if errors.is_empty() {
            return view! { <Empty title="No errors in the last 7 days" hint="Rows that cannot be delivered and failures of the query are listed here." /> }.into_any();
        }
        let rows = errors.into_iter().map(|error| {
            view! { <tr><td class="nowrap"><Time iso=error.time /></td><td class="error-words">{error.message}</td></tr> }
        });
        view! {
            <div class="table-box">
                <table class="table" aria-label="Errors">
                    <thead><tr><th scope="col">"Time"</th><th scope="col">"Error"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <ErrorBanner error=load.complaint() />
        {move || if load.ready.get() { table() } else { view! { <Waiting load /> }.into_any() }}
    }
    .into_any()
}

#[component]
pub fn LogsTab(id: Memo<String>) -> impl IntoView {
    let lines = RwSignal::new(Vec::<String>::new());
    let request = Signal::derive(move || sink::logs(&id.get(), 500));
    let accept = Callback::new(move |body: Vec<u8>| {
        lines.set(json_response::<Option<Vec<String>>>(&body)?.unwrap_or_default());
        Ok(())
    });
    let load = use_load(request, Some(EVERY), accept);
    let text = move || lines.with(|lines| lines.join("\n"));
    view! {
        <ErrorBanner error=load.complaint() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if lines.with(Vec::is_empty) {
                return view! { <Empty title="The log is empty" hint="It begins anew with the server." /> }.into_any();
            }
            view! { <pre class="log" tabindex="0" aria-label="Log">{text}</pre> }.into_any()
        }}
    }
    .into_any()
}
