//! Two rows side by side; what differs stands out.

use leptos::prelude::*;

use super::{Side, frame, gone, row::brief};
use crate::{live::session::Session, text::visible, ui::number};

struct Pair {
    name: String,
    a: (String, &'static str),
    b: (String, &'static str),
    same: bool,
}

pub fn compare(session: Session, a: u64, b: u64, side: RwSignal<Option<Side>>) -> Option<AnyView> {
    let pairs = session.read(|core| {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let row = |number: u64| number.checked_sub(base).and_then(|at| ring.row(at));
        let (Some(a), Some(b)) = (row(a), row(b)) else {
            return Vec::new();
        };
        let pair = |column: usize| {
            let (left, right) = (a.cell(column), b.cell(column));
            Pair {
                name: visible(&ring.columns()[column].name).into_owned(),
                a: brief(&left),
                b: brief(&right),
                same: left.json() == right.json(),
            }
        };
        (0..ring.columns().len()).map(pair).collect()
    });
    let differ = pairs.iter().filter(|pair| !pair.same).count();
    let all = pairs.len();
    let only = RwSignal::new(false);
    let body = if pairs.is_empty() {
        gone()
    } else {
        let pairs = StoredValue::new(pairs);
        let rows = move || {
            let only = only.get();
            pairs.with_value(|pairs| {
                let shown = pairs.iter().filter(|pair| !only || !pair.same);
                shown
                    .map(|pair| {
                        let word = if pair.same { "same" } else { "differs" };
                        view! {
                            <tr class:differs=!pair.same>
                                <th scope="row">{pair.name.clone()}</th>
                                <td class=format!("mono {}", pair.a.1)>{pair.a.0.clone()}</td>
                                <td class=format!("mono {}", pair.b.1)>{pair.b.0.clone()}</td>
                                <td>{word}</td>
                            </tr>
                        }
                    })
                    .collect_view()
            })
        };
        view! {
            <p class="side-facts" role="status">{format!("{differ} of {} differ", number::plural(all as u64, "column", "columns"))}</p>
            <label class="side-choice">
                <input type="checkbox" prop:checked=only on:change:target=move |event| only.set(event.target().checked()) />
                " Differences only"
            </label>
            <div class="table-box" tabindex="0">
                <table class="table compare" aria-label="Compared rows">
                    <thead>
                        <tr>
                            <th scope="col">"Column"</th>
                            <th scope="col">{format!("Row {}", number::count(a + 1))}</th>
                            <th scope="col">{format!("Row {}", number::count(b + 1))}</th>
                            <th scope="col">"Result"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    Some(frame(
        side,
        "Comparison",
        "Compare rows".into_any(),
        ().into_any(),
        body,
    ))
}
