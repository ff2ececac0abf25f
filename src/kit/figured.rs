//! Figures of rows, asked for while these are on the screen.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, ApiRequest};

use crate::{
    connections::use_endpoint,
    http,
    ui::table::{Cell, Column, Figures, Rows, Sort, Turns},
};

/// Sorting by a late column asks for the figures of all rows found: not of more than these.
const SORTED_FIGURES: usize = 200;
/// Rows that are scrolled past are not asked for.
const STILL: Duration = Duration::from_millis(200);

/// Where late cells come from, one request for each row.
#[derive(Clone, Copy)]
pub struct Figured {
    pub request: fn(&str) -> ApiRequest,
    /// Cells for the late columns, in their order.
    pub cells: fn(&[u8]) -> Result<Vec<Cell>, ApiError>,
}

/// The place of each column among the late ones.
pub fn late_places(columns: &[Column]) -> Vec<Option<usize>> {
    let mut next = 0;
    let places = columns.iter().map(|column| {
        column.late.then(|| {
            next += 1;
            next - 1
        })
    });
    places.collect()
}

/// Asks for the figures of rows on the screen; told the keys whenever these change.
pub fn use_figures(
    source: Option<Figured>,
    figures: Figures,
    late: StoredValue<Vec<Option<usize>>>,
    sort: RwSignal<Sort>,
    shown: Memo<Rows>,
) -> Callback<Vec<String>> {
    let endpoint = use_endpoint();
    let turns = StoredValue::new(Turns::default());
    let on_screen = RwSignal::new(Vec::<String>::new());
    let Some(source) = source else {
        return Callback::new(move |_| ());
    };
    let tick = RwSignal::new(0u32);
    let timer = set_interval_with_handle(
        move || tick.update(|t| *t = t.wrapping_add(1)),
        Duration::from_secs(5),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    Effect::new(move || {
        tick.track();
        let by_figure =
            late.with_value(|late| late.get(sort.get().column).copied().flatten().is_some());
        let mut keys = on_screen.get();
        if by_figure {
            let more = shown.with(|rows| {
                rows.iter()
                    .take(SORTED_FIGURES)
                    .map(|row| row.key.clone())
                    .collect::<Vec<_>>()
            });
            keys.extend(more);
        }
        if !document().hidden() {
            turns.update_value(|turns| turns.want(keys, js_sys::Date::now()));
            pump(source, figures, turns, endpoint);
        }
    });
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    on_cleanup(stop);
    Callback::new(move |keys: Vec<String>| {
        stop();
        if on_screen.with_untracked(Vec::is_empty) {
            return on_screen.set(keys);
        }
        let still = move || {
            on_screen.try_set(keys);
        };
        timer.set_value(set_timeout_with_handle(still, STILL).ok());
    })
}

fn pump(
    source: Figured,
    figures: Figures,
    turns: StoredValue<Turns>,
    endpoint: Memo<Option<http::Endpoint>>,
) {
    while let Some(key) = turns.try_update_value(Turns::start).flatten() {
        let Some(Some(endpoint_now)) = endpoint.try_get_untracked() else {
            return;
        };
        spawn_local(async move {
            let outcome = http::send(&endpoint_now, (source.request)(&key)).await;
            let now = js_sys::Date::now();
            if turns
                .try_update_value(|turns| turns.finish(&key, now))
                .is_none()
            {
                return;
            }
            // A row without figures stays as it is: the connection's banner or the next turn tells.
            if let Ok(cells) = outcome.and_then(|body| (source.cells)(&body)) {
                figures.set(&key, cells);
            }
            pump(source, figures, turns, endpoint);
        });
    }
}
