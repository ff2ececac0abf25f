//! What every test of a component needs: a place in the document and eyes to look at it.

use std::{cell::Cell, rc::Rc};

use leptos::{
    mount::{UnmountHandle, mount_to},
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent},
};
use leptos_router::components::Router;
use weir::{
    connections::Connections,
    links::Links,
    ui::{Confirmer, Toasts},
};

/// A component in a box of its own; gone when dropped.
pub(crate) struct Page {
    root: HtmlElement,
    owner: Rc<Cell<Option<Owner>>>,
    _mounted: Box<dyn std::any::Any>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
        // What still waits for an answer holds its owner: listeners on the window would stay.
        if let Some(owner) = self.owner.take() {
            owner.cleanup();
        }
    }
}

/// Mounts `view` with the application's contexts, as the application would.
pub(crate) fn show(view: impl FnOnce() -> AnyView + Send + 'static) -> Page {
    let root: HtmlElement = document()
        .create_element("div")
        .expect("a box")
        .unchecked_into();
    document()
        .body()
        .expect("a body")
        .append_child(&root)
        .expect("in the document");
    let owner = Rc::new(Cell::new(None));
    let slot = owner.clone();
    let handle: UnmountHandle<_> = mount_to(root.clone(), move || {
        slot.set(Owner::current());
        provide_context(Connections::new());
        provide_context(Toasts::new());
        provide_context(Confirmer::new());
        let links = Links::listen();
        view! { <Router>{links.connect()} {view()}</Router> }
    });
    Page {
        root,
        owner,
        _mounted: Box::new(handle),
    }
}

impl Page {
    pub(crate) fn try_find(&self, selector: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(selector).expect("a selector");
        found.map(JsCast::unchecked_into)
    }

    pub(crate) fn find(&self, selector: &str) -> HtmlElement {
        let html = self.root.inner_html();
        self.try_find(selector)
            .unwrap_or_else(|| panic!("no {selector} in {html}"))
    }

    /// The button with exactly these words or this accessible name.
    pub(crate) fn button(&self, words: &str) -> HtmlElement {
        let all = self.root.get_elements_by_tag_name("button");
        (0..all.length())
            .filter_map(|index| all.item(index))
            .map(JsCast::unchecked_into::<HtmlElement>)
            .find(|button| {
                // Without the reason why it is disabled, which is not shown; what is folded away
                // has no shown text at all.
                let shown = Some(button.inner_text()).filter(|text| !text.is_empty());
                let label = button.get_attribute("aria-label").or(shown);
                label.or_else(|| button.text_content()).as_deref() == Some(words)
            })
            .unwrap_or_else(|| panic!("no button {words:?} in {}", self.root.inner_html()))
    }

    pub(crate) fn text(&self) -> String {
        self.root.inner_text()
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let all = self.root.query_selector_all(selector).expect("a selector");
        (0..all.length())
            .filter_map(|index| all.item(index))
            .map(JsCast::unchecked_into)
            .collect()
    }

    /// As after a person's change of the control.
    pub(crate) fn fire(&self, control: &Element, event: &str) {
        let event = leptos::web_sys::Event::new(event).expect("an event");
        control.dispatch_event(&event).expect("dispatched");
    }

    pub(crate) fn type_in(&self, selector: &str, text: &str) {
        let input: HtmlInputElement = self.find(selector).unchecked_into();
        input.set_value(text);
        let event = leptos::web_sys::Event::new("input").expect("an event");
        input.dispatch_event(&event).expect("dispatched");
    }
}

/// A key pressed on an element; bubbles as a person's would.
pub(crate) fn press(element: &Element, key: &str) {
    press_with(element, key, &[]);
}

/// `held` are keys held down meanwhile, for example `ctrlKey`.
pub(crate) fn press_with(element: &Element, key: &str, held: &[&str]) {
    let init = js_sys::Object::new();
    let held = held.iter().map(|name| (*name, JsValue::TRUE));
    for (name, value) in held.chain([("key", JsValue::from(key)), ("bubbles", JsValue::TRUE)]) {
        js_sys::Reflect::set(&init, &name.into(), &value).expect("a plain object");
    }
    let class: js_sys::Function = js_sys::Reflect::get(&js_sys::global(), &"KeyboardEvent".into())
        .expect("in every browser")
        .unchecked_into();
    let event = js_sys::Reflect::construct(&class, &js_sys::Array::of2(&"keydown".into(), &init));
    let event: KeyboardEvent = event.expect("an event").unchecked_into();
    element.dispatch_event(&event).expect("dispatched");
}

/// Effects and views have caught up.
pub(crate) async fn settle() {
    for _ in 0..3 {
        leptos::task::tick().await;
    }
}

/// Until `done`, frame by frame; panics after some five seconds.
pub(crate) async fn until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..300 {
        if done() {
            return;
        }
        frame().await;
    }
    panic!("waited in vain: {what}");
}

async fn frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        window().request_animation_frame(&resolve).expect("a frame");
    });
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .expect("a frame");
}

pub(crate) fn focused() -> Element {
    document()
        .active_element()
        .expect("something has the focus")
}
