//! What arrives is written down, and played again.

use leptos::prelude::*;

use super::Session;
use crate::live::{core::State, recording::Recording};

impl Session {
    /// A recording is played from its start; what ran before is ended.
    pub fn begin_replay(self) {
        self.cancel_quietly();
        self.paused.set(false);
        self.sql.set(String::new());
        self.offer.set(None);
        self.with(|inner| {
            inner.stop_reading();
            // No server knows what is played.
            inner.endpoint.replace(None);
            let mut core = inner.core.borrow_mut();
            core.ask(false, js_sys::Date::now());
        });
        self.publish();
        self.follow();
    }

    /// Nothing more comes, whether the recording told of an end or not.
    pub fn end_replay(self) {
        self.with(|inner| {
            let mut core = inner.core.borrow_mut();
            if core.state.is_live() {
                core.over(State::Finished, js_sys::Date::now());
            }
        });
        self.publish();
    }

    /// From now on what arrives is written down.
    pub fn start_recording(self) {
        self.with(|inner| {
            let mut core = inner.core.borrow_mut();
            let query = core.query.clone().filter(|_| core.state == State::Running);
            core.recording = Some(Recording::start(js_sys::Date::now(), query.as_deref()));
        });
        self.recording.set(true);
    }

    /// What was written down since it was last asked for; `None` when nothing is recorded.
    pub fn take_recorded(self) -> Option<String> {
        self.with(|inner| {
            inner
                .core
                .borrow_mut()
                .recording
                .as_mut()
                .map(Recording::take)
        })
    }

    pub fn stop_recording(self) {
        self.with(|inner| inner.core.borrow_mut().recording = None);
        self.recording.set(false);
    }

    /// Takes recorded bytes of a stream as if they came from a server.
    pub fn replay(self, bytes: &[u8]) {
        let now = js_sys::Date::now();
        self.with(|inner| {
            let mut core = inner.core.borrow_mut();
            if core.state == State::Idle {
                core.ask(false, now);
            }
            core.bytes(bytes, now);
        });
        self.publish();
    }
}
