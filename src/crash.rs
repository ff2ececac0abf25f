//! What a person sees when the console itself fails: the program has ended by then, so nothing
//! of it but this notice can be relied on.

use leptos::prelude::document;
use web_sys::{console, wasm_bindgen::JsValue};

/// From now on a panic is written to the browser's log and shown over the page.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console::error_1(&JsValue::from_str(&info.to_string()));
        show();
    }));
}

/// The notice alone.
pub fn show() {
    let document = document();
    let (Some(body), Ok(notice)) = (document.body(), document.create_element("div")) else {
        return;
    };
    let _ = notice.set_attribute("role", "alert");
    notice.set_class_name("crash");
    notice.set_text_content(Some(
        "Weir has failed and stopped. Reload the page to continue; \
         see the browser's console for details.",
    ));
    let _ = body.append_child(&notice);
}
