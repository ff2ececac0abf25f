//! Calls whose answer is long in coming: people want to know why nothing happens.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::set_timeout_with_handle};

use super::{Endpoint, observer::tell_late};

const LATE: Duration = Duration::from_secs(5);

/// A call that is waited for; told of when it has taken [`LATE`], until this is dropped.
pub(super) struct Waited {
    endpoint: Endpoint,
    told: Rc<Cell<bool>>,
    timer: Option<TimeoutHandle>,
}

impl Waited {
    pub(super) fn begin(endpoint: &Endpoint) -> Self {
        let told = Rc::new(Cell::new(false));
        let (late, of) = (told.clone(), endpoint.clone());
        let tell = move || {
            late.set(true);
            tell_late(&of, true);
        };
        Self {
            endpoint: endpoint.clone(),
            told,
            timer: set_timeout_with_handle(tell, LATE).ok(),
        }
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        if self.told.get() {
            tell_late(&self.endpoint, false);
        }
    }
}
