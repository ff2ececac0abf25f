//! Tabs whose choice is kept in the URL's `?tab=`.

use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_location};
use wasm_bindgen::JsCast;

use super::unique;
use crate::query::use_query;

#[derive(Clone)]
pub struct Tab {
    pub id: &'static str,
    pub label: String,
    pub view: ViewFn,
}

impl Tab {
    pub fn new(id: &'static str, label: impl Into<String>, view: impl Into<ViewFn>) -> Self {
        Self {
            id,
            label: label.into(),
            view: view.into(),
        }
    }
}

/// Only the chosen tab's view exists. The first tab is chosen where the URL names none.
#[component]
pub fn Tabs(
    /// What the tabs are of, for example the stream's name.
    #[prop(into)]
    label: Signal<String>,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let prefix = unique("tabs");
    let query = use_query();
    let ids: Vec<&'static str> = tabs.iter().map(|tab| tab.id).collect();
    let (location, navigate) = (use_location(), crate::paths::use_navigate());
    let page = location.pathname.get_untracked();
    let current = {
        let ids = ids.clone();
        Memo::new(move |before: Option<&usize>| {
            let wanted = query.read().get("tab");
            // The address of the page that comes next says nothing about this one's tabs.
            if let Some(before) = before
                && location.pathname.get_untracked() != page
            {
                return *before;
            }
            ids.iter()
                .position(|id| wanted.as_deref() == Some(*id))
                .unwrap_or(0)
        })
    };
    let go = {
        let ids = ids.clone();
        move |index: usize| {
            let mut params = query.get_untracked();
            params.set("tab", ids[index]);
            let url = format!("{}{params}", location.pathname.get_untracked());
            navigate(
                &url,
                NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..Default::default()
                },
            );
        }
    };
    let go = StoredValue::new_local(go);
    let (count, keys_prefix) = (ids.len(), prefix.clone());
    let keys = move |event: KeyboardEvent| {
        let at = current.get_untracked();
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        go.with_value(|go| go(to));
        focus(&format!("{keys_prefix}-{to}"));
    };
    let panel = format!("{prefix}-panel");
    let buttons: Vec<_> = tabs
        .iter()
        .enumerate()
        .map(|(index, tab)| {
            let chosen = move || current.get() == index;
            view! {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    id=format!("{prefix}-{index}")
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    aria-controls=panel.clone()
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    on:click=move |_| go.with_value(|go| go(index))
                >
                    {tab.label.clone()}
                </button>
            }
        })
        .collect();
    let views: Vec<ViewFn> = tabs.into_iter().map(|tab| tab.view).collect();
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=keys>
            {buttons}
        </div>
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel.clone()
            tabindex="-1"
            aria-labelledby=move || format!("{prefix}-{}", current.get())
        >
            {move || views[current.get()].run()}
        </div>
    }
    .into_any()
}

fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element
            .unchecked_ref::<leptos::web_sys::HtmlElement>()
            .focus();
    }
}
