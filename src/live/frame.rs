//! At most one publication per frame, and turns given to the browser between pieces of work.

use std::{cell::Cell, rc::Rc};

use js_sys::Promise;
use leptos::prelude::{request_animation_frame, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Calls `publish` in the next animation frame however often it is asked to. A hidden tab has no
/// frames: what was asked for then is done when it is seen again.
#[derive(Clone)]
pub struct FrameGate {
    asked: Rc<Cell<bool>>,
    publish: Rc<dyn Fn()>,
}

impl FrameGate {
    pub fn new(publish: impl Fn() + 'static) -> Self {
        Self {
            asked: Rc::default(),
            publish: Rc::new(publish),
        }
    }

    pub fn ask(&self) {
        if self.asked.replace(true) {
            return;
        }
        let (asked, publish) = (self.asked.clone(), self.publish.clone());
        request_animation_frame(move || {
            asked.set(false);
            publish();
        });
    }
}

/// Milliseconds a piece of work may take before the browser gets a turn.
const SLICE: f64 = 6.0;

/// Lets the browser draw and answer keys while many pieces of work are at hand. Timers would do
/// so too, but those of a hidden tab run once a second.
pub struct Turns {
    channel: MessageChannel,
    since: f64,
}

impl Turns {
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self {
            channel: MessageChannel::new()?,
            since: clock(),
        })
    }

    /// To be awaited after each piece of work.
    pub async fn give(&mut self) {
        if clock() - self.since < SLICE {
            return;
        }
        let (from, to) = (self.channel.port2(), self.channel.port1());
        let turn = Promise::new(&mut |resolve, _| {
            to.set_onmessage(Some(resolve.unchecked_ref()));
            if from.post_message(&JsValue::NULL).is_err() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        // The promise is never rejected.
        let _ = JsFuture::from(turn).await;
        self.since = clock();
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.channel.port1().close();
    }
}

/// Milliseconds that never go back.
pub fn clock() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}
