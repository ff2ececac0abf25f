//! What a column holds, over the rows held; kept up to date while rows arrive. A value or a
//! stretch of the histogram is one click from being a filter.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::DataType;
use weir_live::{Profile, Profiler};

use super::{Side, frame};
use crate::{
    live::{
        arrange::{
            Look, Operator, Rule,
            rule::{instant, shorten, value_of_text},
        },
        frame::clock,
        session::Session,
    },
    text::visible,
    ui::number,
};

/// Rows looked at before the browser gets a turn.
const STEP: u64 = 20_000;
const EVERY: Duration = Duration::from_millis(1_000);
const TOP: usize = 8;
const BINS: usize = 24;

#[derive(Clone, PartialEq)]
struct Shown {
    profile: Profile,
    /// Rows of it are times in milliseconds where it is one of time.
    data_type: DataType,
}

/// Looks through the column now and again while it is open.
fn watch(session: Session, column: usize) -> RwSignal<Option<Shown>> {
    let shown = RwSignal::new(None::<Shown>);
    let profiler = StoredValue::new(None::<Profiler>);
    let seen = StoredValue::new(None::<u64>);
    let step = move || {
        if session.gone() || shown.is_disposed() {
            return false;
        }
        let done = session.read(|core| {
            let ring = core.rows.shown();
            profiler
                .try_update_value(|profiler| {
                    let running = profiler.get_or_insert_with(|| {
                        Profiler::new(ring, column, ring.first()..ring.end())
                    });
                    let done = running.step(ring, STEP);
                    done.then(|| (running.profile(TOP, BINS), ring.version()))
                })
                .flatten()
        });
        let Some((profile, version)) = done else {
            return true;
        };
        profiler.set_value(None);
        seen.set_value(Some(version));
        let data_type = session.read(|core| {
            let columns = core.rows.shown().columns();
            columns.get(column).map(|column| column.data_type.clone())
        });
        shown.set(data_type.map(|data_type| Shown { profile, data_type }));
        false
    };
    let run = move || work(step);
    run();
    let again = move || {
        let version = session.read(|core| core.rows.shown().version());
        if profiler.with_value(Option::is_none) && seen.get_value() != Some(version) {
            run();
        }
    };
    if let Ok(timer) = set_interval_with_handle(again, EVERY) {
        on_cleanup(move || timer.clear());
    }
    shown
}

/// Repeats `step` in later turns of the browser while it returns true.
fn work(step: impl Fn() -> bool + Copy + 'static) {
    let until = clock() + 4.0;
    while step() {
        if clock() > until {
            set_timeout(move || work(step), Duration::ZERO);
            return;
        }
    }
}

pub fn profile(session: Session, column: usize, side: RwSignal<Option<Side>>) -> Option<AnyView> {
    let (name, data_type) = session.read(|core| {
        let column = core.rows.shown().columns().get(column)?;
        Some((column.name.clone(), column.data_type.to_string()))
    })?;
    let shown = watch(session, column);
    let title =
        view! { {visible(&name).into_owned()} " " <span class="type mono">{data_type}</span> };
    let add = move |rule: Rule| session.arrangement.update(|all| all.add(rule));
    let body = move || {
        let name = name.clone();
        match shown.get() {
            None => view! { <p class="side-facts" role="status">"Scanning rows…"</p> }.into_any(),
            Some(shown) => {
                let look = session.arrangement.with(|all| all.look.clone());
                view! { <Facts shown name look add=Callback::new(add) /> }.into_any()
            }
        }
    };
    Some(frame(
        side,
        "Column profile",
        title.into_any(),
        ().into_any(),
        body.into_any(),
    ))
}

#[component]
fn Facts(shown: Shown, name: String, look: Look, add: Callback<Rule>) -> impl IntoView {
    let look = StoredValue::new(look);
    let Shown { profile, data_type } = shown;
    let is_time = data_type.is_time();
    let rows = profile.rows.end - profile.rows.start;
    let share = move |count: u64| {
        let percent = if rows == 0 {
            0.0
        } else {
            count as f64 * 100.0 / rows as f64
        };
        format!("{} · {percent:.1} %", number::count(count))
    };
    let of = StoredValue::new(data_type.clone());
    let value = move |value: f64| {
        if is_time {
            look.with_value(|look| of.with_value(|of| look.moment_of(value as i64, of)))
        } else {
            number::short(value)
        }
    };
    let fact = |label: &'static str, text: String| view! { <dt>{label}</dt><dd>{text}</dd> };
    let text_type = data_type.clone();
    let shown_text = move |text: &str| look.with_value(|look| look.text(text, &text_type));
    let extreme = |extreme: &Option<weir_live::Extreme>| {
        extreme
            .as_ref()
            .map_or_else(|| "–".into(), |extreme| shorten(&shown_text(&extreme.text)))
    };
    let quantiles = profile.quantiles.map(|q| {
        let about = if q.exact { "" } else { "about " };
        let row = |label: &'static str, at: f64| fact(label, format!("{about}{}", value(at)));
        view! {
            {row("5 %", q.p5)}
            {row("25 %", q.p25)}
            {row("Median", q.p50)}
            {row("75 %", q.p75)}
            {row("95 %", q.p95)}
        }
    });
    let highest = profile
        .histogram
        .iter()
        .map(|bin| bin.count)
        .max()
        .unwrap_or(0)
        .max(1);
    let count = profile.histogram.len();
    let bars = {
        let name = name.clone();
        profile.histogram.iter().enumerate().map(move |(at, bin)| {
            let height = bin.count as f64 * 100.0 / highest as f64;
            let label = format!("{} to {}: {}", value(bin.from), value(bin.to), number::plural(bin.count, "row", "rows"));
            let bound = move |edge: f64| if is_time { instant(edge as i64) } else { edge.to_string() };
            let last = if at + 1 == count { Operator::AtMost } else { Operator::Below };
            let (low, high) = (
                Rule::of(&name, Operator::AtLeast, bound(bin.from)),
                Rule::of(&name, last, bound(bin.to)),
            );
            let filter = move |_| {
                add.run(low.clone());
                add.run(high.clone());
            };
            view! {
                <button type="button" class="bin" title=label.clone() aria-label=format!("Filter {label}") on:click=filter>
                    <span style:height=format!("{height:.1}%")></span>
                </button>
            }
        }).collect_view()
    };
    let top = {
        let (name, shown_text) = (name.clone(), &shown_text);
        profile.top.iter().map(move |frequent| {
            let rule = Rule::of(&name, Operator::Equals, value_of_text(&frequent.text, &data_type));
            let about = if frequent.exact { "" } else { "about " };
            let width = if rows == 0 { 0.0 } else { frequent.count as f64 * 100.0 / rows as f64 };
            let words = if frequent.text.is_empty() { "empty".to_string() } else { shorten(&shown_text(&frequent.text)) };
            view! {
                <li>
                    <button type="button" class="top-value" title="Filter by this value" on:click=move |_| add.run(rule.clone())>
                        <span class="mono">{words}</span>
                        <span class="tabular">{format!("{about}{}", share(frequent.count))}</span>
                        <span class="top-bar" style:width=format!("{width:.1}%")></span>
                    </button>
                </li>
            }
        }).collect_view()
    };
    // A kind of nothing, and the rows that have it.
    let nothing = |label: &'static str, operator: Operator, count: u64| {
        let rule = Rule::of(&name, operator, "");
        view! {
            <dt>{label}</dt>
            <dd>
                <button type="button" class="link" title="Show these rows" on:click=move |_| add.run(rule.clone())>
                    {share(count)}
                </button>
            </dd>
        }
    };
    let distinct_exact = profile.distinct <= 1_024;
    view! {
        <p class="side-facts">{format!("Of {} in memory", number::plural(rows, "row", "rows"))}</p>
        <div class="profile" tabindex="0" role="group" aria-label="Profile">
            <dl class="profile-facts tabular">
                {nothing("Null", Operator::Null, profile.nulls)}
                {(profile.missing > 0).then(|| nothing("Missing", Operator::Missing, profile.missing))}
                {(profile.empty > 0).then(|| nothing("Empty text", Operator::Empty, profile.empty))}
                {fact("Distinct", format!("{}{}", if distinct_exact { "" } else { "about " }, number::count(profile.distinct)))}
                {fact("Smallest", extreme(&profile.min))}
                {fact("Largest", extreme(&profile.max))}
                {(profile.not_finite > 0).then(|| fact("NaN or infinite", share(profile.not_finite)))}
                {profile.mean.map(|mean| fact(if profile.not_finite > 0 { "Mean (without these)" } else { "Mean" }, value(mean)))}
                {quantiles}
            </dl>
            {(count > 1).then(|| view! {
                <h3>"Distribution"</h3>
                <div class="bins" role="group" aria-label="Histogram">{bars}</div>
            })}
            <h3>"Frequent values"</h3>
            <ol class="top-values">{top}</ol>
        </div>
    }
    .into_any()
}
