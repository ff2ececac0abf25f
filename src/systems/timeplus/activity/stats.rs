use std::time::Duration;

use leptos::prelude::*;
use weir_api::{json_response, timeplus::source::Stats};

use super::{StatsRequest, current, ranges};
use crate::{
    kit::{notice::Waiting, use_load},
    ui::{
        ErrorBanner,
        chart::{Chart, Lines},
        field::{Bound, Select},
        number::{bytes, count},
        time,
    },
};

const EVERY: Duration = Duration::from_secs(5);

/// How much comes through: counts and a line of bytes per second.
#[component]
pub fn StatsTab(key: Memo<String>, request: StatsRequest) -> impl IntoView {
    let stats = RwSignal::new(Stats::default());
    let range = RwSignal::new(String::from("30m"));
    let request = Signal::derive(move || request(&key.get(), "1d", &range.get()));
    let accept = Callback::new(move |body: Vec<u8>| {
        stats.set(json_response(&body)?);
        Ok(())
    });
    let load = use_load(request, Some(EVERY), accept);
    let choices = ranges(&[
        ("10m", "Last 10 minutes"),
        ("30m", "Last 30 minutes"),
        ("3h", "Last 3 hours"),
        ("24h", "Last day"),
    ]);
    view! {
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            view! {
                <dl class="figures">{move || stats.with(figures)}</dl>
                <div class="stats-range">
                    <Select label="Range" value=Bound::from(range) choices />
                </div>
                <figure class="history">
                    <figcaption>"Bytes per second"</figcaption>
                    <Chart label="Bytes per second" lines=Callback::new(move |()| Some(stats.with(lines))) />
                </figure>
            }
                .into_any()
        }}
    }
    .into_any()
}

fn figures(stats: &Stats) -> Vec<AnyView> {
    let uptime = if stats.uptime > 0.0 {
        time::span(stats.uptime)
    } else {
        "–".into()
    };
    let mut words = vec![
        ("Delivered", count(stats.success_count.max(0.0) as u64)),
        ("Failed", count(stats.failure_count.max(0.0) as u64)),
        (
            "Throughput, last minute",
            format!("{}/s", bytes(current(stats).max(0.0) as u64)),
        ),
        ("Uptime", uptime),
    ];
    if let Some(rate) = stats.written_bps {
        let words_of = format!("{}/s", bytes(rate.max(0.0) as u64));
        words.push(("Throughput, 30 min average", words_of));
    }
    words
        .into_iter()
        .map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }.into_any())
        .collect()
}

fn lines(stats: &Stats) -> Lines {
    let points = stats
        .throughput
        .iter()
        .filter_map(|point| Some((time::parse(&point.time)? / 1000.0, point.value)));
    let (x, y) = points.unzip();
    Lines {
        time: true,
        x,
        series: vec![("Bytes per second".into(), y)],
    }
}
