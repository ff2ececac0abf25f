//! What this browser keeps between visits (`localStorage`). It may forbid that or be full: then what
//! is kept is forgotten with the page, and everything goes on. Never a credential in the clear.

use leptos::{ev, prelude::*};
use serde::{Serialize, de::DeserializeOwned};

/// None where the browser keeps nothing, and outside a browser.
fn area() -> Option<web_sys::Storage> {
    match cfg!(target_arch = "wasm32") {
        true => window().local_storage().ok().flatten(),
        false => None,
    }
}

pub fn text(key: &str) -> Option<String> {
    area()?.get_item(key).ok().flatten()
}

/// What was kept by [`write`], if it can be read.
pub fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&text(key)?).ok()
}

/// Whether it is kept.
pub fn set_text(key: &str, text: &str) -> bool {
    area().is_some_and(|area| area.set_item(key, text).is_ok())
}

/// As JSON; whether it is kept.
pub fn write(key: &str, value: &impl Serialize) -> bool {
    serde_json::to_string(value).is_ok_and(|text| set_text(key, &text))
}

pub fn remove(key: &str) {
    if let Some(area) = area() {
        let _ = area.remove_item(key);
    }
}

/// Told what another tab or window keeps under `key` now; `None` where it has removed it.
pub fn on_change(key: String, changed: impl Fn(Option<String>) + 'static) {
    let listener = window_event_listener(ev::storage, move |event| match event.key() {
        // All of it was removed.
        None => changed(None),
        Some(one) if one == key => changed(event.new_value()),
        Some(_) => {}
    });
    on_cleanup(move || listener.remove());
}
