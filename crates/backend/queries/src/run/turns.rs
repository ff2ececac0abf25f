//! Whose statement is read or planned next: a user has one turn at a time, and who was served
//! longest ago comes first. One who sends many statements that take long keeps nobody else waiting
//! for more than one of them.

use std::collections::BTreeMap;

use weir_engine::SqlError;

/// Statements that are read or planned at once.
pub(super) const AT_ONCE: usize = 2;

/// Those that may wait for their turn; a turn takes milliseconds, and two seconds at most. Each
/// holds a thread.
const WAITING: usize = 256;
pub(super) const WAITING_OF_ONE: usize = 128;

pub(super) struct State {
    /// Given out so far.
    tickets: u64,
    waiting: BTreeMap<u64, String>,
    working: BTreeMap<u64, String>,
    /// When a user was served last, counted in turns; of those who wait or work.
    served: BTreeMap<String, u64>,
    turns: u64,
}

impl State {
    pub(super) const fn new() -> Self {
        Self {
            tickets: 0,
            waiting: BTreeMap::new(),
            working: BTreeMap::new(),
            served: BTreeMap::new(),
            turns: 0,
        }
    }

    /// The number of somebody who waits from now on. The backend itself, whose name is empty, waits
    /// in any case: what it runs must not fail for others.
    pub(super) fn queue(&mut self, user: String) -> Result<u64, SqlError> {
        let own = self.waiting.values().filter(|other| **other == user);
        let own = own.count();
        let all = self.waiting.len();
        let full = own >= WAITING_OF_ONE || all >= WAITING;
        if full && !user.is_empty() {
            let (count, whose) = match own >= WAITING_OF_ONE {
                true => (own, " of yours"),
                false => (all, ""),
            };
            return Err(SqlError::new(format!(
                "{count} statements{whose} wait to be read: try again in a moment"
            )));
        }
        self.tickets += 1;
        self.waiting.insert(self.tickets, user);
        Ok(self.tickets)
    }

    /// Whether it is the turn of this one, which then works.
    pub(super) fn begins(&mut self, ticket: u64) -> bool {
        if self.working.len() >= AT_ONCE || self.next() != Some(ticket) {
            return false;
        }
        if let Some(user) = self.waiting.remove(&ticket) {
            self.turns += 1;
            self.served.insert(user.clone(), self.turns);
            self.working.insert(ticket, user);
        }
        true
    }

    pub(super) fn end(&mut self, ticket: u64) {
        self.working.remove(&ticket);
        let (waiting, working) = (&self.waiting, &self.working);
        self.served.retain(|user, _| {
            let mut known = waiting.values().chain(working.values());
            known.any(|other| other == user)
        });
    }

    fn next(&self) -> Option<u64> {
        let free = self.waiting.iter().filter(|(_, user)| {
            let mut working = self.working.values();
            !working.any(|other| other == *user)
        });
        let first = free.min_by_key(|(ticket, user)| {
            let served = self.served.get(*user).copied().unwrap_or(0);
            (served, **ticket)
        });
        first.map(|(ticket, _)| *ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_sends_many_keeps_nobody_waiting_for_more_than_one() {
        let mut state = State::new();
        let queue = |state: &mut State, user: &str| state.queue(user.into());
        let many: Vec<u64> = (0..WAITING_OF_ONE)
            .map(|_| queue(&mut state, "many").expect("room"))
            .collect();
        let refused = queue(&mut state, "many").expect_err("no room");
        assert!(refused.to_string().starts_with("128 statements of yours"));
        assert!(state.begins(many[0]));
        assert!(!state.begins(many[1]), "one at a time");
        let other = queue(&mut state, "other").expect("room");
        assert!(state.begins(other), "at once, beside the one that works");
        let third = queue(&mut state, "third").expect("room");
        assert!(!state.begins(third), "two work");
        state.end(many[0]);
        assert!(!state.begins(many[1]), "the third was never served");
        assert!(state.begins(third));
        state.end(other);
        assert!(state.begins(many[1]));
        for ticket in [third, many[1]] {
            state.end(ticket);
        }
        for ticket in many.into_iter().skip(2) {
            assert!(state.begins(ticket));
            state.end(ticket);
        }
        assert!(state.waiting.is_empty() && state.working.is_empty() && state.served.is_empty());
    }

    #[test]
    fn all_together_have_a_bound() {
        let mut state = State::new();
        let queued = (0..WAITING).map(|n| state.queue(format!("user {}", n % 8)));
        assert!(queued.collect::<Result<Vec<_>, _>>().is_ok());
        let refused = state.queue("late".into()).expect_err("no room");
        assert!(refused.to_string().starts_with("256 statements wait"));
    }
}
