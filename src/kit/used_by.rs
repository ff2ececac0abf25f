//! What depends on a resource, on its page: where it can be neither deleted nor changed, nothing
//! else tells.

use leptos::{prelude::*, task::spawn_local};

use super::dependents::dependents;
use crate::connections::{use_capabilities, use_endpoint};

#[component]
pub fn UsedBy(one: &'static str, #[prop(into)] key: Signal<String>) -> impl IntoView {
    let (endpoint, can) = (use_endpoint(), use_capabilities());
    let found = RwSignal::new(None::<Vec<String>>);
    let key = Memo::new(move |_| key.get());
    Effect::new(move || {
        let key = key.get();
        let Some(endpoint) = endpoint.get().filter(|_| !key.is_empty()) else {
            return;
        };
        let can = can.get_untracked();
        spawn_local(async move {
            let all = dependents(&endpoint, can, one, &[key]).await;
            // The page may be left meanwhile.
            found.try_set(Some(all));
        });
    });
    let body = move || match found.get() {
        None => view! { <p>"Looking for dependents…"</p> }.into_any(),
        Some(all) if all.is_empty() => view! { <p>"No known dependents."</p> }.into_any(),
        Some(all) => {
            let lines = all.into_iter().map(|line| view! { <li>{line}</li> });
            view! { <ul>{lines.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <section aria-label="Used by" aria-live="polite">
            <h2>"Used by"</h2>
            {body}
        </section>
    }
    .into_any()
}
