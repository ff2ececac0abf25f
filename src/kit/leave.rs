//! Asks before unsaved input is left behind.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlAnchorElement, MouseEvent};

use crate::ui::{Confirm, use_confirm};

/// While `dirty`, links ask first and the browser warns before the page is closed or reloaded.
/// `leave` runs when the person gives the input up.
pub fn guard(dirty: Signal<bool>, leave: Callback<()>) {
    let unload = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.get_untracked() {
            event.prevent_default();
        }
    });
    let (confirm, navigate) = (use_confirm(), use_navigate());
    let navigate = StoredValue::new_local(navigate);
    let clicked = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if !dirty.get_untracked() {
            return;
        }
        let Some(href) = link_of(&event) else { return };
        event.prevent_default();
        event.stop_propagation();
        let question = Confirm {
            title: "Leave without saving?".into(),
            consequences: vec!["Your input on this page will be lost.".into()],
            action: "Leave".into(),
            danger: true,
            type_name: None,
        };
        confirm.ask(question, move || {
            leave.run(());
            navigate.with_value(|go| go(&href, NavigateOptions::default()));
        });
    });
    // Before the router's own listener, which is on the window.
    let function = clicked.as_ref().unchecked_ref::<js_sys::Function>().clone();
    let _ = document().add_event_listener_with_callback_and_bool("click", &function, true);
    let clicked = send_wrapper::SendWrapper::new((clicked, function));
    on_cleanup(move || {
        unload.remove();
        let (clicked, function) = clicked.take();
        let _ = document().remove_event_listener_with_callback_and_bool("click", &function, true);
        drop(clicked);
    });
}

/// The path of the link that a plain click would follow inside this application.
fn link_of(event: &MouseEvent) -> Option<String> {
    if event.button() != 0
        || event.meta_key()
        || event.ctrl_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target
        .closest("a[href]")
        .ok()??
        .dyn_into::<HtmlAnchorElement>()
        .ok()?;
    if !link.target().is_empty() || link.has_attribute("download") {
        return None;
    }
    let here = window().location();
    let origin = here.origin().ok()?;
    let rest = link.href().strip_prefix(&origin)?.to_string();
    // A place on this very page.
    (!rest.starts_with('#') && rest.split('#').next() != here.pathname().ok().as_deref())
        .then_some(rest)
}
