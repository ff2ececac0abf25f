//! The forms that create and edit a view.

use leptos::prelude::*;

use super::{ddl, draft::Draft};
use crate::{
    kit::FieldGroup,
    sql::query::{QueryField, use_query_check},
    ui::{
        CopyButton,
        field::{Bound, TextArea, TextField},
    },
};

pub fn create(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || {
            view! {
                <Name value=Bound::part(draft, |d| &mut d.name) />
                <Description value=Bound::part(draft, |d| &mut d.description) />
            }
        }),
        FieldGroup::new("Query", move || query(draft)),
    ]
}

pub fn edit(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || {
            view! { <Description value=Bound::part(draft, |d| &mut d.description) /> }
        }),
        FieldGroup::new("Query", move || query(draft)),
    ]
}

fn query(draft: RwSignal<Draft>) -> AnyView {
    let value = Bound::part(draft, |d| &mut d.query);
    view! { <QueryField label="Query" name="query" value check=use_query_check(value.get) /> }
        .into_any()
}

#[component]
pub fn Name(value: Bound) -> impl IntoView {
    view! {
        <TextField
            label="Name"
            name="name"
            required=true
            mono=true
            autofocus=true
            value
            help="Letters, digits and _, beginning with a letter; at most 64."
        />
    }
    .into_any()
}

#[component]
pub fn Description(value: Bound) -> impl IntoView {
    view! { <TextArea label="Description" name="description" rows=2 value /> }.into_any()
}

pub fn sql(draft: RwSignal<Draft>) -> AnyView {
    let text = Memo::new(move |_| draft.with(|draft| ddl::create(&draft.definition().0)));
    aside(text.into())
}

/// What the form amounts to, in SQL.
pub fn aside(text: Signal<String>) -> AnyView {
    view! {
        <section class="sql-aside" aria-label="Equivalent SQL">
            <header><h2>"Equivalent SQL"</h2> <CopyButton text=text label="Copy SQL" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}
