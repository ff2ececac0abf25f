//! What a page asks the server for, kept in the page's address.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// The address's parameter; empty where there is none.
pub fn parameter(name: &str) -> String {
    use_location()
        .query
        .with_untracked(|query| query.get(name).unwrap_or_default())
}

/// Writes the parameters whenever they change; empty ones are left out.
pub fn keep(parameters: Signal<Vec<(&'static str, String)>>) {
    let (location, navigate) = (use_location(), use_navigate());
    let path = location.pathname.get_untracked();
    Effect::new(move |before: Option<Vec<(&'static str, String)>>| {
        let now = parameters.get();
        let changed = before.is_some_and(|before| before != now);
        if changed && location.pathname.get_untracked() == path {
            let mut query = location.query.get_untracked();
            for (name, value) in &now {
                query.remove(name);
                if !value.is_empty() {
                    query.insert(*name, value.clone());
                }
            }
            let replace = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&format!("{path}{}", query.to_query_string()), replace);
        }
        now
    });
}
