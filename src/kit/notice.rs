//! What a page says of its loading and of what failed.

use leptos::prelude::*;
use weir_api::ApiError;

use super::Load;
use crate::ui::{Banner, Tone};

/// What could not be done, one sentence each.
#[component]
pub fn Failed(failures: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let all = failures.get();
        (!all.is_empty()).then(|| {
            let lines: Vec<_> = all
                .into_iter()
                .map(|line| view! { <li>{line}</li> })
                .collect();
            view! { <Banner tone=Tone::Bad><ul class="failures">{lines}</ul></Banner> }
        })
    }
}

/// Says nothing for the first moment, so that a quick answer does not flash.
#[component]
pub fn Waiting(load: Load) -> impl IntoView {
    move || {
        let words = match load.error.get() {
            None => "Loading…",
            Some(ApiError::Network(_)) => "Not loaded yet: the connection cannot be reached.",
            Some(_) => "",
        };
        view! { <p class="waiting" role="status">{words}</p> }
    }
}
