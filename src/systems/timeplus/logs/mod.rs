//! What the server writes to its log: lines by severity over time, and the lines themselves, live.

pub mod history;
pub mod picture;

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{ApiRequest, timeplus::quote};

use crate::{
    connections::use_endpoint,
    kit::{address, use_load},
    live::{LiveResults, Session, resume},
    query::use_query,
    ui::{
        ErrorBanner, State,
        field::{Bound, Choice, Select},
        number::{count, plural},
        time,
    },
};

use history::{Count, LEVELS, Level, SPANS, STREAM, Span, USUAL, bars, totals};
use picture::Picture;

const EVERY: Duration = Duration::from_secs(10);

/// Severities that are asked for, of those that there are; none of them means all.
fn chosen(text: &str) -> Vec<&'static str> {
    let names: Vec<&str> = text.split(',').collect();
    let all = LEVELS.iter().map(|level| level.name);
    all.filter(|name| names.contains(name)).collect()
}

/// The lines from the beginning of the span on, and those that come.
fn statement(levels: &[&str], span: Span) -> String {
    let levels: Vec<String> = levels.iter().map(|name| quote::text(name)).collect();
    let only = match levels.as_slice() {
        [] => String::new(),
        some => format!(" WHERE level IN ({})", some.join(", ")),
    };
    let sql = format!("SELECT _tp_time, level, target, message FROM {STREAM}{only}");
    resume::from(&sql, &format!("-{}", span.id))
}

pub fn page() -> AnyView {
    let query = use_query().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    let levels = RwSignal::new(chosen(&text("level")));
    let range = RwSignal::new(Span::named(&text("range")).id.to_string());
    let span = Memo::new(move |_| range.with(|range| Span::named(range)));
    let session = Session::new();
    let asked = text("q");
    session.arrangement.update(|all| all.search = asked);
    address::keep(Signal::derive(move || {
        let range = Some(range.get()).filter(|range| range != USUAL);
        let search = session.arrangement.with(|all| all.search.clone());
        vec![
            ("level", levels.with(|levels| levels.join(","))),
            ("range", range.unwrap_or_default()),
            ("q", search),
        ]
    }));
    let endpoint = use_endpoint();
    let sql = Memo::new(move |_| levels.with(|levels| statement(levels, span.get())));
    Effect::new(move || {
        let sql = sql.get();
        if let Some(endpoint) = endpoint.get() {
            session.run(endpoint, sql);
        }
    });

    let counted = RwSignal::new((0.0, Vec::<Count>::new()));
    let accept = Callback::new(move |body: Vec<u8>| {
        counted.set((js_sys::Date::now(), history::read(&body)?));
        Ok(())
    });
    // A statement can always be written as JSON.
    let nothing = || ApiRequest::post("/v1beta2/exec");
    let request =
        Signal::derive(move || history::request(span.get()).unwrap_or_else(|_| nothing()));
    let load = use_load(request, Some(EVERY), accept);
    let shown = Memo::new(move |_| {
        counted.with(|(now, counts)| bars(counts, span.get(), *now, time::parse))
    });
    let all = Memo::new(move |_| shown.with(|bars| totals(bars)));
    let tally = move || {
        let lines = all.with(|all| all.iter().sum::<u64>());
        load.ready.get().then(|| {
            format!(
                "{}, {}",
                plural(lines, "line", "lines"),
                span.get().words.to_lowercase()
            )
        })
    };
    let choices = SPANS.map(|span| Choice::new(span.id, span.words)).to_vec();
    let chips = LEVELS.iter().enumerate().map(|(at, level)| {
        let lines = Signal::derive(move || all.with(|all| all[at]));
        level_chip(*level, level.name, lines, levels)
    });
    let chips = chips.collect_view();
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Logs"</h1>
                <p class="page-count" role="status">{tally}</p>
            </header>
            <div class="toolbar">
                <div class="log-levels" role="group" aria-label="Filter by severity">{chips}</div>
                <Select bare=true label="Range" value=Bound::from(range) choices=Signal::stored(choices) />
            </div>
            <ErrorBanner error=load.page_error() />
            <Picture bars=shown span />
            <LiveResults session idle="No lines in this period" />
        </div>
    }
    .into_any()
}

/// Chooses the lines of one severity; `id` stands for it among those chosen.
pub fn level_chip<T: Copy + PartialEq + Send + Sync + 'static>(
    level: Level,
    id: T,
    lines: Signal<u64>,
    chosen: RwSignal<Vec<T>>,
) -> AnyView {
    let press = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|one| *one == id) {
            Some(place) => {
                chosen.remove(place);
            }
            None => chosen.push(id),
        });
    };
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&id));
    view! {
        <button
            type="button"
            class="state-chip"
            aria-pressed=move || if is_chosen() { "true" } else { "false" }
            on:click=press
        >
            <State tone=Signal::stored(level.tone) word=Signal::stored(level.word.to_string()) />
            " "
            <span class="state-count">{move || count(lines.get())}</span>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_is_read_from_the_beginning_of_the_span() {
        assert_eq!(
            statement(&[], Span::named("6h")),
            "SELECT _tp_time, level, target, message FROM backend_log\nSETTINGS seek_to='-6h'"
        );
        assert_eq!(
            statement(&chosen("WARN,ERROR,'x'"), Span::named("")),
            "SELECT _tp_time, level, target, message FROM backend_log \
             WHERE level IN ('ERROR', 'WARN')\nSETTINGS seek_to='-1h'"
        );
    }
}
