//! What has the focus may go: the row that was deleted, the bar of a selection that is over. The
//! keyboard goes on at what was around it then, not where the document begins.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure, prelude::wasm_bindgen};
use web_sys::{Element, HtmlElement};

// As much of it as is needed: a feature of web-sys more is a new build of all that stands on it.
#[wasm_bindgen]
extern "C" {
    type MutationObserver;

    #[wasm_bindgen(constructor, catch)]
    fn new(changed: &js_sys::Function) -> Result<MutationObserver, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn observe(this: &MutationObserver, node: &JsValue, what: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn disconnect(this: &MutationObserver);
}

/// What can take the focus of something in it.
const AROUND: &str = ".table-box, [role=tabpanel], main";

/// In `main`, as long as the page is there.
pub fn keep_focus(main: NodeRef<html::Main>) {
    let last = StoredValue::new_local(Vec::<Element>::new());
    let focused = window_event_listener(ev::focusin, move |event| {
        let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        last.set_value(element.map(with_around).unwrap_or_default());
    });
    on_cleanup(move || focused.remove());
    let asked = StoredValue::new(false);
    let seek = move || {
        asked.set_value(false);
        let Some(all) = last.try_get_value().filter(|all| is_lost(all)) else {
            return;
        };
        // Behind a dialog the focus is not free.
        if matches!(document().query_selector("dialog[open]"), Ok(None)) {
            last.set_value(Vec::new());
            take(&all[1..]);
        }
    };
    let changed = Closure::<dyn FnMut()>::new(move || {
        let lost = last.try_with_value(|all| is_lost(all)) == Some(true);
        if lost && !asked.get_value() {
            asked.set_value(true);
            // A dialog that closes gives the focus back first.
            request_animation_frame(move || {
                if !asked.is_disposed() {
                    seek();
                }
            });
        }
    });
    let observer = StoredValue::new_local(None::<(MutationObserver, Closure<dyn FnMut()>)>);
    let changed = StoredValue::new_local(Some(changed));
    main.on_load(move |main| {
        let Some(changed) = changed.try_update_value(Option::take).flatten() else {
            return;
        };
        if let Ok(made) = MutationObserver::new(changed.as_ref().unchecked_ref()) {
            let all = js_sys::Object::new();
            for what in ["childList", "subtree"] {
                // Fails for no object of one's own.
                let _ = js_sys::Reflect::set(&all, &what.into(), &JsValue::TRUE);
            }
            // Fails for no node.
            let _ = made.observe(&main, &all);
            observer.set_value(Some((made, changed)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = observer.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}

/// It, and from the inside out what is around it.
fn with_around(element: Element) -> Vec<Element> {
    let mut all = vec![element];
    while let Some(parent) = all.last().and_then(|last| last.parent_element())
        && let Ok(Some(around)) = parent.closest(AROUND)
    {
        all.push(around);
    }
    all
}

/// What had the focus last is gone, and nothing else has it.
fn is_lost(all: &[Element]) -> bool {
    let document = document();
    let free = document.active_element().is_none_or(|active| {
        let body = document.body();
        body.is_some_and(|body| active.is_same_node(Some(&body)))
    });
    free && all.first().is_some_and(|element| !element.is_connected())
}

fn take(around: &[Element]) {
    let shown = |element: &&Element| element.is_connected() && element.client_height() > 0;
    let Some(element) = around.iter().find(shown) else {
        return;
    };
    if !element.has_attribute("tabindex") {
        // Refuses no name that is one.
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}
