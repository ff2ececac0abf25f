//! The dialog in which a person writes a filter or a highlight rule.

use leptos::prelude::*;

use super::{
    arrange::{COLOURS, Mark, Operator, Rule, rule::NO_EXPRESSION},
    expression,
    session::Session,
};
use crate::{
    text::visible,
    ui::{Button, ButtonKind, Dialog, unique},
};

/// What the dialog is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    Filter(Rule),
    Highlight(Rule),
}

/// What a dialog takes for `open` that is there while there is something to show in it.
pub fn open_while<T: Send + Sync + 'static>(shown: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move || {
        let some = shown.with(Option::is_some);
        if open.get_untracked() != some {
            open.set(some);
        }
    });
    Effect::new(move || {
        if !open.get() && shown.with_untracked(Option::is_some) {
            shown.set(None);
        }
    });
    open
}

/// Open while there is something wanted.
#[component]
pub fn RuleDialog(session: Session, wanted: RwSignal<Option<Wanted>>) -> impl IntoView {
    let open = open_while(wanted);
    let title = Signal::derive(move || {
        match wanted.get() {
            Some(Wanted::Highlight(_)) => "Highlight cells",
            _ => "Filter rows",
        }
        .to_string()
    });
    let form = move || {
        wanted
            .get_untracked()
            .map(|wanted| view! { <RuleForm session wanted open /> })
    };
    view! { <Dialog open title children=form /> }
}

#[component]
fn RuleForm(session: Session, wanted: Wanted, open: RwSignal<bool>) -> impl IntoView {
    let (start, highlight) = match wanted {
        Wanted::Filter(rule) => (rule, false),
        Wanted::Highlight(rule) => (rule, true),
    };
    let rule = RwSignal::new(start);
    let colour = RwSignal::new(1u8);
    let problem = RwSignal::new(None::<&'static str>);
    let names = session.read(|core| {
        let columns = core.rows.shown().columns().iter();
        columns
            .map(|column| column.name.clone())
            .collect::<Vec<_>>()
    });
    let columns = names
        .into_iter()
        .map(|name| {
            let chosen = rule.with_untracked(|rule| rule.column.as_ref() == Some(&name));
            view! { <option value=name.clone() selected=chosen>{visible(&name).into_owned()}</option> }
        })
        .collect_view();
    let operators = Operator::ALL
        .into_iter()
        .enumerate()
        .map(|(at, operator)| {
            let chosen = rule.with_untracked(|rule| rule.operator == operator);
            view! { <option value=at.to_string() selected=chosen>{operator.words()}</option> }
        })
        .collect_view();
    let save = move || {
        let mut rule = rule.get_untracked();
        let expression = matches!(rule.operator, Operator::Matches | Operator::MatchesNot);
        if rule.operator.takes_value() && rule.value.is_empty() {
            return problem.set(Some("Enter a value."));
        }
        if expression && expression::compile(&rule.value).is_none() {
            return problem.set(Some(NO_EXPRESSION));
        }
        let now = js_sys::Date::now() as i64;
        let look = session.arrangement.with_untracked(|all| all.look.clone());
        let refused = session.read(|core| {
            let ring = core.rows.shown();
            rule.settle(ring, &look, now);
            rule.problem(ring, &look.reading(None))
        });
        if refused.is_some() {
            return problem.set(refused);
        }
        session.arrangement.update(|all| {
            if highlight {
                all.marks.push(Mark {
                    rule,
                    colour: colour.get_untracked(),
                });
            } else {
                all.add(rule);
            }
        });
        open.set(false);
    };
    let takes_value = Memo::new(move |_| rule.with(|rule| rule.operator.takes_value()));
    let error = unique("rule-error");
    let described = error.clone();
    let colours = (1..=COLOURS)
        .map(|one| {
            view! {
                <label class=format!("swatch mark-{one}")>
                    <input type="radio" name="rule-colour" prop:checked=move || colour.get() == one on:change=move |_| colour.set(one) />
                    {format!("Color {one}")}
                </label>
            }
        })
        .collect_view();
    view! {
        <form
            class="rule-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <label>
                "Column"
                <select
                    class="input"
                    on:change:target=move |event| {
                        let name = event.target().value();
                        rule.update(|rule| rule.column = (!name.is_empty()).then_some(name));
                    }
                >
                    <option value="" selected=rule.with_untracked(|rule| rule.column.is_none())>"Any column"</option>
                    {columns}
                </select>
            </label>
            <label>
                "Condition"
                <select
                    class="input"
                    on:change:target=move |event| {
                        let at = event.target().value().parse::<usize>().unwrap_or_default();
                        problem.set(None);
                        rule.update(|rule| rule.operator = Operator::ALL.get(at).copied().unwrap_or_default());
                    }
                >
                    {operators}
                </select>
            </label>
            <label class:hidden=move || !takes_value.get()>
                "Value"
                <input
                    class="input mono"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus
                    prop:value=rule.with_untracked(|rule| rule.value.clone())
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=described
                    on:input:target=move |event| {
                        problem.set(None);
                        rule.update(|rule| rule.value = event.target().value());
                    }
                />
            </label>
            {highlight.then(|| view! { <fieldset class="swatches"><legend>"Color"</legend>{colours}</fieldset> })}
            <p class="field-error" id=error role="alert">{move || problem.get()}</p>
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true>{if highlight { "Highlight" } else { "Filter" }}</Button>
                <Button on_click=move || open.set(false)>"Cancel"</Button>
            </div>
        </form>
    }
    .into_any()
}
