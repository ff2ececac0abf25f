//! What the page's address tells: the statement of the tab shown, how its results are looked at,
//! and what was arranged of them. Secrets never get there.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};

use super::shared::Shared;
use crate::query::use_query;

/// Bytes of a statement that still fit into addresses everywhere.
const LONGEST: usize = 4_000;
/// Nothing is written while somebody types.
const CALM: Duration = Duration::from_millis(400);

/// Words that stand before or in the name of something secret.
const SECRET: [&str; 11] = [
    "password",
    "secret",
    "token",
    "api_key",
    "apikey",
    "credential",
    "private_key",
    "access_key",
    "authorization",
    "bearer",
    "passphrase",
];

/// The statement as the address may tell it; empty where it must not or cannot.
fn told(sql: &str) -> &str {
    let lower = sql.to_ascii_lowercase();
    let secret = SECRET.iter().any(|word| lower.contains(word));
    if secret || sql.len() > LONGEST {
        return "";
    }
    sql.trim()
}

/// Follows the address, and writes what a person does into it.
pub fn keep(shared: Shared) {
    let (location, navigate) = (use_location(), crate::paths::use_navigate());
    let tabs = shared.tabs;
    let written = StoredValue::new(None::<String>);
    let query = use_query();
    Effect::new(move || {
        let Some(sql) = query.get().get("q") else {
            return;
        };
        if written.with_value(|written| written.as_ref() != Some(&sql)) {
            written.set_value(Some(sql.clone()));
            tabs.show(&sql);
        }
    });
    let write = move || {
        let Some(tab) = tabs.active_tab_untracked() else {
            return;
        };
        let sql = tab.sql.with_untracked(|sql| told(sql).to_string());
        let mut params = query.get_untracked();
        let before = params.clone();
        params.set("q", &sql);
        params.set("tab", shared.view.get_untracked().as_str());
        params.set("view", &shared.arranged.get_untracked());
        params.set("chart", &shared.chart.get_untracked());
        params.set("from", &shared.from.get_untracked());
        if before == params {
            return;
        }
        written.set_value(Some(sql));
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        let path = location.pathname.get_untracked();
        navigate(&format!("{path}{params}"), options);
    };
    let write = StoredValue::new_local(write);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(waiting)) = waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    };
    Effect::new(move || {
        tabs.active.track();
        shared.view.track();
        shared.arranged.track();
        shared.chart.track();
        shared.from.track();
        if let Some(tab) = tabs.active_tab_untracked() {
            tab.sql.track();
        }
        stop();
        let due = move || {
            write.try_with_value(|write| write());
        };
        waiting.set_value(set_timeout_with_handle(due, CALM).ok());
    });
    on_cleanup(stop);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_or_is_long_is_not_told() {
        assert_eq!(told(" select 1 "), "select 1");
        assert_eq!(told("CREATE … SETTINGS Password='x'"), "");
        assert_eq!(told("select * from s where api_key = 'x'"), "");
        assert_eq!(told(&"x".repeat(LONGEST + 1)), "");
    }
}
