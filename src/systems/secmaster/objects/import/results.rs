//! How an import goes: progress, what went wrong, and what became of each object.

use leptos::prelude::*;

use super::{
    plan::{Phase, Plan, State},
    run,
};
use crate::{
    connections::use_endpoint,
    errors,
    ui::{
        Banner, Button, ButtonKind, State as Mark, Tone,
        number::{count, plural},
        table::{Head::Text, ShortTable},
    },
};

/// Rows of the table; more are only counted.
const SHOWN: usize = 500;

pub fn view(plan: RwSignal<Option<Plan>>) -> AnyView {
    let endpoint = use_endpoint();
    let of = move |read: fn(&State) -> bool| {
        plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.count(read)))
    };
    let total = move || plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.rows.len() as u64));
    let created = move || of(|state| matches!(state, State::Created(_)));
    let refused = move || of(|state| matches!(state, State::Refused(_)));
    let unknown = move || of(run::is_unknown);
    let settled = move || created() + refused();
    let phase = Memo::new(move |_| plan.with(|plan| plan.as_ref().map(|plan| plan.phase)));
    let words = move || {
        let mut words = format!(
            "{} of {} created",
            count(created()),
            plural(total(), "object", "objects")
        );
        for (number, what) in [(refused(), "refused"), (unknown(), "unknown")] {
            if number > 0 {
                words.push_str(&format!(", {} {what}", count(number)));
            }
        }
        words
    };
    let go = move || {
        if let Some(endpoint) = endpoint.get_untracked() {
            run::go(endpoint, plan);
        }
    };
    let stop = move || {
        plan.update(|plan| {
            if let Some(plan) = plan {
                plan.phase = Phase::Stopped;
            }
        });
    };
    let decide = move |again: bool| {
        plan.update(|plan| {
            if let Some(plan) = plan {
                match again {
                    true => plan.again(),
                    false => plan.leave(),
                }
            }
        });
        if again {
            go();
        }
    };
    let error = move || {
        let error = plan.with(|plan| plan.as_ref().and_then(|plan| plan.error.clone()));
        error.map(|error| {
            view! { <Banner tone=Tone::Bad>{errors::words(&error).sentence()}</Banner> }
        })
    };
    // Only where asking the server did not help.
    let doubt = move || {
        let doubtful = phase.get() == Some(Phase::Stopped)
            && plan.with(|plan| {
                let plan = plan.as_ref();
                plan.is_some_and(|plan| plan.error.is_none() && !plan.unknown().is_empty())
            });
        doubtful.then(|| view! {
            <Banner tone=Tone::Warn>
                <strong>{move || format!("Unknown whether {} created", was(unknown()))}</strong>
                <p>"No response, and the server does not store the ids that were sent. Check the data objects before you send them again."</p>
                <div class="actions">
                    <Button on_click=move || decide(true)>"Send again"</Button>
                    <Button on_click=move || decide(false)>"Skip"</Button>
                </div>
            </Banner>
        })
    };
    let resumable = Memo::new(move |_| {
        phase.get() == Some(Phase::Stopped)
            && plan.with(|plan| plan.as_ref().is_some_and(Plan::unfinished))
    });
    view! {
        <section class="object-results" aria-label="Result">
            {error}
            {doubt}
            <div class="object-progress">
                <progress aria-label="Import progress" max=move || total().max(1) value=settled></progress>
                <p role="status">{words}</p>
                {move || (phase.get() == Some(Phase::Running)).then(|| view! { <Button on_click=stop>"Stop"</Button> })}
                {move || resumable.get().then(|| view! { <Button kind=ButtonKind::Primary on_click=go>"Resume"</Button> })}
            </div>
            {move || table(plan)}
        </section>
    }
    .into_any()
}

fn was(number: u64) -> String {
    let verb = if number == 1 { "was" } else { "were" };
    format!("{} {verb}", plural(number, "object", "objects"))
}

/// What went wrong comes first.
fn table(plan: RwSignal<Option<Plan>>) -> Option<AnyView> {
    plan.with(|plan| {
        let plan = plan.as_ref()?;
        let rank = |state: &State| match state {
            State::Refused(_) => 0,
            State::Unknown => 1,
            State::Created(_) => 2,
            State::Waiting => 3,
        };
        let mut order: Vec<usize> = (0..plan.rows.len()).collect();
        order.sort_by_key(|at| (rank(&plan.states[*at]), *at));
        let rows: Vec<AnyView> = order
            .iter()
            .take(SHOWN)
            .map(|at| row(plan, *at))
            .collect();
        let more = plan.rows.len().saturating_sub(SHOWN);
        Some(
            view! {
                <ShortTable
                    label="Objects"
                    heads=&[Text("Line"), Text("Result"), Text("Name"), Text("Id or reason")]
                >
                    {rows}
                </ShortTable>
                {(more > 0).then(|| view! { <p class="field-help">{format!("and {} more", count(more as u64))}</p> })}
            }
            .into_any(),
        )
    })
}

fn row(plan: &Plan, at: usize) -> AnyView {
    let (row, state) = (&plan.rows[at], &plan.states[at]);
    let name = ["title", "name", "value"].iter().find_map(|key| {
        let value = row.object.get(*key)?;
        value.as_str().map(str::to_owned)
    });
    let (tone, word, detail) = match state {
        State::Waiting => (Tone::Neutral, "Waiting", String::new()),
        State::Created(id) => (Tone::Good, "Created", id.clone()),
        State::Refused(words) => (Tone::Bad, "Rejected", words.clone()),
        State::Unknown => (Tone::Warn, "Unknown", "no response".into()),
    };
    view! {
        <tr>
            <td>{row.line.to_string()}</td>
            <td><Mark tone word=word.to_owned() /></td>
            <td>{name}</td>
            <td class="mono">{detail}</td>
        </tr>
    }
    .into_any()
}
