//! Live results without an editor: of a statement given, or of a query that runs already.

use leptos::prelude::*;

use super::{
    breaks::SessionBanner, results::ResultRows, session::Session, status::StatusLine,
    tools::LiveTools,
};
use crate::{
    connections::use_endpoint,
    ui::lazy::{Lazy, lazy},
};

/// Grid, buttons and status line of a session.
#[component]
pub fn LiveResults(session: Session, #[prop(into)] idle: String) -> impl IntoView {
    let timeline = RwSignal::new(false);
    view! {
        <section class="live" aria-label="Live results">
            <SessionBanner session />
            <LiveTools session timeline />
            <ResultRows session idle timeline />
            <StatusLine session />
        </section>
    }
    .into_any()
}

/// Pages that only may show rows come without the code for it.
const PREVIEW: Lazy<Signal<String>> = lazy!(live_preview: Signal<String> => |sql| {
    view! { <Preview sql /> }.into_any()
});

/// Runs `sql` as long as it is on the page; a change of `sql` starts anew.
#[component]
pub fn LivePreview(sql: Signal<String>) -> impl IntoView {
    PREVIEW.show(sql)
}

#[component]
fn Preview(sql: Signal<String>) -> impl IntoView {
    let session = Session::new();
    let endpoint = use_endpoint();
    Effect::new(move || {
        let sql = sql.get();
        if let Some(endpoint) = endpoint.get().filter(|_| !sql.is_empty()) {
            session.run(endpoint, sql);
        }
    });
    view! { <LiveResults session idle="Nothing to show yet." /> }
}
