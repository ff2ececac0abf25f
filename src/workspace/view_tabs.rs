//! Results, chart, last runs or history of a query; the choice is kept in the URL's `?tab=`.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::ui::unique;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultView {
    Results,
    Chart,
    Runs,
    History,
}

impl ResultView {
    const ALL: [Self; 4] = [Self::Results, Self::Chart, Self::Runs, Self::History];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Results => "results",
            Self::Chart => "chart",
            Self::Runs => "runs",
            Self::History => "history",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == text)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Results => "Results",
            Self::Chart => "Chart",
            Self::Runs => "Runs",
            Self::History => "History",
        }
    }
}

#[component]
pub fn ViewTabs(view: RwSignal<ResultView>) -> impl IntoView {
    let prefix = unique("result-view");
    let keys_prefix = prefix.clone();
    let keys = move |event: KeyboardEvent| {
        let all = ResultView::ALL;
        let now = view.get_untracked();
        let at = all.iter().position(|view| *view == now).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % all.len(),
            "ArrowLeft" => (at + all.len() - 1) % all.len(),
            "Home" => 0,
            "End" => all.len() - 1,
            _ => return,
        };
        event.prevent_default();
        view.set(all[to]);
        let id = format!("{keys_prefix}-{}", all[to].as_str());
        if let Some(tab) = document().get_element_by_id(&id) {
            let _ = tab.unchecked_ref::<HtmlElement>().focus();
        }
    };
    view! {
        <div class="tabs view-tabs" role="tablist" aria-label="Result views" on:keydown=keys>
            {ResultView::ALL.map(|one| {
                let chosen = move || view.get() == one;
                view! {
                    <button
                        type="button"
                        role="tab"
                        class="tab"
                        id=format!("{prefix}-{}", one.as_str())
                        aria-selected=move || if chosen() { "true" } else { "false" }
                        tabindex=move || if chosen() { "0" } else { "-1" }
                        on:click=move |_| view.set(one)
                    >
                        {one.label()}
                    </button>
                }
            })}
        </div>
    }
    .into_any()
}
