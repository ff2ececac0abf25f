//! Which result a statement takes, and what goes for it.

use super::{
    run::Runner,
    slots::{self, MOST, Statement},
};
use crate::live::core::State;
use leptos::prelude::*;

impl Runner {
    /// The results that the statements take. One statement alone takes the result that is shown
    /// where it has none of its own; what several do not take and what is over goes.
    pub(super) fn take(self, wanted: &[Statement]) -> Vec<Option<u32>> {
        let all = self.slots.all.get_untracked();
        let held: Vec<_> = all
            .iter()
            .map(|slot| (slot.statement.get_untracked(), slot.is_live()))
            .collect();
        if let [one] = wanted {
            let own = held.iter().position(|(held, _)| held.raw == one.raw);
            let shown = self.slots.shown.get_untracked();
            return vec![Some(own.map_or(shown, |at| all[at].id))];
        }
        let asked: Vec<_> = wanted
            .iter()
            .map(|one| (one.number, one.raw.as_str()))
            .collect();
        let places = slots::places(&held, &asked);
        for (at, slot) in all.iter().enumerate() {
            if !places.contains(&Some(at)) && !held[at].1 {
                self.close(slot.id);
            }
        }
        places
            .into_iter()
            .map(|at| at.map(|at| all[at].id))
            .collect()
    }

    pub(super) fn make_room(self) {
        let all = self.slots.all.get_untracked();
        let shown = self.slots.shown.get_untracked();
        let idle = all
            .iter()
            .filter(|slot| slot.id != shown && !slot.is_live());
        let oldest = all.iter().filter(|slot| slot.id != shown);
        if all.len() >= MOST
            && let Some(slot) = idle.chain(oldest).next()
        {
            self.close(slot.id);
        }
    }

    /// Takes a result away; what runs in it is ended.
    pub fn close(self, id: u32) {
        if let Some(slot) = self.slots.get(id).filter(|slot| slot.is_live()) {
            self.ended(slot, State::Canceled);
        }
        self.slots.close(id);
    }
}
