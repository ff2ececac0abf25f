//! Asks before unsaved input is left behind.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{HtmlAnchorElement, MouseEvent};

use super::{Confirm, use_confirm};

/// While `dirty`, links ask first and the browser warns before the page is closed or reloaded.
/// `leave` runs when the person gives the input up.
pub fn guard(dirty: Signal<bool>, leave: Callback<()>) {
    let unload = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.get_untracked() {
            event.prevent_default();
        }
    });
    let (confirm, navigate) = (use_confirm(), crate::paths::use_navigate());
    let navigate = StoredValue::new_local(navigate);
    let question = || Confirm {
        title: "Leave without saving?".into(),
        consequences: vec!["Your input on this page will be lost.".into()],
        action: "Leave".into(),
        danger: true,
        type_name: None,
    };
    guard_history(dirty, move |go_on: Callback<()>| {
        confirm.ask(question(), move || {
            leave.run(());
            go_on.run(());
        });
    });
    let clicked = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if !dirty.get_untracked() {
            return;
        }
        let Some(href) = link_of(&event) else { return };
        event.prevent_default();
        event.stop_propagation();
        confirm.ask(question(), move || {
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

type Guard = Rc<dyn Fn(&web_sys::Event)>;

thread_local! {
    /// What hears of back and forward before the router does; the newest is asked.
    static GUARDS: RefCell<Vec<Guard>> = const { RefCell::new(Vec::new()) };
}

/// To be called before there is a router. Both listen on the window, where the first to come is the
/// first to hear, whatever is said of capturing.
pub fn listen() {
    let moves = window_event_listener(leptos::ev::popstate, |event| {
        let guard = GUARDS.with_borrow(|all| all.last().cloned());
        if let Some(guard) = guard {
            guard(&event);
        }
    });
    on_cleanup(move || moves.remove());
}

/// Back and forward ask, too. By the time a page hears of them the browser has gone already: the
/// address is put back before the question.
fn guard_history(dirty: Signal<bool>, ask: impl Fn(Callback<()>) + 'static) {
    let location = use_location();
    let leaving = StoredValue::new(false);
    let moved: Guard = Rc::new(move |event: &web_sys::Event| {
        if !dirty.try_get_untracked().unwrap_or_default() || leaving.get_value() {
            return;
        }
        event.stop_immediate_propagation();
        let (path, search) = (
            location.pathname.get_untracked(),
            location.search.get_untracked(),
        );
        let mark = if search.is_empty() { "" } else { "?" };
        let here = format!("{path}{mark}{search}");
        let Ok(history) = window().history() else {
            return;
        };
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
        ask(Callback::new(move |()| {
            leaving.set_value(true);
            if let Ok(history) = window().history() {
                let _ = history.back();
            }
        }));
    });
    GUARDS.with_borrow_mut(|all| all.push(moved.clone()));
    let moved = send_wrapper::SendWrapper::new(moved);
    on_cleanup(move || {
        GUARDS.with_borrow_mut(|all| all.retain(|guard| !Rc::ptr_eq(guard, &moved)));
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
