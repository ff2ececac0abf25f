//! Lines, areas, bars and candles.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

use super::Inside;
use crate::{
    dashboards::{options::Kind, plot, range},
    live::{frame::clock, pace::Pace},
    ui::{Drawing, Figure},
};

/// Milliseconds between two descriptions.
const TOLD_EVERY: f64 = 5_000.0;

pub fn view(inside: Inside, kind: Kind) -> AnyView {
    let Inside {
        board,
        panel,
        options,
        feed,
        ..
    } = inside;
    let session = feed.session;
    let pace = Pace::new();
    let words = RwSignal::new(String::new());
    let told = StoredValue::new(f64::NEG_INFINITY);
    let lacks = RwSignal::new(false);
    let drawing = move |()| {
        session.facts.track();
        pace.again.track();
        let (options, span) = (options.get(), range::seconds(&board.range.get()));
        if !pace.ready() {
            return None;
        }
        let since = clock();
        let (plot, rows) = session.read(|core| {
            let ring = core.rows.shown();
            (plot::plot(kind, ring, &options, span), ring.len())
        });
        let nothing = rows > 0 && plot.x.is_empty();
        if lacks.get_untracked() != nothing {
            lacks.set(nothing);
        }
        if since - told.get_value() > TOLD_EVERY {
            told.set_value(since);
            words.set(plot::words(&plot));
        }
        if plot.x.is_empty() {
            return None;
        }
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        let drawing = Drawing {
            shape: json(serde_json::to_string(&plot.shape)),
            window: json(serde_json::to_string(&plot.window)),
            x: plot.x,
            ys: plot.ys,
            bases: plot.bases,
        };
        pace.took(since);
        Some(drawing)
    };
    let label = Signal::derive(move || {
        let title = panel.with(Panel::title);
        let words = words.get();
        let newest = if words.is_empty() {
            String::new()
        } else {
            format!(". Newest: {words}")
        };
        format!("{} chart {title}{newest}", kind.label())
    });
    let needs = match kind {
        Kind::Ohlc => "This chart needs a time and columns open, high, low and close.",
        _ => "There is no number to draw. Choose the columns in the panel's settings.",
    };
    view! {
        <Figure label drawing=Callback::new(drawing) />
        <Show when=move || lacks.get()>
            <p class="dash-note over">{needs}</p>
        </Show>
    }
    .into_any()
}
