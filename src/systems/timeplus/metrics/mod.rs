//! Counters of the whole server, as they change.

pub mod history;

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::metrics::{self, Counters, GlobalMetrics},
};

use crate::{
    kit::{Load, notice::Waiting, use_load},
    ui::{
        ErrorBanner,
        chart::{Chart, Lines},
        number::{bytes, count},
        time,
    },
};
use history::{History, Point};

const EVERY: Duration = Duration::from_secs(3);

/// The server's counters, as long as a page looks at them.
#[derive(Clone, Copy)]
pub struct Watched {
    pub history: RwSignal<History>,
    pub last: RwSignal<GlobalMetrics>,
    pub load: Load,
    /// The server tells more than its storage.
    pub detailed: Memo<bool>,
}

pub fn use_metrics() -> Watched {
    let history = RwSignal::new(History::default());
    let last = RwSignal::new(GlobalMetrics::default());
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: GlobalMetrics = json_response(&body)?;
        history.update(|history| history.add(js_sys::Date::now() / 1000.0, &answer));
        last.set(answer);
        Ok(())
    });
    Watched {
        history,
        last,
        load: use_load(Signal::derive(metrics::get), Some(EVERY), accept),
        detailed: Memo::new(move |_| last.with(|last| last.counters.is_some())),
    }
}

pub fn page() -> AnyView {
    let Watched {
        history,
        last,
        load,
        detailed,
    } = use_metrics();
    view! {
        // Charts cannot be focused: without this the page could not be scrolled by keyboard.
        <div class="page" tabindex="0" role="group" aria-label="Statistics and charts">
            <header class="page-head"><h1>"Metrics"</h1></header>
            <ErrorBanner error=load.page_error() />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                view! {
                    <dl class="figures" aria-label="Now">{move || last.with(figures)}</dl>
                    <div class="metrics-charts">
                        {move || detailed.get().then(|| view! {
                            <Rates history />
                            <Series history title="Running queries" names=["running", ""] of=|p| [p.running, f64::NAN] />
                            <Series history title="Memory in MB" names=["memory", ""] of=|p| [p.memory / 1e6, f64::NAN] />
                        })}
                        <Storage history />
                    </div>
                    <p class="field-help">
                        {move || if detailed.get() {
                            "The last 30 minutes come from the server, or less if it started later; newer points are collected while this page is open (up to 1 hour)."
                        } else {
                            "This server reports only its storage. Points are collected while this page is open (up to 1 hour)."
                        }}
                    </p>
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}

/// Rows and bytes that are written and read.
#[component]
pub fn Rates(history: RwSignal<History>) -> impl IntoView {
    view! {
        <Series history title="Rows per second" names=["written", "read"] of=|p| [p.written_rows, p.read_rows] />
        <Series history title="Bytes per second" names=["written", "read"] of=|p| [p.written_bytes, p.read_bytes] />
    }
    .into_any()
}

#[component]
pub fn Storage(history: RwSignal<History>) -> impl IntoView {
    view! { <Series history title="Storage in MB" names=["storage", ""] of=|p| [p.storage / 1e6, f64::NAN] /> }
        .into_any()
}

fn figures(metrics: &GlobalMetrics) -> AnyView {
    let figure =
        |term: &'static str, value: String| view! { <div><dt>{term}</dt><dd>{value}</dd></div> };
    let more = metrics.counters.as_ref().map(|counters| {
        let Counters {
            uptime_ms,
            memory,
            rows,
            bytes: stored,
            streams,
            views,
            queries_running,
            queries_finished,
            queries_canceled,
            queries_failed,
            ..
        } = counters;
        let number = |value: &i64| count((*value).max(0) as u64);
        let size = |value: &i64| bytes((*value).max(0) as u64);
        view! {
            {figure("Rows", number(rows))}
            {figure("Data size", size(stored))}
            {figure("Streams", number(streams))}
            {figure("Views", number(views))}
            {figure("Running queries", number(queries_running))}
            {figure("Ended queries", format!("{} finished, {} canceled, {} failed", number(queries_finished), number(queries_canceled), number(queries_failed)))}
            {figure("Memory", size(memory))}
            {figure("Uptime", time::span(*uptime_ms as f64))}
        }
    });
    view! { {figure("Storage", bytes(metrics.storage.max(0) as u64))} {more} }.into_any()
}

#[component]
fn Series(
    history: RwSignal<History>,
    title: &'static str,
    /// The second may be empty.
    names: [&'static str; 2],
    of: fn(&Point) -> [f64; 2],
) -> impl IntoView {
    let lines = Callback::new(move |()| {
        history.with(|history| {
            // One point is no line.
            if history.points.len() < 2 {
                return None;
            }
            let series = names
                .into_iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty());
            let series = series.map(|(at, name)| {
                let values = history.points.iter().map(|point| of(point)[at]);
                (name.to_string(), values.collect())
            });
            Some(Lines {
                time: true,
                x: history.points.iter().map(|point| point.at).collect(),
                series: series.collect(),
            })
        })
    });
    let short = Memo::new(move |_| history.with(|history| history.points.len() < 2));
    view! {
        <section class="history" aria-label=title>
            <h2>{title}</h2>
            {move || short.get().then(|| view! { <p class="waiting">"The chart starts with the second sample."</p> })}
            <Chart label=title lines />
        </section>
    }
    .into_any()
}
