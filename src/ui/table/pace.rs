//! Rows that fly by show their words only; what can be pressed comes when the list stands still.

use std::{collections::HashSet, sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{Cell, ROW, Row, TableState};
use crate::{text::visible, ui::time};

/// Pixels between two frames from which rows are not read but passed.
const FAST: f64 = 4.0 * ROW;
const STILL: Duration = Duration::from_millis(100);

/// Key and version of a row, and whether it is drawn with its words only.
pub type Identity = (String, u32, bool);

#[derive(Clone, Copy)]
pub struct Pace {
    fast: RwSignal<bool>,
    /// Rows that are drawn whole and stay so while they are on the screen.
    whole: StoredValue<HashSet<(String, u32)>>,
    rest: StoredValue<Option<TimeoutHandle>, LocalStorage>,
}

impl Pace {
    pub(super) fn new() -> Self {
        let pace = Self {
            fast: RwSignal::new(false),
            whole: StoredValue::new(HashSet::new()),
            rest: StoredValue::new_local(None),
        };
        on_cleanup(move || pace.stop());
        pace
    }

    fn stop(self) {
        if let Some(Some(rest)) = self.rest.try_update_value(Option::take) {
            rest.clear();
        }
    }

    /// The list has been scrolled by so many pixels.
    pub fn moved(self, by: f64) {
        if by.abs() > FAST {
            self.fast.set(true);
        } else if !self.fast.get_untracked() {
            return;
        }
        self.stop();
        let still = move || {
            self.fast.try_set(false);
        };
        self.rest
            .set_value(set_timeout_with_handle(still, STILL).ok());
    }

    /// The rows to draw, and whether each is drawn with its words only.
    pub fn drawn(self, rows: &[Arc<Row>]) -> Vec<(Arc<Row>, bool)> {
        let fast = self.fast.get();
        let mut whole = HashSet::new();
        let drawn = self.whole.with_value(|before| {
            let mut draw = |row: &Arc<Row>| {
                let name = (row.key.clone(), row.version);
                let words_only = fast && row.head.is_none() && !before.contains(&name);
                if !words_only {
                    whole.insert(name);
                }
                (Arc::clone(row), words_only)
            };
            rows.iter().map(&mut draw).collect()
        });
        self.whole.set_value(whole);
        drawn
    }
}

pub fn identity((row, words_only): &(Arc<Row>, bool)) -> Identity {
    (row.key.clone(), row.version, *words_only)
}

/// A row without what can be pressed.
pub fn words_view(
    row: &Row,
    index: ReadSignal<usize>,
    first: Memo<usize>,
    state: TableState,
) -> AnyView {
    let now = time::use_now().get_untracked();
    let words = |cell: &Cell| match cell {
        Cell::Time(iso) => time::parse(iso).map_or_else(|| iso.clone(), |ms| time::age(now - ms)),
        Cell::Line(..) => String::new(),
        cell => cell.words().to_string(),
    };
    let name = visible(row.cells.first().map_or("", Cell::words)).into_owned();
    let name = match row.href.as_str() {
        "" => name.into_any(),
        href => view! { <a href=href.to_string()>{name}</a> }.into_any(),
    };
    let cells = state.columns.with_value(|columns| {
        let cell = |(at, column): (usize, &super::Column)| {
            let words = row.cells.get(at).filter(|_| !column.late).map(words);
            view! { <td data-column=at class:number=column.numeric>{words}</td> }.into_any()
        };
        let rest = columns.iter().enumerate().skip(1);
        rest.map(cell).collect::<Vec<AnyView>>()
    });
    let selected = state.selected.with_untracked(|all| all.contains(&row.key));
    view! {
        <tr
            aria-rowindex=first.get_untracked() + index.get_untracked() + 2
            class:selected=selected
        >
            {state.select.then(|| view! { <td class="choose"></td> })}
            <th scope="row" class="name">{name}</th>
            {cells}
            <td class="row_actions"></td>
        </tr>
    }
    .into_any()
}
