//! What of a session's rows is looked at: the newest, or those that a person holds.

use leptos::prelude::*;
use weir_live::Limits;

use super::{Session, set};

impl Session {
    pub fn pause(self) {
        self.paused.set(true);
        self.hold();
    }

    /// Shows what arrived meanwhile and follows again.
    pub fn follow(self) {
        self.paused.set(false);
        self.following.set(true);
        self.with(|inner| inner.core.borrow_mut().release());
        self.ask_frame();
        if self.arrangement.with_untracked(|all| all.sort.is_some()) {
            self.stand_in_order();
        }
    }

    /// A sorted view does not move to the newest rows.
    pub(super) fn stand_in_order(self) {
        set(self.following, false);
        self.with(|inner| inner.core.borrow_mut().hold_for_order());
    }

    /// Follows again after scrolling down to the newest row.
    pub fn catch_up(self) {
        if !self.following.get_untracked() {
            self.follow();
        }
    }

    /// The view stands still because the person looks at something.
    pub fn hold(self) {
        set(self.following, false);
        self.with(|inner| inner.core.borrow_mut().hold());
        self.ask_frame();
    }

    /// Begins with an empty view; a pause goes on.
    pub fn clear(self) {
        let paused = self.paused.get_untracked();
        self.with(|inner| inner.core.borrow_mut().clear());
        self.follow();
        if paused {
            self.pause();
        }
    }

    pub fn set_limits(self, limits: Limits) {
        self.with(|inner| inner.core.borrow_mut().set_limits(limits));
        self.ask_frame();
    }

    /// Shows the next row that waits; the view stays held.
    pub fn step(self) {
        self.hold();
        self.with(|inner| inner.core.borrow_mut().rows.step(1));
        self.steps.update(|steps| *steps = steps.wrapping_add(1));
        self.ask_frame();
    }
}
