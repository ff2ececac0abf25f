//! What of a dashboard stands in the page's address: values of controls (`?var-x=`), the time
//! range, and whether it is edited or fills the screen.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};

use super::{board::Board, range};
use crate::query::use_query;

const VARIABLE: &str = "var-";

/// The variables among the parameters.
pub fn variables<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    params
        .filter_map(|(key, value)| Some((key.strip_prefix(VARIABLE)?.into(), value.into())))
        .collect()
}

/// Takes over what the address says and keeps it up to date from then on.
pub fn keep(board: Board, full: RwSignal<bool>) {
    let (location, navigate) = (use_location(), crate::paths::use_navigate());
    let query = use_query();
    let start = query.get_untracked();
    board.chosen.set(variables(start.all()));
    board.range.set(
        start
            .get("range")
            .filter(|range| range::known(range))
            .unwrap_or_default(),
    );
    board.editing.set(start.get("edit").is_some());
    full.set(start.get("full").is_some());
    let path = location.pathname.get_untracked();
    Effect::new(move |first: Option<()>| {
        let (chosen, range) = (board.chosen.get(), board.range.get());
        let (editing, full) = (board.editing.get(), full.get());
        if first.is_none() || location.pathname.get_untracked() != path {
            return;
        }
        let mut params = query.get_untracked();
        params.retain(|name| !name.starts_with(VARIABLE));
        for (name, value) in chosen {
            params.put(&format!("{VARIABLE}{name}"), &value);
        }
        params.set("range", &range);
        for (name, on) in [("edit", editing), ("full", full)] {
            params.set(name, if on { "1" } else { "" });
        }
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&format!("{path}{params}"), options);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_are_variables() {
        let params = [("var-host", "a b"), ("range", "5m"), ("var-n", "")];
        let found = variables(params.into_iter());
        let found: Vec<_> = found
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(found, [("host", "a b"), ("n", "")]);
    }
}
