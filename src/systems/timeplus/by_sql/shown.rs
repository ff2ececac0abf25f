//! What the server tells of one, as it came.

use leptos::prelude::*;
use weir_api::timeplus::by_sql::Thing;

use crate::{
    kit::{BulkAction, Load, Target, address::use_key, use_act},
    text::visible,
    ui::{Button, CopyButton},
};

/// Columns that stand elsewhere in the list.
const ELSEWHERE: [&str; 5] = ["name", "database", "state", "status", "class"];

/// All that says something and has no column of its own, as `column: value`.
pub fn details(thing: &Thing) -> String {
    let told = thing.fields.iter().filter(|(column, value)| {
        let elsewhere = ELSEWHERE.iter().any(|one| column.eq_ignore_ascii_case(one));
        !elsewhere && !value.is_empty() && *value != thing.key
    });
    let told = told.map(|(column, value)| format!("{column}: {value}"));
    told.collect::<Vec<_>>().join(" · ")
}

/// Everything, for a search.
pub fn words(thing: &Thing) -> String {
    let values = thing.fields.iter().map(|(_, value)| value.as_str());
    values.collect::<Vec<_>>().join(" ")
}

/// Of the one that the page's address names.
pub fn actions(verbs: &'static [BulkAction], one: &'static str, load: Load) -> AnyView {
    if verbs.is_empty() {
        return ().into_any();
    }
    let actor = use_act(load);
    let key = use_key();
    let buttons = verbs.iter().map(|verb| {
        let press = move || {
            let key = key.get_untracked();
            let name = key.clone();
            actor.apply(verb, Target { one, key, name });
        };
        view! { <Button busy=actor.busy on_click=press>{verb.verb}</Button> }
    });
    buttons.collect_view().into_any()
}

pub fn facts(model: Signal<Thing>) -> AnyView {
    let rows = move || {
        let fields = model.get().fields.into_iter();
        let row = fields.map(|(column, value)| {
            let value = visible(&value).into_owned();
            view! { <div><dt>{column}</dt><dd class="mono">{value}</dd></div> }
        });
        row.collect_view()
    };
    view! { <dl class="settings across" aria-label="Details">{rows}</dl> }.into_any()
}

pub fn statement(model: Signal<Thing>) -> AnyView {
    let text = Memo::new(move |_| {
        model.with(|model| match model.statement() {
            "" => "-- the server does not report its definition".to_string(),
            sql => sql.to_string(),
        })
    });
    view! {
        <section class="sql-aside" aria-label="SQL">
            <header><h2>"SQL"</h2> <CopyButton text=text label="Copy SQL" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_loses_nothing_that_the_server_tells() {
        let field = |column: &str, value: &str| (column.to_string(), value.to_string());
        let thing = Thing {
            key: "ops.t".into(),
            fields: vec![
                field("database", "ops"),
                field("name", "t"),
                field("schedule", "5s"),
                field("Status", "Paused"),
                field("newer", "x"),
                field("empty", ""),
            ],
            ..Thing::default()
        };
        assert_eq!(details(&thing), "schedule: 5s · newer: x");
        assert!(words(&thing).contains("Paused"));
    }
}
