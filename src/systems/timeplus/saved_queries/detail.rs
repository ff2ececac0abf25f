//! The page of one saved query.

use leptos::prelude::*;
use weir_api::timeplus::saved_query::SavedQuery;

use crate::{
    kit::described,
    ui::{Badge, CopyButton, Tab, Time},
};

pub fn facts(model: Signal<SavedQuery>) -> AnyView {
    let tags = move || {
        let tags = model.with(|query| query.tags.clone());
        tags.into_iter()
            .map(|tag| view! { <Badge text=Signal::stored(tag) /> })
            .collect_view()
    };
    let description = move || model.with(|query| described(&query.description));
    view! { {tags} {description} }.into_any()
}

pub fn tabs(model: Signal<SavedQuery>) -> Vec<Tab> {
    vec![Tab::new(
        "sql",
        "SQL",
        move || view! { <Statement model /> },
    )]
}

#[component]
fn Statement(model: Signal<SavedQuery>) -> impl IntoView {
    let sql = Signal::derive(move || model.with(|query| query.sql.clone()));
    let moments = move || {
        let query = model.get();
        let moments = [
            ("Created", query.created_at, query.created_by),
            ("Changed", query.last_updated_at, query.last_updated_by),
        ];
        let shown = moments.into_iter().filter_map(|(term, at, by)| {
            let iso = at?;
            let by = by.map(|owner| format!(" by {}", owner.name));
            Some(view! { <div><dt>{term}</dt><dd><Time iso />{by}</dd></div> })
        });
        shown.collect_view()
    };
    view! {
        <div class="schema">
            <section class="sql-aside" aria-label="Statement">
                <header><h2>"Statement"</h2> <CopyButton text=sql label="Copy SQL" /></header>
                <pre tabindex="0">{sql}</pre>
            </section>
            <dl class="settings" aria-label="Details">{moments}</dl>
        </div>
    }
    .into_any()
}
