//! How much is in a stream and how fast rows come.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, json_response,
    timeplus::stream::{self, StatsPoint, StreamStats},
};

use crate::{
    kit::{notice::Waiting, use_load},
    ui::{
        ErrorBanner, Time,
        chart::{Chart, Lines},
        field::{Bound, Choice, Select},
        number::{bytes, count, rate},
        time,
    },
};

const EVERY: Duration = Duration::from_secs(10);

/// `request` asks for the figures of a name over some days.
#[component]
pub fn StatsTab(
    name: Memo<String>,
    #[prop(default = stream::stats)] request: fn(&str, Option<u8>) -> ApiRequest,
) -> impl IntoView {
    let stats = RwSignal::new(StreamStats::default());
    let days = RwSignal::new(String::from("1"));
    let request = Signal::derive(move || request(&name.get(), days.get().parse().ok()));
    let accept = Callback::new(move |body: Vec<u8>| {
        stats.set(json_response(&body)?);
        Ok(())
    });
    let load = use_load(request, Some(EVERY), accept);
    let choices = (1..=7).map(|n| {
        Choice::new(
            n.to_string(),
            if n == 1 {
                "Last day".into()
            } else {
                format!("Last {n} days")
            },
        )
    });
    let choices: Vec<Choice> = choices.collect();
    let range = Bound::from(days);
    view! {
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            let choices = choices.clone();
            view! {
                <dl class="figures">{move || stats.with(figures)}</dl>
                <div class="stats-range">
                    <Select label="Range" value=range choices=Signal::stored(choices) />
                </div>
                <History stats title="Rows per second" of=|p| (p.written_eps, p.read_eps) />
                <History stats title="Bytes per second" of=|p| (p.written_bps, p.read_bps) />
            }
                .into_any()
        }}
    }
    .into_any()
}

fn figures(stats: &StreamStats) -> Vec<AnyView> {
    let whole = |value: i64| value.max(0) as u64;
    let per_second = |value: f64| format!("{}/s", bytes(value.max(0.0) as u64));
    let words = [
        ("Rows", count(whole(stats.row_count))),
        (
            "Historical store",
            bytes(whole(stats.historical_data_bytes)),
        ),
        ("Streaming store", bytes(whole(stats.streaming_data_bytes))),
        (
            "Written, last 30 min",
            format!(
                "{}, {}",
                rate(stats.written_eps, "rows"),
                per_second(stats.written_bps)
            ),
        ),
        (
            "Read, last 30 min",
            format!(
                "{}, {}",
                rate(stats.read_eps, "rows"),
                per_second(stats.read_bps)
            ),
        ),
    ];
    let words = words
        .into_iter()
        .map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }.into_any());
    let times = [
        ("Earliest event", &stats.earliest_event),
        ("Latest event", &stats.latest_event),
    ];
    let times = times.into_iter().map(|(term, iso)| {
        let iso = iso.clone().unwrap_or_default();
        view! { <div><dt>{term}</dt><dd><Time iso /></dd></div> }.into_any()
    });
    words.chain(times).collect()
}

/// Written and read over time.
#[component]
pub fn History(
    #[prop(into)] stats: Signal<StreamStats>,
    title: &'static str,
    of: fn(&StatsPoint) -> (f64, f64),
) -> impl IntoView {
    let lines = Callback::new(move |()| {
        stats.with(|stats| {
            let points = stats.history.as_deref().unwrap_or_default();
            let (written, read) = points.iter().map(of).unzip();
            Some(Lines {
                time: true,
                x: points
                    .iter()
                    .filter_map(|p| Some(time::parse(&p.start_time)? / 1_000.0))
                    .collect(),
                series: vec![("Written".into(), written), ("Read".into(), read)],
            })
        })
    });
    let empty = move || stats.with(|stats| stats.history.as_ref().is_none_or(Vec::is_empty));
    view! {
        <figure class="history">
            <figcaption>{title}</figcaption>
            {move || if empty() {
                view! { <p class="waiting">"No history yet: statistics are updated once a minute."</p> }.into_any()
            } else {
                view! { <Chart label=title lines /> }.into_any()
            }}
        </figure>
    }
    .into_any()
}
