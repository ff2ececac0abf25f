//! Chips above a list: its states, counted; a press shows only the rows of one.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;

use crate::{
    text::Search,
    ui::{
        State, Tone,
        number::count,
        table::{Cell, Row, Rows, natural},
    },
};

/// A state that rows have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub tone: Tone,
    pub word: String,
    pub count: usize,
}

fn state_of(row: &Row) -> Option<(Tone, &str)> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::State(tone, word) => Some((*tone, word.as_str())),
        _ => None,
    })
}

/// States of the rows that are searched for, see [`count_states`].
pub fn states<'a>(rows: impl Iterator<Item = &'a Row>, search: &str, chosen: &str) -> Vec<Counted> {
    let searched = Search::new(search);
    let states = rows.filter_map(|row| {
        let (tone, word) = state_of(row)?;
        Some((tone, word, searched.is_in(&row.haystack)))
    });
    count_states(states, chosen)
}

/// What failed first. Each comes with whether it counts: of others that they are there is told. The
/// `chosen` one is told also where nothing has it, so that it can be let go of.
pub fn count_states<'a>(
    states: impl Iterator<Item = (Tone, &'a str, bool)>,
    chosen: &str,
) -> Vec<Counted> {
    let mut found = HashMap::<&str, (Tone, usize)>::new();
    for (tone, word, counts) in states.filter(|(_, word, _)| !word.is_empty()) {
        found.entry(word).or_insert((tone, 0)).1 += usize::from(counts);
    }
    if !chosen.is_empty() {
        found.entry(chosen).or_insert((Tone::Neutral, 0));
    }
    let counted = found.into_iter().map(|(word, (tone, count))| Counted {
        tone,
        word: word.into(),
        count,
    });
    let mut all: Vec<Counted> = counted.collect();
    let rank = |tone: Tone| match tone {
        Tone::Bad => 0,
        Tone::Warn => 1,
        Tone::Accent => 2,
        Tone::Good => 3,
        Tone::Neutral => 4,
    };
    all.sort_by(|a, b| {
        let by_rank = rank(a.tone).cmp(&rank(b.tone));
        by_rank.then_with(|| natural(&a.word, &b.word))
    });
    all
}

/// The rows in a state; all where none is chosen.
pub fn only(rows: &Rows, chosen: &str) -> Rows {
    if chosen.is_empty() {
        return rows.clone();
    }
    let rows = rows.iter();
    let kept = rows.filter(|row| state_of(row).is_some_and(|(_, word)| word == chosen));
    Arc::new(kept.cloned().collect())
}

/// Of a list's rows.
#[component]
pub fn StateChips(
    rows: RwSignal<Rows>,
    search: RwSignal<String>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let all = Memo::new(move |_| {
        let all = rows.get();
        let rows = all.iter().map(|row| &**row);
        search.with(|search| chosen.with(|chosen| states(rows, search, chosen)))
    });
    view! { <Chips all chosen /> }
}

/// Nothing where nothing has a state.
#[component]
pub fn Chips(all: Memo<Vec<Counted>>, chosen: RwSignal<String>) -> impl IntoView {
    let any = Memo::new(move |_| all.with(|all| !all.is_empty()));
    let chips = move || {
        view! {
            <div class="state-chips" role="group" aria-label="Filter by state">
                <For
                    each=move || all.get()
                    key=|one| one.word.clone()
                    children=move |one| chip(one, all, chosen)
                />
            </div>
        }
    };
    (move || any.get().then(chips)).into_any()
}

fn chip(one: Counted, all: Memo<Vec<Counted>>, chosen: RwSignal<String>) -> AnyView {
    let word = StoredValue::new(one.word.clone());
    // The chip stays while its number changes.
    let now = move || {
        all.with(|all| {
            let found = word.with_value(|word| all.iter().find(|one| one.word == *word).cloned());
            found.map_or((Tone::Neutral, 0), |one| (one.tone, one.count))
        })
    };
    let is_chosen = move || word.with_value(|word| chosen.with(|chosen| chosen == word));
    let press = move |_| {
        let word = word.get_value();
        chosen.update(|chosen| match *chosen == word {
            true => chosen.clear(),
            false => *chosen = word,
        });
    };
    view! {
        <button
            type="button"
            class="state-chip"
            aria-pressed=move || if is_chosen() { "true" } else { "false" }
            on:click=press
        >
            <State tone=Signal::derive(move || now().0) word=Signal::stored(one.word) />
            " "
            <span class="state-count">{move || count(now().1 as u64)}</span>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, state: Option<(Tone, &str)>) -> Arc<Row> {
        let state = state.map_or(Cell::Empty, |(tone, word)| Cell::State(tone, word.into()));
        Arc::new(Row {
            key: name.into(),
            cells: vec![Cell::Text(name.into()), state],
            haystack: name.to_lowercase(),
            ..Row::default()
        })
    }

    fn rows() -> Rows {
        Arc::new(vec![
            row("a_1", Some((Tone::Good, "running"))),
            row("a_2", Some((Tone::Bad, "failed"))),
            row("b_1", Some((Tone::Good, "running"))),
            row("b_2", Some((Tone::Neutral, "paused"))),
            row("b_3", None),
        ])
    }

    fn told(search: &str, chosen: &str) -> Vec<(String, usize)> {
        let rows = rows();
        let all = states(rows.iter().map(|row| &**row), search, chosen);
        all.into_iter().map(|one| (one.word, one.count)).collect()
    }

    #[test]
    fn what_failed_is_first_and_the_search_counts() {
        let of = |all: &[(&str, usize)]| -> Vec<(String, usize)> {
            all.iter().map(|(word, n)| ((*word).into(), *n)).collect()
        };
        assert_eq!(
            told("", ""),
            of(&[("failed", 1), ("running", 2), ("paused", 1)])
        );
        assert_eq!(
            told("A_", ""),
            of(&[("failed", 1), ("running", 1), ("paused", 0)])
        );
        assert!(told("", "gone").contains(&("gone".to_string(), 0)));
        assert!(states(std::iter::once(&*row("x", None)), "", "").is_empty());
    }

    #[test]
    fn only_rows_of_the_chosen_state_stay() {
        let keys = |chosen: &str| -> Vec<String> {
            let kept = only(&rows(), chosen);
            kept.iter().map(|row| row.key.clone()).collect()
        };
        assert_eq!(keys("running"), ["a_1", "b_1"]);
        assert_eq!(keys("").len(), 5);
        assert!(keys("gone").is_empty());
    }
}
