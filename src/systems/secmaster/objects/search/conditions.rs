//! The form with the conditions.

use leptos::prelude::*;
use weir_api::secmaster::search::{Operator, Term};

use super::{super::classes::use_fields, Found, SearchState, terms::words};
use crate::ui::{
    Button, ButtonKind, Icon, IconName,
    field::{Bound, Choice, Select, TextField},
};

/// What is typed is searched for when the button is pressed.
pub(super) fn conditions(asked: SearchState) -> AnyView {
    let start = asked.found.get_untracked();
    let open = start.narrows();
    let draft = RwSignal::new(start);
    let fields = use_fields(asked.class.into());
    let known = Signal::derive(move || {
        let own = ["create_time", "update_time", "version"];
        let mut choices = vec![Choice::new("", "Choose a field")];
        fields.all.with(|all| {
            let all = all
                .iter()
                .map(|field| Choice::new(&field.field_key, field.label()));
            choices.extend(all);
        });
        choices.extend(own.map(|name| Choice::new(name, name)));
        choices
    });
    let rows = Memo::new(move |_| draft.with(|draft| draft.terms.len()));
    let rows = move || {
        (0..rows.get())
            .map(|at| row(draft, at, known))
            .collect_view()
    };
    let search = move || {
        draft.update(|draft| {
            draft.page = 0;
            draft.terms.retain(|term| !term.field.is_empty());
        });
        asked.found.set(draft.get_untracked());
    };
    let clear = move || {
        draft.set(Found::default());
        asked.found.set(Found::default());
    };
    let active = Memo::new(move |_| asked.found.with(Found::narrows));
    let title = move || match asked.found.with(|found| found.terms.len()) {
        0 => "Conditions".to_owned(),
        n => format!("Conditions ({n})"),
    };
    let text = |of: fn(&mut Found) -> &mut String| {
        Bound::new(
            move || draft.with(|draft| of(&mut draft.clone()).clone()),
            move |text| draft.update(|draft| *of(draft) = text.trim().into()),
        )
    };
    let flag = |of: fn(&mut Found) -> &mut bool| {
        Bound::new(
            move || draft.with(|draft| of(&mut draft.clone()).to_string()),
            move |text| draft.update(|draft| *of(draft) = text == "true"),
        )
    };
    let by = vec![
        Choice::new("false", "Time of creation"),
        Choice::new("true", "Time of change"),
    ];
    let order = vec![
        Choice::new("false", "Newest first"),
        Choice::new("true", "Oldest first"),
    ];
    let time = "For example 2026-11-23T00:00:00Z.";
    view! {
        <details class="filters" open=open>
            <summary>{title}</summary>
            <form class="object-search" on:submit=move |event| { event.prevent_default(); search(); }>
                {rows}
                <Button kind=ButtonKind::Quiet on_click=move || draft.update(|draft| draft.terms.push(Term::default()))>
                    "Add condition"
                </Button>
                <div class="filters-fields">
                    <TextField label="Created from" value=text(|f| &mut f.from) help=time />
                    <TextField label="Created until" value=text(|f| &mut f.to) help=time />
                    <Select label="Sorted by" value=flag(|f| &mut f.by_change) choices=by />
                    <Select label="Order" value=flag(|f| &mut f.oldest_first) choices=order />
                </div>
                <div class="filters-actions">
                    <Button kind=ButtonKind::Primary submit=true>"Search"</Button>
                    {move || active.get().then(|| view! {
                        <Button kind=ButtonKind::Quiet on_click=clear>"Clear"</Button>
                    })}
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn row(draft: RwSignal<Found>, at: usize, fields: Signal<Vec<Choice>>) -> AnyView {
    let term = move |read: fn(&Term) -> String| {
        move || draft.with(|draft| draft.terms.get(at).map(read).unwrap_or_default())
    };
    let change = move |write: fn(&mut Term, String)| {
        move |text: String| {
            draft.update(|draft| {
                if let Some(term) = draft.terms.get_mut(at) {
                    write(term, text);
                }
            });
        }
    };
    let field = Bound::new(
        term(|term| term.field.clone()),
        change(|term, text| term.field = text),
    );
    let operator = Bound::new(
        term(|term| term.operator.as_str().into()),
        change(|term, text| term.operator = Operator::named(&text)),
    );
    let value = Bound::new(
        term(|term| term.value.clone()),
        change(|term, text| term.value = text),
    );
    // One of a server that this program does not know can be kept.
    let own = draft.with_untracked(|draft| draft.terms.get(at).map(|term| term.operator));
    let own = own.filter(|own| matches!(own, Operator::Other(_)));
    let operators: Vec<Choice> = Operator::ALL
        .into_iter()
        .chain(own)
        .map(|operator| Choice::new(operator.as_str(), words(&operator)))
        .collect();
    let number = at + 1;
    let remove = move || {
        draft.update(|draft| {
            draft.terms.remove(at);
        });
    };
    view! {
        <div class="object-condition">
            <Select label=format!("Condition {number} field") bare=true value=field choices=fields />
            <Select label=format!("Condition {number} operator") bare=true value=operator choices=operators />
            <TextField label=format!("Condition {number} value") bare=true value />
            <Button kind=ButtonKind::Quiet label=format!("Remove condition {number}") on_click=remove>
                <Icon name=IconName::Delete />
            </Button>
        </div>
    }
    .into_any()
}
