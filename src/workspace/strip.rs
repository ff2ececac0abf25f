//! The row of query tabs.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::tabs::{QueryTab, QueryTabs};
use crate::ui::{Button, ButtonKind, Icon, IconName};

pub fn tab_id(id: u32) -> String {
    format!("query-tab-{id}")
}

pub fn panel_id(id: u32) -> String {
    format!("query-panel-{id}")
}

/// Arrow keys move between tabs, Delete closes one.
#[component]
pub fn TabStrip(
    tabs: QueryTabs,
    /// The list of streams is shown.
    side: RwSignal<bool>,
) -> impl IntoView {
    let keys = move |event: KeyboardEvent| {
        let ids: Vec<u32> = tabs
            .all
            .with_untracked(|all| all.iter().map(|tab| tab.id).collect());
        let active = tabs.active.get_untracked();
        let at = ids.iter().position(|id| *id == active).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % ids.len(),
            "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
            "Home" => 0,
            "End" => ids.len() - 1,
            "Delete" => {
                tabs.close(active);
                return focus(tabs.active.get_untracked());
            }
            _ => return,
        };
        event.prevent_default();
        tabs.active.set(ids[to]);
        focus(ids[to]);
    };
    // With many tabs the one that is shown may stand beside what is in view.
    Effect::new(move || {
        let active = tabs.active.get();
        request_animation_frame(move || into_view(active));
    });
    let any_closed = Memo::new(move |_| tabs.closed.with(|closed| !closed.is_empty()));
    let close_active = move || tabs.close(tabs.active.get_untracked());
    view! {
        <div class="tab-strip">
            <Button
                kind=ButtonKind::Quiet
                label="List of streams"
                pressed=side
                on_click=move || side.update(|side| *side = !*side)
            >
                <Icon name=IconName::Layers />
            </Button>
            <div class="tabs" role="tablist" aria-label="Query tabs" on:keydown=keys>
                <For each=move || tabs.all.get() key=|tab| tab.id let:tab>
                    <StripTab tabs tab />
                </For>
            </div>
            <Button kind=ButtonKind::Quiet label="New tab" on_click=move || tabs.open(String::new())>
                <Icon name=IconName::Plus />
            </Button>
            <Button kind=ButtonKind::Quiet label="Close tab" on_click=close_active>
                <Icon name=IconName::Close />
            </Button>
            <Show when=move || any_closed.get()>
                <Button kind=ButtonKind::Quiet label="Reopen closed tab" on_click=move || tabs.reopen()>
                    <Icon name=IconName::Undo />
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn StripTab(tabs: QueryTabs, tab: QueryTab) -> impl IntoView {
    let chosen = Memo::new(move |_| tabs.active.get() == tab.id);
    view! {
        <button
            type="button"
            role="tab"
            class="tab"
            id=tab_id(tab.id)
            aria-selected=move || if chosen.get() { "true" } else { "false" }
            aria-controls=panel_id(tab.id)
            tabindex=move || if chosen.get() { "0" } else { "-1" }
            on:click=move |_| tabs.active.set(tab.id)
            on:auxclick=move |event| {
                if event.button() == 1 {
                    tabs.close(tab.id);
                }
            }
        >
            {move || tab.title(tabs)}
        </button>
    }
}

/// Scrolls the strip as far as the tab needs it.
fn into_view(id: u32) {
    let tab = document().get_element_by_id(&tab_id(id));
    let Some((tab, strip)) = tab.and_then(|tab| Some((tab.clone(), tab.parent_element()?))) else {
        return;
    };
    let (tab, seen) = (
        tab.get_bounding_client_rect(),
        strip.get_bounding_client_rect(),
    );
    let before = (tab.left() - seen.left()).min(0.0);
    let behind = (tab.right() - seen.right()).max(0.0);
    strip.set_scroll_left(strip.scroll_left() + (before + behind) as i32);
}

/// After the new tab is in the document.
fn focus(id: u32) {
    request_animation_frame(move || {
        if let Some(tab) = document().get_element_by_id(&tab_id(id)) {
            let _ = tab.unchecked_ref::<HtmlElement>().focus();
        }
    });
}
