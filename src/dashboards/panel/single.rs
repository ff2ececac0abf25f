//! One large number.

use leptos::prelude::*;

use super::{Stage, is_colour};
use crate::{
    dashboards::single::{Single, lifted, single},
    ui::sparkline::Sparkline,
};

/// Characters that there is room for in the style sheet's size.
const USUAL_LENGTH: usize = 9;

pub fn view(stage: Stage) -> AnyView {
    let Stage {
        session,
        options,
        picture,
        ..
    } = stage;
    let value = Memo::new(move |_| {
        session.facts.track();
        let look = session.arrangement.with(|all| all.look.resolved());
        session.read(|core| single(core.rows.shown(), &options.read(), &look))
    });
    Effect::new(move || {
        value.with(|value| {
            let value = value.clone().unwrap_or_default();
            let note = value.delta.map_or(value.note, |(_, words)| words);
            picture.show_value(value.text, note);
        });
    });
    on_cleanup(move || picture.forget_value());
    let style = move |key: &'static str| {
        let colour = options.with(|options| options.text(key));
        is_colour(&colour).then(|| format!("color:{colour}"))
    };
    let size = move || {
        let chosen = options.with(|options| options.number("fontSize"));
        let length = value.with(|value| value.as_ref().map_or(0, |v| v.text.chars().count()));
        match chosen {
            Some(px) => Some(format!("{}px", px.clamp(8.0, 300.0))),
            // What is longer than most values is smaller, not cut.
            None if length > USUAL_LENGTH => {
                let share = 16.0 * USUAL_LENGTH as f64 / length as f64;
                Some(format!("clamp(12px, min({share:.1}cqw, 42cqh), 96px)"))
            }
            None => None,
        }
    };
    let delta = move || {
        let (change, words) = value.with(|value| value.as_ref()?.delta.clone())?;
        let (key, class, sign) = match change {
            change if change > 0.0 => ("increaseColor", "up", "▲ "),
            change if change < 0.0 => ("decreaseColor", "down", "▼ "),
            _ => ("", "", ""),
        };
        Some(view! {
            <p class=format!("single-delta {class}") style=style(key)>
                <span aria-hidden="true">{sign}</span>{words}
            </p>
        })
    };
    let spark = move || {
        let points = value.with(|value| value.as_ref().map(|v| v.history.clone()))?;
        (points.len() > 1).then(|| {
            view! {
                <div class="single-spark" style=style("sparklineColor")>
                    <Sparkline points=lifted(&points) label="Trend" />
                </div>
            }
        })
    };
    let text = move || value.with(|value| value.as_ref().map(|v: &Single| v.text.clone()));
    view! {
        <div class="single">
            <p class="single-value" style=move || style("color") style:font-size=size>{text}</p>
            {delta}
            {move || value.with(|value| value.as_ref().map(|v| v.note.clone())).filter(|note| !note.is_empty()).map(|note| view! { <p class="single-delta">{note}</p> })}
            {spark}
        </div>
    }
    .into_any()
}
