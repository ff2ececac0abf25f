//! The border between editor and results, moved by pointer or keys.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::storage::{read, write};

const STORED: &str = "weir.editor.height";
const LOWEST: f64 = 72.0;
const HIGHEST: f64 = 900.0;
const STEP: f64 = 24.0;

/// Height of the editor in pixels; kept in this browser.
#[derive(Clone, Copy)]
pub struct EditorHeight(RwSignal<f64>);

impl EditorHeight {
    pub fn load() -> Self {
        Self(RwSignal::new(
            read(STORED).unwrap_or(190.0_f64).clamp(LOWEST, HIGHEST),
        ))
    }

    pub fn get(self) -> f64 {
        self.0.get()
    }

    fn set(self, height: f64) {
        self.0.set(height.clamp(LOWEST, HIGHEST).round());
        write(STORED, &self.0.get_untracked());
    }
}

#[component]
pub fn Splitter(height: EditorHeight) -> impl IntoView {
    // Pointer's place and height when the drag began.
    let drag = StoredValue::new(None::<(f64, f64)>);
    let press = move |event: PointerEvent| {
        let element: Option<HtmlElement> = event.current_target().map(JsCast::unchecked_into);
        if let Some(element) = element {
            // Without capture the drag ends where the pointer leaves the border.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        drag.set_value(Some((
            f64::from(event.client_y()),
            height.0.get_untracked(),
        )));
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, was)) = drag.get_value() {
            height.set(was + f64::from(event.client_y()) - from);
        }
    };
    let keys = move |event: KeyboardEvent| {
        let now = height.0.get_untracked();
        let to = match event.key().as_str() {
            "ArrowUp" => now - STEP,
            "ArrowDown" => now + STEP,
            "Home" => LOWEST,
            "End" => HIGHEST,
            _ => return,
        };
        event.prevent_default();
        height.set(to);
    };
    view! {
        <div
            class="splitter"
            role="separator"
            tabindex="0"
            aria-label="Height of the editor"
            aria-orientation="horizontal"
            aria-valuemin=LOWEST
            aria-valuemax=HIGHEST
            aria-valuenow=move || height.get()
            on:pointerdown=press
            on:pointermove=moved
            on:pointerup=move |_| drag.set_value(None)
            on:pointercancel=move |_| drag.set_value(None)
            on:keydown=keys
        ></div>
    }
    .into_any()
}
