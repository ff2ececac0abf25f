//! Going up where no row is above: asks for what was before. A grid whose rows all fit does not
//! scroll, so the wheel, keys and a finger are looked at themselves.

use leptos::{ev::WheelEvent, prelude::*};
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::Grid;

/// Milliseconds without a turn of the wheel after which the next one is another: it goes on turning
/// by itself for a while.
const PAUSE: f64 = 300.0;
/// Pixels that a finger draws down at least.
const DRAWN: f64 = 24.0;

impl Grid {
    /// Somebody goes up from what is the oldest row.
    pub(super) fn above(self) {
        let at_start = self.with(|painter| painter.scroll.at_start());
        if let (Some(true), Some(on_top)) = (at_start, self.on_top) {
            on_top.run(());
        }
    }

    pub(super) fn turned(self, event: &WheelEvent) {
        let now = event.time_stamp();
        let before = self.turned.try_update_value(|last| last.replace(now));
        let another = before.flatten().is_none_or(|last| now - last > PAUSE);
        if another && event.delta_y() < 0.0 && !event.ctrl_key() {
            self.above();
        }
    }

    pub(super) fn touched(self, event: &Event) {
        self.finger.set_value(finger(event));
    }

    pub(super) fn drawn(self, event: &Event) {
        let (from, at) = (self.finger.get_value(), finger(event));
        if from.zip(at).is_some_and(|(from, at)| at - from > DRAWN) {
            // Once for each touch.
            self.finger.set_value(None);
            self.above();
        }
    }
}

/// Where the only finger is.
fn finger(event: &Event) -> Option<f64> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let touches = get(event, "touches")?;
    (get(&touches, "length")?.as_f64()? == 1.0).then_some(())?;
    get(&get(&touches, "0")?, "clientY")?.as_f64()
}
