//! How many rows there are over time: a strip over the grid. Dragging over it, or arrow keys and
//! Enter, choose a stretch, which is then looked at closer.

use std::{ops::RangeInclusive, time::Duration};

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use weir_api::DataType;
use weir_live::{Ring, Volume, volume};

use super::{
    arrange::{Arrangement, Look},
    session::Session,
};
use crate::ui::{Button, ButtonKind, Icon, IconName, number, time};

const EVERY: Duration = Duration::from_millis(500);
const MOST: usize = 120;

/// What the strip shows.
#[derive(Clone, Default, PartialEq)]
struct Strip {
    column: String,
    data_type: Option<DataType>,
    volume: Volume,
}

impl Strip {
    fn of(ring: &Ring, arrangement: &Arrangement) -> Option<Self> {
        let is_time = |column: &usize| ring.columns()[*column].data_type.is_time();
        let usual = ["_tp_time", "window_start", "window_end"];
        let named = usual
            .iter()
            .filter_map(|name| ring.column(name))
            .find(is_time);
        let column = named.or_else(|| (0..ring.columns().len()).find(is_time))?;
        let name = &ring.columns()[column].name;
        let within = arrangement.stretch(name);
        Some(Self {
            column: name.clone(),
            data_type: Some(ring.columns()[column].data_type.clone()),
            volume: volume(ring, column, ring.first()..ring.end(), MOST, within),
        })
    }

    fn start(&self, bar: usize) -> i64 {
        self.volume.start_ms + bar as i64 * self.volume.width_ms
    }

    /// Of these bars, and what no bar shows.
    fn words(&self, bars: &RangeInclusive<usize>, look: &Look) -> String {
        let rows: u64 = bars
            .clone()
            .filter_map(|bar| self.volume.counts.get(bar))
            .sum();
        let beyond = [
            (self.volume.before, "earlier"),
            (self.volume.after, "later"),
            (self.volume.without, "without a time"),
        ];
        let beyond: String = beyond
            .into_iter()
            .filter(|(rows, _)| *rows > 0)
            .map(|(rows, words)| format!(", {} {words}", number::plural(rows, "row", "rows")))
            .collect();
        let until = self.start(*bars.end() + 1);
        format!(
            "{} from {} to {}{beyond}",
            number::plural(rows, "row", "rows"),
            self.told(self.start(*bars.start()), look),
            // The last day is one of them.
            self.told(if self.is_dates() { until - 1 } else { until }, look),
        )
    }

    fn is_dates(&self) -> bool {
        let inner = self.data_type.as_ref().map(DataType::inner);
        inner == Some(&DataType::Date)
    }

    fn told(&self, ms: i64, look: &Look) -> String {
        match &self.data_type {
            Some(data_type) => look.moment_of(ms, data_type),
            None => look.moment(ms),
        }
    }

    fn no_times(&self) -> String {
        match self.volume.without {
            0 => "No times yet.".into(),
            rows => format!(
                "No times in {}: {} without a time.",
                self.column,
                number::plural(rows, "row", "rows")
            ),
        }
    }
}

/// Bars from one to another, in whichever order they were chosen.
fn between(a: usize, b: usize) -> RangeInclusive<usize> {
    a.min(b)..=a.max(b)
}

#[component]
pub fn Timeline(session: Session, open: RwSignal<bool>) -> impl IntoView {
    move || open.get().then(|| view! { <Shown session open /> })
}

#[component]
fn Shown(session: Session, open: RwSignal<bool>) -> impl IntoView {
    let strip = RwSignal::new(None::<Strip>);
    let look = move || {
        if session.gone() {
            return;
        }
        let arrangement = session.arrangement.get_untracked();
        let now = session.read(|core| Strip::of(core.rows.shown(), &arrangement));
        if strip.try_with_untracked(|before| *before != now) == Some(true) {
            strip.set(now);
        }
    };
    Effect::new(move || {
        session.header.track();
        session.arrangement.track();
        look();
    });
    if let Ok(timer) = set_interval_with_handle(look, EVERY) {
        on_cleanup(move || timer.clear());
    }
    // The bar where choosing began and the one it reaches.
    let chosen = RwSignal::new(None::<(usize, usize)>);
    let node = NodeRef::<html::Div>::new();
    let bar_at = move |event: &PointerEvent| {
        let place = node.get_untracked()?.get_bounding_client_rect();
        let bars = strip.with_untracked(|strip| Some(strip.as_ref()?.volume.counts.len()))?;
        let share = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0);
        Some(((share * bars as f64).max(0.0) as usize).min(bars.checked_sub(1)?))
    };
    let apply = move || {
        let Some((a, b)) = chosen.get_untracked() else {
            return;
        };
        let bars = between(a, b);
        let bounds = strip.with_untracked(|strip| {
            let strip = strip.as_ref()?;
            let until = strip.start(*bars.end() + 1);
            Some((strip.column.clone(), strip.start(*bars.start()), until))
        });
        if let Some((column, from, until)) = bounds {
            // From here on the bars are of what was chosen.
            chosen.set(None);
            session
                .arrangement
                .update(|all| all.between(&column, from, until));
        }
    };
    let pressed = move |event: PointerEvent| {
        if let Some(bar) = bar_at(&event) {
            // The bars stand still while one of them is chosen.
            session.hold();
            if let Some(target) = event.current_target() {
                let _ = target
                    .unchecked_ref::<HtmlElement>()
                    .set_pointer_capture(event.pointer_id());
            }
            chosen.set(Some((bar, bar)));
        }
    };
    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 1
            && let Some(bar) = bar_at(&event)
        {
            chosen.update(|chosen| {
                if let Some((_, reached)) = chosen {
                    *reached = bar;
                }
            });
        }
    };
    let keys = move |event: KeyboardEvent| {
        let Some(last) = strip.with_untracked(|s| s.as_ref()?.volume.counts.len().checked_sub(1))
        else {
            return;
        };
        let (from, reached) = chosen.get_untracked().unwrap_or((last, last));
        let to = match event.key().as_str() {
            "ArrowLeft" => reached.saturating_sub(1),
            "ArrowRight" => (reached + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                return apply();
            }
            "Escape" => return chosen.set(None),
            _ => return,
        };
        event.prevent_default();
        session.hold();
        chosen.set(Some((if event.shift_key() { from } else { to }, to)));
    };
    let bars = move || {
        let strip = strip.get().unwrap_or_default();
        let highest = strip
            .volume
            .counts
            .iter()
            .copied()
            .max()
            .unwrap_or(0)
            .max(1);
        let chosen = chosen.get().map(|(a, b)| between(a, b));
        let bar = |(at, count): (usize, &u64)| {
            let height = *count as f64 * 100.0 / highest as f64;
            let on = chosen.as_ref().is_some_and(|chosen| chosen.contains(&at));
            view! { <span class="timeline-bar" class:on=on><span style:height=format!("{height:.1}%")></span></span> }
        };
        strip
            .volume
            .counts
            .iter()
            .enumerate()
            .map(bar)
            .collect_view()
    };
    let look = Memo::new(move |_| session.arrangement.with(|all| all.look.clone()));
    let words = Memo::new(move |_| {
        let look = look.get();
        strip.with(|strip| match (strip, chosen.get()) {
            (None, _) => "This result has no time column.".to_string(),
            (Some(strip), _) if strip.volume.counts.is_empty() => strip.no_times(),
            (Some(strip), Some((a, b))) => strip.words(&between(a, b), &look),
            (Some(strip), None) => {
                let width = time::length(strip.volume.width_ms as f64);
                let last = strip.volume.counts.len() - 1;
                format!(
                    "{} · {width} a bar · {}",
                    strip.column,
                    strip.words(&(0..=last), &look)
                )
            }
        })
    });
    let narrowed = Memo::new(move |_| {
        let column = strip.with(|strip| strip.as_ref().map(|strip| strip.column.clone()));
        session.arrangement.with(|all| {
            all.rules
                .iter()
                .any(|rule| rule.column == column && column.is_some())
        })
    });
    let whole = move || {
        chosen.set(None);
        if let Some(column) = strip.with_untracked(|s| s.as_ref().map(|s| s.column.clone())) {
            session.arrangement.update(|all| all.anytime(&column));
        }
    };
    let value = move || {
        let bar = chosen.get().map_or(0, |(_, reached)| reached);
        strip.with(|strip| {
            strip.as_ref().map_or_else(String::new, |strip| {
                look.with(|look| strip.told(strip.start(bar), look))
            })
        })
    };
    view! {
        <div class="timeline">
            <div
                node_ref=node
                class="timeline-bars"
                role="slider"
                tabindex="0"
                aria-label="Rows over time: arrow keys move, Shift extends, Enter filters"
                aria-valuemin="0"
                aria-valuemax=move || strip.with(|s| s.as_ref().map_or(0, |s| s.volume.counts.len().saturating_sub(1)))
                aria-valuenow=move || chosen.get().map_or(0, |(_, reached)| reached)
                aria-valuetext=value
                on:pointerdown=pressed
                on:pointermove=dragged
                on:pointerup=move |_| apply()
                on:keydown=keys
            >
                {bars}
            </div>
            <p class="timeline-words tabular">
                {move || words.get()}
                <Show when=move || narrowed.get()>
                    <Button kind=ButtonKind::Quiet on_click=whole>"All times"</Button>
                </Show>
                <Button kind=ButtonKind::Quiet label="Close timeline" on_click=move || open.set(false)>
                    <Icon name=IconName::Close />
                </Button>
            </p>
        </div>
    }
    .into_any()
}
