//! What of a dashboard stands in the page's address: values of controls (`?var-x=`), the time
//! range, and whether it is edited or fills the screen.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::{board::Board, range};

const VARIABLE: &str = "var-";

/// The variables among the parameters.
pub fn variables<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    params
        .filter_map(|(key, value)| Some((key.strip_prefix(VARIABLE)?.into(), value.into())))
        .collect()
}

/// Takes over what the address says and keeps it up to date from then on.
pub fn keep(board: Board, full: RwSignal<bool>) {
    let (location, navigate) = (use_location(), use_navigate());
    let start = location.query.get_untracked();
    let pairs = start.clone().into_iter().collect::<Vec<_>>();
    let pairs = pairs
        .iter()
        .map(|(key, value)| (key.as_ref(), value.as_str()));
    board.chosen.set(variables(pairs));
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
        let mut params = location.query.get_untracked();
        let old: Vec<String> = params
            .clone()
            .into_iter()
            .map(|(key, _)| key.to_string())
            .filter(|key| key.starts_with(VARIABLE))
            .collect();
        for key in old
            .iter()
            .map(String::as_str)
            .chain(["range", "edit", "full"])
        {
            params.remove(key);
        }
        for (name, value) in chosen {
            params.insert(format!("{VARIABLE}{name}"), value);
        }
        if !range.is_empty() {
            params.insert("range", range);
        }
        for (name, on) in [("edit", editing), ("full", full)] {
            if on {
                params.insert(name, "1".to_string());
            }
        }
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&format!("{path}{}", params.to_query_string()), options);
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
