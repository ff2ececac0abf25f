//! The plan on the page of an import: what it would change, what it asks for, and its button.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::state::State;
use crate::{
    as_code::{
        apply::Outcome,
        plan::{Change, Step, needed},
        plan_table::plan_table,
    },
    connections::{use_connection, use_may_change},
    ui::{
        Button, ButtonKind, Confirm, Empty,
        field::{Bound, TextField},
        number::plural,
        use_confirm,
    },
};

#[component]
pub fn Planned(state: State, steps: Vec<Step>) -> impl IntoView {
    let (permit, connection) = (use_may_change(), use_connection());
    let confirm = use_confirm();
    let busy = Signal::derive(move || !state.doing.with(String::is_empty));
    let left = Memo::new(move |_| state.left());
    let acts = steps.iter().filter(|step| step.change.acts()).count();
    let variables: Vec<_> = needed(&steps)
        .into_iter()
        .map(|name| {
            let key = name.clone();
            let read = name.clone();
            let value = Bound::new(
                move || {
                    state
                        .secrets
                        .with(|all| all.get(&read).cloned().unwrap_or_default())
                },
                move |text| {
                    state.secrets.update(|all| {
                        all.insert(key.clone(), text);
                    });
                },
            );
            view! { <TextField label=name value kind="password" autocomplete="off" /> }
        })
        .collect();
    let named = (!variables.is_empty()).then(|| {
        view! {
            <fieldset class="form-fields code-from">
                <legend>"Secrets missing from the files"</legend>
                {variables}
                <p class="hint">"Leave a secret empty to keep the server's value. New resources need a value."</p>
            </fieldset>
        }
    });
    let counts = StoredValue::new(steps.clone());
    let ask = move || {
        let to = connection.with_untracked(|it| it.as_ref().map(|it| it.name.clone()));
        let to = to.unwrap_or_default();
        let question = counts.with_value(|steps| question(steps, &left.get_untracked(), &to));
        confirm.ask(question, move || state.run());
    };
    let finished = move || state.outcomes.with(|all| !all.is_empty());
    let words = move || {
        let count = left.with(Vec::len) as u64;
        match (count, finished()) {
            (0, true) => "All changes applied".to_string(),
            (count, true) => format!("Retry {}", plural(count, "change", "changes")),
            (count, false) => format!("Apply {}", plural(count, "change", "changes")),
        }
    };
    let nothing = (acts == 0).then(|| {
        let hint = nothing(&steps);
        view! { <Empty title="No changes" hint /> }
    });
    let disabled =
        Signal::derive(move || permit.denied.get() || left.with(Vec::is_empty) || busy.get());
    view! {
        {nothing}
        {named}
        <div class="toolbar">
            {(acts > 0).then(|| view! {
                <Button kind=ButtonKind::Primary disabled=disabled reason=permit.reason on_click=ask>{words}</Button>
            })}
            {move || (busy.get() && finished()).then(|| view! {
                <Button on_click=move || state.stop.set(true)>"Cancel"</Button>
            })}
            <span role="status">{move || came(&state.outcomes.get(), busy.get())}</span>
        </div>
        {plan_table(steps, state.skipped, state.outcomes, busy)}
    }
    .into_any()
}

/// What came of it, when it is over.
fn came(outcomes: &BTreeMap<usize, Outcome>, busy: bool) -> String {
    if outcomes.is_empty() || busy {
        return String::new();
    }
    let failed = outcomes.values().filter(|one| !one.is_done()).count();
    match (outcomes.len(), failed) {
        (all, 0) => format!("{} applied", plural(all as u64, "change", "changes")),
        (all, failed) => format!("{} of {all} changes applied, {failed} failed", all - failed),
    }
}

/// Why a plan without changes has none.
fn nothing(steps: &[Step]) -> String {
    let unknown = |step: &&Step| matches!(step.change, Change::Unknown(_));
    match steps.iter().filter(unknown).count() as u64 {
        0 => "The connection already matches these definitions.".into(),
        count => format!(
            "{} cannot be compared: see below. All others already match.",
            plural(count, "definition", "definitions")
        ),
    }
}

/// `to`: the connection's name.
fn question(steps: &[Step], left: &[usize], to: &str) -> Confirm {
    let count = |which: fn(&Change) -> bool| {
        let some = left.iter().filter_map(|at| steps.get(*at));
        some.filter(|step| which(&step.change)).count() as u64
    };
    let made = count(|change| *change == Change::Create);
    let changed = count(|change| matches!(change, Change::Update(_)));
    let deleted = count(|change| *change == Change::Delete);
    let consequences = [
        (made, format!("{} created.", will(made))),
        (changed, format!("{} changed.", will(changed))),
        (
            deleted,
            format!(
                "{} deleted with all data. This cannot be undone.",
                will(deleted)
            ),
        ),
    ];
    let consequences = consequences.into_iter().filter(|(count, _)| *count > 0);
    let all = plural(left.len() as u64, "change", "changes");
    Confirm {
        title: format!("Apply {all} to {to}?"),
        consequences: consequences.map(|(_, words)| words).collect(),
        action: format!("Apply {all}"),
        danger: deleted > 0,
        type_name: (deleted > 0).then(|| deleted.to_string()),
    }
}

fn will(count: u64) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", plural(count, "resource", "resources"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_as_it_is_wanted() {
        let step = |change: Change| Step {
            kind: "unicorn".into(),
            name: "a".into(),
            change,
            key: None,
            value: serde_json::Value::Null,
            unread: Vec::new(),
        };
        let same = step(Change::Same);
        assert!(nothing(std::slice::from_ref(&same)).starts_with("The connection already"));
        let unknown = step(Change::Unknown("This system has no unicorn.".into()));
        assert!(nothing(&[same, unknown]).contains("1 definition cannot be compared"));
    }

    #[test]
    fn the_question_counts_what_happens() {
        let step = |change: Change| Step {
            kind: "stream".into(),
            name: "a".into(),
            change,
            key: None,
            value: serde_json::Value::Null,
            unread: Vec::new(),
        };
        let steps = [
            step(Change::Create),
            step(Change::Delete),
            step(Change::Create),
        ];
        let asked = question(&steps, &[0, 1], "Production");
        assert_eq!(asked.title, "Apply 2 changes to Production?");
        assert!(asked.danger && asked.consequences.len() == 2);
        assert!(!question(&steps, &[0, 2], "Production").danger);
    }

    #[test]
    fn what_came_of_a_plan_is_told_when_it_is_over() {
        let outcomes = |failed: bool| {
            let last = match failed {
                true => Outcome::Failed("no".into()),
                false => Outcome::Done("Created"),
            };
            BTreeMap::from([(0, Outcome::Done("Created")), (1, last)])
        };
        assert_eq!(came(&outcomes(false), false), "2 changes applied");
        assert_eq!(
            came(&outcomes(true), false),
            "1 of 2 changes applied, 1 failed"
        );
        assert_eq!(came(&outcomes(true), true), "");
    }
}
