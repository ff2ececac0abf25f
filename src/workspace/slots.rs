//! The results of a tab side by side: each statement that ran has a session of its own, so that one
//! can run on while others are read.

use leptos::prelude::*;

use super::chart_choice::ChartChoice;
use crate::{
    live::{Session, arrange::Arrangement},
    text::one_line,
};

/// Results of a tab; the oldest that is neither running nor looked at makes room.
pub const MOST: usize = 12;

/// A statement as it ran.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    /// Its place among the statements of the text, from 1.
    pub number: usize,
    /// As it stood in the text, and as it was sent.
    pub raw: String,
    pub sql: String,
    /// The whole text when it was run, and the byte where the statement starts in it.
    pub text: String,
    pub start: usize,
    /// Milliseconds since 1970.
    pub at: f64,
}

impl Statement {
    /// `1 · SELECT count() FROM s`, as far as there is room.
    pub fn title(&self) -> String {
        const LONGEST: usize = 28;
        let words = one_line(&self.raw);
        let mut short: String = words.chars().take(LONGEST).collect();
        if short.len() < words.len() {
            short.push('…');
        }
        format!("{} · {short}", self.number)
    }
}

#[derive(Clone, Copy)]
pub struct Slot {
    pub id: u32,
    pub session: Session,
    pub chart: RwSignal<ChartChoice>,
    pub statement: RwSignal<Statement>,
}

impl Slot {
    pub fn is_live(self) -> bool {
        self.session.state.get_untracked().is_live()
    }
}

#[derive(Clone, Copy)]
pub struct Slots {
    pub all: RwSignal<Vec<Slot>>,
    pub shown: RwSignal<u32>,
    /// Closed ones, to be taken again: views of a closed one may still be on their way out.
    spare: StoredValue<Vec<Slot>, LocalStorage>,
    /// The tab: a session lives as long as it, whatever asked for it.
    owner: StoredValue<Owner>,
    next: StoredValue<u32>,
}

impl Default for Slots {
    fn default() -> Self {
        Self::new()
    }
}

impl Slots {
    pub fn new() -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            shown: RwSignal::new(0),
            spare: StoredValue::new_local(Vec::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            next: StoredValue::new(0),
        }
    }

    /// Another result at the end; `made` is told of a session that is new.
    pub fn open(self, made: impl FnOnce(Slot)) -> Slot {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let spare = self.spare.try_update_value(Vec::pop).flatten();
        let slot = match spare {
            Some(spare) => Slot { id, ..spare },
            None => self.owner.with_value(|owner| {
                owner.with(|| {
                    let slot = Slot {
                        id,
                        session: Session::new(),
                        chart: RwSignal::new(ChartChoice::default()),
                        statement: RwSignal::new(Statement::default()),
                    };
                    made(slot);
                    slot
                })
            }),
        };
        self.all.update(|all| all.push(slot));
        slot
    }

    pub fn get(self, id: u32) -> Option<Slot> {
        let all = self.all.read_untracked();
        all.iter().find(|slot| slot.id == id).copied()
    }

    /// The one looked at.
    pub fn current(self) -> Option<Slot> {
        let (all, shown) = (self.all.get(), self.shown.get());
        let found = all.iter().find(|slot| slot.id == shown);
        found.or(all.first()).copied()
    }

    /// Ends what runs and forgets its rows; the neighbour is shown. The last one stays.
    pub fn close(self, id: u32) {
        let mut all = self.all.get_untracked();
        let Some(at) = all.iter().position(|slot| slot.id == id) else {
            return;
        };
        if all.len() == 1 {
            return;
        }
        let closed = all.remove(at);
        closed.session.cancel();
        closed.session.clear();
        closed.session.arrangement.set(Arrangement::default());
        closed.chart.set(ChartChoice::default());
        closed.statement.set(Statement::default());
        if self.shown.get_untracked() == id {
            self.shown.set(all[at.min(all.len() - 1)].id);
        }
        self.all.set(all);
        self.spare.update_value(|spare| spare.push(closed));
    }
}

/// Which of the results that there are each statement takes, by its place among them; `None`: a new
/// one. `held`: what each result shows and whether it runs. A statement takes its own result again,
/// otherwise one that is over.
pub fn places(held: &[(Statement, bool)], wanted: &[(usize, &str)]) -> Vec<Option<usize>> {
    let mut free: Vec<bool> = vec![true; held.len()];
    let mut take = |wanted: &dyn Fn(&Statement, bool) -> bool| {
        let fits = |at: &usize| free[*at] && wanted(&held[*at].0, held[*at].1);
        let found = (0..held.len()).find(fits)?;
        free[found] = false;
        Some(found)
    };
    let mut places: Vec<Option<usize>> = wanted
        .iter()
        .map(|(_, raw)| take(&|statement, _| statement.raw == *raw))
        .collect();
    for (place, (number, _)) in places.iter_mut().zip(wanted) {
        if place.is_none() {
            *place = take(&|statement, live| statement.number == *number && !live);
        }
    }
    for place in &mut places {
        if place.is_none() {
            *place = take(&|_, live| !live);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(number: usize, raw: &str, live: bool) -> (Statement, bool) {
        let statement = Statement {
            number,
            raw: raw.into(),
            ..Statement::default()
        };
        (statement, live)
    }

    #[test]
    fn what_runs_is_kept_and_a_statement_finds_its_own_result() {
        let all = [
            held(1, "select 1", false),
            held(2, "select * from s", true),
            held(3, "select 3", false),
        ];
        assert_eq!(
            places(&all, &[(1, "select * from s"), (2, "select 2"), (3, "new")]),
            [Some(1), Some(0), Some(2)]
        );
        // Edited while it runs: it runs on beside the new one.
        assert_eq!(places(&all[1..2], &[(2, "select * from t")]), [None]);
        assert_eq!(places(&[], &[(1, "a"), (2, "a")]), [None, None]);
        let twice = [held(1, "a", false), held(2, "a", true)];
        assert_eq!(places(&twice, &[(1, "a"), (2, "a")]), [Some(0), Some(1)]);
    }

    #[test]
    fn a_title_is_number_and_first_words() {
        let (mut statement, _) = held(2, "SELECT  count()\nFROM s", false);
        assert_eq!(statement.title(), "2 · SELECT count() FROM s");
        statement.raw = "ü".repeat(40);
        assert_eq!(statement.title(), format!("2 · {}…", "ü".repeat(28)));
    }
}
