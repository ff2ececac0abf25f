//! What belongs to a session and is no signal.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::{
    core::Core,
    facts::{Access, Facts},
    frame::{FrameGate, clock},
    seat::Seat,
};
use crate::http::{self, Abort, Endpoint};

/// Milliseconds of a frame in which a filter or an order may catch up.
const ARRANGES: f64 = 24.0;

pub(super) struct Inner {
    pub core: RefCell<Core>,
    pub access: Cell<Access>,
    pub gate: FrameGate,
    pub endpoint: RefCell<Option<Endpoint>>,
    /// Ends what is being read; replaced by each run.
    pub abort: RefCell<Option<Rc<Abort>>>,
    /// With its connection.
    pub events: RefCell<Option<(http::Events, Seat)>>,
    /// Wakes an attach that waits for its time.
    pub wake: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Ends the wait for a connection.
    pub leave_queue: RefCell<Option<js_sys::Function>>,
}

impl Inner {
    pub(super) fn facts(&self) -> Facts {
        let mut core = self.core.borrow_mut();
        let until = clock() + ARRANGES;
        let mut filtering = !core.arrange();
        while filtering && clock() < until {
            filtering = !core.arrange();
        }
        let now = js_sys::Date::now();
        let rate = core.rate(now);
        let ring = core.rows.shown();
        Facts {
            received: core.received(),
            shown: ring.len(),
            dropped: core.dropped(),
            waiting: core.rows.waiting(),
            rate,
            lag: core.lag(now),
            bytes: ring.bytes() as u64,
            extra_cells: core.extra_cells,
            matching: core.applied.matching(),
            filtering,
            version: (
                core.header,
                ring.version() + core.breaks().len() as u64,
                core.applied.version,
            ),
        }
    }

    pub(super) fn stop_reading(&self) {
        self.abort.replace(None);
        self.events.replace(None);
        self.wake.replace(None);
        if let Some(leave) = self.leave_queue.take() {
            let _ = leave.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    }
}
