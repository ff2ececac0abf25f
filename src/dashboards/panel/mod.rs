//! What stands inside a panel, by its kind.

pub mod chart;
pub mod control;
pub mod geo;
pub mod inside;
pub mod markdown;
pub mod notice;
pub mod single;
pub mod table;

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

pub use self::inside::{Inside, Stage, colour, is_colour};
use super::kind::Kind;

/// One of [`Kind::DRAWN`], or candles.
pub fn drawn(stage: Stage, kind: Kind) -> AnyView {
    match kind {
        Kind::SingleValue => single::view(stage),
        kind => chart::view(stage, kind),
    }
}

/// Built anew when the kind changes, and with nothing else.
pub fn body(inside: Inside) -> AnyView {
    let kind = Memo::new(move |_| inside.panel.with(Kind::of));
    (move || {
        let view = match kind.get() {
            kind if kind.is_drawn() => drawn(inside.stage(), kind),
            Kind::Table => table::view(inside),
            Kind::Geo => geo::view(inside),
            Kind::Markdown | Kind::Note => markdown::view(inside, kind.get()),
            Kind::Selector | Kind::TextBox => return control::view(inside),
            _ => return unknown(inside),
        };
        if kind.get().runs() {
            view! { <div class="dash-stage">{view} {notice::view(inside)}</div> }.into_any()
        } else {
            view
        }
    })
    .into_any()
}

/// A panel of a newer console: kept, not drawn.
fn unknown(inside: Inside) -> AnyView {
    let chart = move || {
        let config = inside.panel.with(Panel::viz_config);
        let word = config.text("chartType");
        if word.is_empty() {
            inside.panel.with(Panel::viz_type)
        } else {
            word
        }
    };
    view! {
        <p class="dash-note">
            "This console does not support panels of the kind “" {chart} "”. It is not changed."
        </p>
    }
    .into_any()
}
