//! The last runs of a tab with their first rows: opened again, and two of them compared.

pub mod compare;
pub mod kept;

use leptos::prelude::*;

use self::{
    compare::{Comparison, Side, compare},
    kept::Kept,
};
use super::history::tone;
use crate::{
    text::one_line,
    ui::{Button, ButtonKind, Empty, number, time},
};

/// Rows of a comparison that are listed.
const LISTED: usize = 200;

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Run(f64),
    Comparison(f64, f64),
}

#[component]
pub fn RunList(runs: RwSignal<Vec<Kept>>) -> impl IntoView {
    let none = Memo::new(move |_| runs.with(Vec::is_empty));
    // By when they were run, in the order they were chosen.
    let chosen = RwSignal::new(Vec::<f64>::new());
    let open = RwSignal::new(None::<Open>);
    let pair = Memo::new(move |_| {
        let all = runs.read();
        let there = |at: &f64| all.iter().any(|run| run.at == *at);
        match chosen.with(|chosen| chosen.iter().copied().filter(there).collect::<Vec<_>>())[..] {
            // The older one first, whichever was chosen first.
            [a, b] => Some((a.min(b), a.max(b))),
            _ => None,
        }
    });
    let compare_now = move || {
        if let Some((a, b)) = pair.get_untracked() {
            open.set(Some(Open::Comparison(a, b)));
        }
    };
    let row = move |run: Kept| view! { <RunRow run chosen open /> };
    view! {
        <div class="kept-runs">
            <Show when=move || none.get()>
                <Empty
                    title="No finished runs yet"
                    hint="The last 20 runs of this tab appear here with their first 200 rows, until you leave the page."
                />
            </Show>
            <Show when=move || !none.get()>
                <div class="history-tools">
                    <Button
                        disabled=Signal::derive(move || pair.get().is_none())
                        reason="Choose two runs first."
                        on_click=compare_now
                    >
                        "Compare"
                    </Button>
                    <span class="field-help">"The first 200 rows of each run are kept until you leave the page."</span>
                </div>
                <div class="table-box" tabindex="0" role="group" aria-label="Runs of this tab">
                    <table class="table" aria-label="Runs">
                        <thead>
                            <tr>
                                <th scope="col"><span class="visually-hidden">"Compare"</span></th>
                                <th scope="col">"Run"</th>
                                <th scope="col">"State"</th>
                                <th scope="col" class="number">"Rows"</th>
                                <th scope="col" class="number">"Duration"</th>
                                <th scope="col">"Statement"</th>
                            </tr>
                        </thead>
                        <tbody>{move || runs.get().into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </Show>
            {move || {
                let all = runs.read();
                let find = |at: f64| all.iter().find(|run| run.at == at);
                match open.get()? {
                    Open::Run(at) => find(at).map(opened),
                    Open::Comparison(a, b) => Some(compared(find(a)?, find(b)?)),
                }
            }}
        </div>
    }
    .into_any()
}

#[component]
fn RunRow(run: Kept, chosen: RwSignal<Vec<f64>>, open: RwSignal<Option<Open>>) -> impl IntoView {
    let at = run.at;
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&at));
    // Two can be compared: a third one takes the place of the first.
    let choose = move |on: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != at);
            if on {
                chosen.push(at);
                let more = chosen.len().saturating_sub(2);
                chosen.drain(..more);
            }
        });
    };
    let when = time::stamp(at);
    let shown = one_line(&run.sql);
    view! {
        <tr>
            <td>
                <input
                    type="checkbox"
                    aria-label=format!("Compare run of {when}")
                    prop:checked=is_chosen
                    on:change:target=move |event| choose(event.target().checked())
                />
            </td>
            <td>
                <Button
                    kind=ButtonKind::Quiet
                    pressed=Signal::derive(move || open.get() == Some(Open::Run(at)))
                    on_click=move || open.set(Some(Open::Run(at)))
                >
                    {when}
                </Button>
            </td>
            <td><span class="state" data-tone=tone(run.state.word())>{run.state.word()}</span></td>
            <td class="number">{number::count(run.received)}</td>
            <td class="number">{time::span(run.took)}</td>
            <td class="kept-sql"><code title=shown.clone()>{shown.clone()}</code></td>
        </tr>
    }
    .into_any()
}

fn opened(run: &Kept) -> AnyView {
    let held = run.rows.len() as u64;
    let words = match held < run.received {
        true => format!(
            "{} of {}",
            number::count(held),
            number::plural(run.received, "row", "rows")
        ),
        false => number::plural(held, "row", "rows"),
    };
    let rows = run.rows.iter().map(|row| cells(row)).collect_view();
    view! {
        <section class="kept-rows" aria-label="Rows of the run">
            <p role="status">{format!("{}: {words}", time::stamp(run.at))}</p>
            <div class="table-box" tabindex="0" role="group" aria-label="Rows kept">
                <table class="table" aria-label="Rows kept">
                    <thead><tr>{heads(&run.columns)}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn compared(first: &Kept, second: &Kept) -> AnyView {
    let found = compare(first, second);
    let words = words(&found);
    let (a, b) = (time::stamp(first.at), time::stamp(second.at));
    let rows = found.rows.iter().take(LISTED).map(|(side, row)| {
        let (tone, of) = match side {
            Side::First => ("bad", a.clone()),
            Side::Second => ("good", b.clone()),
        };
        view! { <tr data-tone=tone><th scope="row">{format!("only {of}")}</th>{self::row(row)}</tr> }
    });
    view! {
        <section class="kept-rows" aria-label="Comparison of two runs">
            <p role="status">{words}</p>
            <div class="table-box" tabindex="0" role="group" aria-label="Rows that differ">
                <table class="table" aria-label="Rows that differ">
                    <thead><tr><th scope="col">"In"</th>{heads(&found.columns)}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// What a comparison came to.
fn words(found: &Comparison) -> String {
    if found.columns.is_empty() {
        return "The two runs have no column in common.".into();
    }
    let rows = |count: usize| number::plural(count as u64, "row", "rows");
    let mut words = format!(
        "Kept rows: {} in both, {} only in the first run, {} only in the second.",
        rows(found.same),
        rows(found.count(Side::First)),
        rows(found.count(Side::Second))
    );
    for (which, columns) in [("first", &found.first_only), ("second", &found.second_only)] {
        if !columns.is_empty() {
            words += &format!(" Only the {which} has {}.", columns.join(", "));
        }
    }
    words
}

fn heads(columns: &[String]) -> Vec<AnyView> {
    let head = |name: &String| view! { <th scope="col">{name.clone()}</th> }.into_any();
    columns.iter().map(head).collect()
}

fn cells(values: &[String]) -> AnyView {
    view! { <tr>{row(values)}</tr> }.into_any()
}

fn row(values: &[String]) -> Vec<AnyView> {
    let cell = |value: &String| view! { <td class="mono">{value.clone()}</td> }.into_any();
    values.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_told_in_words() {
        let found = Comparison {
            columns: vec!["n".into()],
            second_only: vec!["m".into()],
            same: 3,
            rows: vec![(Side::First, vec!["1".into()])],
            ..Comparison::default()
        };
        assert_eq!(
            words(&found),
            "Kept rows: 3 rows in both, 1 row only in the first run, 0 rows only in the second. Only the second has m."
        );
        assert!(words(&Comparison::default()).contains("no column in common"));
    }
}
