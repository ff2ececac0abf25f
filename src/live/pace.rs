//! How often something expensive is drawn.

use leptos::prelude::*;

use super::frame::clock;

/// Leaves the browser most of the time when drawing takes long.
#[derive(Clone, Copy)]
pub struct Pace {
    next: StoredValue<f64>,
    waits: StoredValue<bool>,
    /// Changes when it is time to ask again.
    pub again: RwSignal<u32>,
}

impl Pace {
    pub fn new() -> Self {
        Self {
            next: StoredValue::new(0.0),
            waits: StoredValue::new(false),
            again: RwSignal::new(0),
        }
    }

    /// False: asked too early; `again` changes when it is time.
    pub fn ready(self) -> bool {
        let left = self.next.get_value() - clock();
        if left <= 0.0 {
            return true;
        }
        if !self.waits.get_value() {
            self.waits.set_value(true);
            set_timeout(
                move || {
                    if self.waits.try_set_value(false).is_none() {
                        self.again.update(|again| *again = again.wrapping_add(1));
                    }
                },
                std::time::Duration::from_millis(left.ceil() as u64),
            );
        }
        false
    }

    pub fn took(self, since: f64) {
        let now = clock();
        let cost = now - since;
        // A quarter of the time; what leaves half of a frame may be drawn in every one.
        self.next
            .set_value(if cost < 8.0 { 0.0 } else { now + 3.0 * cost });
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}
