//! The steps of a plan with their differences and what came of each.

use std::collections::BTreeMap;

use leptos::prelude::*;
use weir_code::FieldChange;

use super::{
    apply::Outcome,
    plan::{Change, Step},
};
use crate::{
    text::visible,
    ui::{
        State, Tone,
        number::plural,
        table::{Head, ShortTable},
    },
};

pub type Outcomes = RwSignal<BTreeMap<usize, Outcome>>;

/// `skipped` are the steps that shall not be done.
pub fn plan_table(
    steps: Vec<Step>,
    skipped: RwSignal<std::collections::BTreeSet<usize>>,
    outcomes: Outcomes,
    busy: Signal<bool>,
) -> AnyView {
    // What needs no look stands folded below the rest, of which there may be little.
    let (same, rest): (Vec<_>, Vec<_>) = steps
        .into_iter()
        .enumerate()
        .partition(|(_, step)| step.change == Change::Same && step.unread.is_empty());
    let same: Vec<Step> = same.into_iter().map(|(_, step)| step).collect();
    let any = !rest.is_empty();
    let rows = rest.into_iter().map(|(at, step)| {
        let label = format!("{} {} {}", step.change.words(), step.kind, step.name);
        let choose = step.change.acts().then(|| {
            view! {
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || skipped.with(|all| !all.contains(&at))
                    prop:disabled=busy
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        skipped.update(|all| { if on { all.remove(&at) } else { all.insert(at) }; });
                    }
                />
            }
        });
        let tone = match step.change {
            Change::Create => Tone::Good,
            Change::Update(_) => Tone::Accent,
            Change::Delete => Tone::Bad,
            Change::Same => Tone::Neutral,
            Change::Unknown(_) => Tone::Warn,
        };
        let words = step.change.words();
        let what = what(&step);
        view! {
            <tr>
                <td class="choose">{choose}</td>
                <td><State tone word=words /></td>
                <td>{step.kind}</td>
                <th scope="row">{visible(&step.name).into_owned()}</th>
                <td class="plan-what">{what}</td>
                <td>{move || outcomes.with(|all| all.get(&at).cloned()).map(outcome)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        {any.then(|| view! {
            <ShortTable
                label="Plan"
                heads=&[Head::Hidden("Apply"), Head::Text("Plan"), Head::Text("Kind"), Head::Text("Name"), Head::Text("Difference"), Head::Text("Result")]
            >
                {rows}
            </ShortTable>
        })}
        {unchanged(&same)}
    }
    .into_any()
}

/// Names that are written out of those without a difference.
const NAMED: usize = 500;

fn unchanged(same: &[Step]) -> Option<AnyView> {
    let names = same.iter().take(NAMED).map(|step| {
        view! { <li>{step.kind.clone()}" "{visible(&step.name).into_owned()}</li> }
    });
    let more = same.len().saturating_sub(NAMED);
    (!same.is_empty()).then(|| {
        view! {
            <details class="plan-same">
                <summary>{format!("No difference: {}", plural(same.len() as u64, "resource", "resources"))}</summary>
                <ul>{names.collect_view()}</ul>
                {(more > 0).then(|| format!("and {more} more"))}
            </details>
        }
        .into_any()
    })
}

fn what(step: &Step) -> AnyView {
    let unread = (!step.unread.is_empty()).then(|| {
        let fields = step.unread.join(", ");
        view! { <p class="hint">{format!("Unknown fields, left out: {fields}")}</p> }
    });
    let what = match &step.change {
        Change::Unknown(words) => words.clone().into_any(),
        Change::Update(fields) => differences(fields),
        _ => ().into_any(),
    };
    view! { {what} {unread} }.into_any()
}

/// Each field before and after.
pub fn differences(fields: &[FieldChange]) -> AnyView {
    let text = |value: &Option<serde_json::Value>| match value {
        None => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let lines = fields.iter().map(|one| {
        let (before, after) = (text(&one.before), text(&one.after));
        view! {
            <li>
                <code>{one.field.clone()}</code>
                {(!before.is_empty()).then(|| view! { <del>{before}</del> })}
                {(!after.is_empty()).then(|| view! { <ins>{after}</ins> })}
            </li>
        }
    });
    let lines = lines.collect_view();
    view! { <ul class="plan-fields">{lines}</ul> }.into_any()
}

fn outcome(outcome: Outcome) -> AnyView {
    let (tone, words, more) = match outcome {
        Outcome::Running => (Tone::Accent, "Running", String::new()),
        Outcome::Done(words) => (Tone::Good, words, String::new()),
        Outcome::Partly(fields) => (
            Tone::Warn,
            "Partly changed",
            format!("Still differs: {}", fields.join(", ")),
        ),
        Outcome::Failed(words) => (Tone::Bad, "Failed", words),
    };
    view! { <State tone word=words />" "{more} }.into_any()
}
