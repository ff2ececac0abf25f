//! Asks before unsaved input is left behind.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

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

/// What has unsaved input, and the question before it is lost.
struct Guard {
    dirty: Signal<bool>,
    ask: Box<dyn Fn(Callback<()>)>,
    /// Back or forward was pressed and the input given up.
    leaving: Cell<bool>,
    here: Box<dyn Fn() -> String>,
}

impl Guard {
    fn is_dirty(&self) -> bool {
        !self.leaving.get() && self.dirty.try_get_untracked().unwrap_or_default()
    }
}

thread_local! {
    /// What hears of back and forward before the router does; the newest with input is asked.
    static GUARDS: RefCell<Vec<Rc<Guard>>> = const { RefCell::new(Vec::new()) };
}

fn asked() -> Option<Rc<Guard>> {
    GUARDS.with_borrow(|all| all.iter().rev().find(|guard| guard.is_dirty()).cloned())
}

/// Does it, where input would be lost only after the person gave that up.
pub fn then(go_on: Callback<()>) {
    match asked() {
        Some(guard) => (guard.ask)(go_on),
        None => go_on.run(()),
    }
}

/// To be called before there is a router. Both listen on the window, where the first to come is the
/// first to hear, whatever is said of capturing.
pub fn listen() {
    let moves = window_event_listener(leptos::ev::popstate, |event| {
        if let Some(guard) = asked() {
            turn_back(&guard, &event);
        }
    });
    on_cleanup(move || moves.remove());
}

/// Back and forward ask, too. By the time a page hears of them the browser has gone already: the
/// address is put back before the question.
fn turn_back(guard: &Rc<Guard>, event: &web_sys::Event) {
    event.stop_immediate_propagation();
    let Ok(history) = window().history() else {
        return;
    };
    let here = (guard.here)();
    let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
    let leaving = send_wrapper::SendWrapper::new(guard.clone());
    (guard.ask)(Callback::new(move |()| {
        leaving.leaving.set(true);
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    }));
}

/// What is typed in a dialog: back, forward and reload leave it open, and `told` runs. `here` is the
/// page's address as it was when something was typed.
pub fn hold(dirty: Signal<bool>, here: StoredValue<String>, told: Callback<()>) {
    let unload = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.try_get_untracked().unwrap_or_default() {
            event.prevent_default();
        }
    });
    on_cleanup(move || unload.remove());
    enter(Guard {
        dirty,
        ask: Box::new(move |_| told.run(())),
        leaving: Cell::new(false),
        here: Box::new(move || here.get_value()),
    });
}

/// It is asked as long as its owner is there.
fn enter(guard: Guard) {
    let guard = Rc::new(guard);
    GUARDS.with_borrow_mut(|all| all.push(guard.clone()));
    let guard = send_wrapper::SendWrapper::new(guard);
    on_cleanup(move || {
        GUARDS.with_borrow_mut(|all| all.retain(|one| !Rc::ptr_eq(one, &guard)));
    });
}

fn guard_history(dirty: Signal<bool>, ask: impl Fn(Callback<()>) + 'static) {
    let location = use_location();
    let here = move || {
        let (path, search) = (
            location.pathname.get_untracked(),
            location.search.get_untracked(),
        );
        let mark = if search.is_empty() { "" } else { "?" };
        format!("{path}{mark}{search}")
    };
    enter(Guard {
        dirty,
        ask: Box::new(ask),
        leaving: Cell::new(false),
        here: Box::new(here),
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
