//! What of the rows is shown, and the figures beside them.

use weir_live::Limits;

use super::{Core, State, TELLS_EVERY};
use crate::live::{
    expression,
    gaps::{Gap, Layout},
};

impl Core {
    /// The person wants what is shown to stand still.
    pub fn hold(&mut self) {
        self.rows.hold();
        self.held_for_order = false;
    }

    /// Sorted rows stand still while more come, which would come in anywhere; not before there is
    /// one to be seen.
    pub fn hold_for_order(&mut self) {
        let sorted = self.applied.arrangement().sort.is_some();
        let moving = self.state.is_live() && !self.rows.held();
        if sorted && moving && !self.rows.shown().is_empty() {
            self.rows.hold();
            self.held_for_order = true;
        }
    }

    /// What waits is shown.
    pub fn release(&mut self) {
        self.rows.release();
        self.held_for_order = false;
    }

    pub fn is_held_for_order(&self) -> bool {
        self.held_for_order
    }

    pub fn received(&self) -> u64 {
        self.rows.end() + self.lost
    }

    /// Rows that arrived or were sent but cannot be looked at any more.
    pub fn dropped(&self) -> u64 {
        self.rows.dropped() + self.lost
    }

    pub fn rate(&self, now: f64) -> f64 {
        if self.state == State::Running {
            self.rate.per_second(now)
        } else {
            0.0
        }
    }

    /// Milliseconds by which the newest event read lay behind when the server last told, and since
    /// then where it has not told for a while.
    pub fn lag(&self, now: f64) -> Option<f64> {
        let (lag, told) = self.newest.filter(|_| self.state == State::Running)?;
        Some(lag + (now - told - TELLS_EVERY).max(0.0))
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.rows.set_limits(limits);
    }

    /// Breaks among the rows held, oldest first.
    pub fn breaks(&self) -> &[Gap] {
        self.gaps.all()
    }

    /// To be called before rows are shown; false: there is more to do in the next frame.
    pub fn arrange(&mut self) -> bool {
        self.applied
            .update(self.header, &self.rows, expression::compile)
    }

    /// What the lines of a grid show.
    pub fn layout(&self) -> Layout<'_> {
        let (ring, base) = (self.rows.shown(), self.rows.base());
        Layout::new(
            self.applied.picked(&self.rows),
            base + ring.first(),
            base + ring.end(),
            self.breaks(),
            self.rows.skipped(),
        )
    }
}
