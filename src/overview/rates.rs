//! What goes through a Timeplus, live.

use leptos::prelude::*;

use crate::systems::timeplus::metrics::{Rates, Storage, Watched, use_metrics};

/// Nothing where the server does not tell.
#[component]
pub fn Flow() -> impl IntoView {
    let Watched {
        history,
        load,
        detailed,
        ..
    } = use_metrics();
    let charts = move || {
        view! {
            <section aria-label="Throughput and storage">
                <div class="metrics-charts">
                    {move || detailed.get().then(|| view! { <Rates history /> })}
                    <Storage history />
                </div>
            </section>
        }
    };
    (move || load.ready.get().then(charts)).into_any()
}
