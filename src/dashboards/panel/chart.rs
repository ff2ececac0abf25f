//! Lines, areas, bars, points and candles.

use leptos::prelude::*;

use super::Stage;
use crate::{
    dashboards::{
        kind::Kind,
        options::Options,
        plot::{self, Plotter},
    },
    live::{frame::clock, pace::Pace},
    ui::{Drawing, Figure},
};

/// Milliseconds between two descriptions.
const TOLD_EVERY: f64 = 5_000.0;

pub fn view(stage: Stage, kind: Kind) -> AnyView {
    let Stage {
        session,
        options,
        span,
        title,
        picture,
    } = stage;
    let pace = Pace::new();
    let words = RwSignal::new(String::new());
    let told = StoredValue::new(f64::NEG_INFINITY);
    let described = StoredValue::new(Options::default());
    let lacks = RwSignal::new(false);
    let unseen = RwSignal::new(String::new());
    let plotter = StoredValue::new_local(Plotter::default());
    let drawing = move |()| {
        session.facts.track();
        pace.again.track();
        let live = session.state.get().is_live();
        let (options, span) = (options.get(), span.get());
        let clock_of = session.arrangement.with(|all| all.look.clock());
        if !pace.ready() {
            return None;
        }
        let since = clock();
        let (plot, rows) = session.read(|core| {
            let (ring, stamp) = (core.rows.shown(), (core.header, core.rows.base()));
            let mut plot = plot::Plot::default();
            plotter.update_value(|plotter| {
                plot = plotter.plot(kind, (ring, stamp), &options, span, &clock_of);
            });
            (plot, ring.len())
        });
        let hidden = plot::unseen(&plot);
        if unseen.with_untracked(|before| *before != hidden) {
            unseen.set(hidden);
        }
        let nothing = rows > 0 && plot.x.is_empty();
        if lacks.get_untracked() != nothing {
            lacks.set(nothing);
        }
        let other = described.with_value(|described| *described != options);
        if other || !live || since - told.get_value() > TOLD_EVERY {
            told.set_value(since);
            described.set_value(options);
            words.set(plot::words(&plot));
        }
        if plot.x.is_empty() {
            return None;
        }
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        let drawing = Drawing {
            shape: json(serde_json::to_string(&plot.shape)),
            window: json(serde_json::to_string(&plot.window)),
            many: plot.shape.many,
            x: plot.x,
            ys: plot.ys,
            bases: plot.bases,
        };
        pace.took(since);
        Some(drawing)
    };
    let label = Signal::derive(move || {
        let title = title.get();
        let words = words.get();
        let newest = if words.is_empty() {
            String::new()
        } else {
            format!(". Newest: {words}")
        };
        format!("{} chart {title}{newest}", kind.label())
    });
    let needs = match kind {
        Kind::Ohlc => "This chart needs a time column and the columns open, high, low and close.",
        Kind::Scatter => {
            "A scatter chart needs two numeric columns, or a time and a numeric column."
        }
        _ => "No numeric column. Choose the columns in the panel's settings.",
    };
    view! {
        <Figure label drawing=Callback::new(drawing) picture />
        <Show when=move || lacks.get()>
            <p class="dash-note over">{needs}</p>
        </Show>
        <Show when=move || unseen.with(|words| !words.is_empty())>
            <p class="chart-left-out">{move || unseen.get()}</p>
        </Show>
    }
    .into_any()
}
