//! The forms that create and edit a view.

use leptos::prelude::*;

use super::{ddl, draft::Draft};
use crate::{
    kit::FieldGroup,
    sql::query::{QueryField, use_query_check},
    systems::timeplus::fields::{Description, Name, equivalent_sql},
    ui::field::Bound,
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

pub fn sql(draft: RwSignal<Draft>) -> AnyView {
    let text = Memo::new(move |_| draft.with(|draft| ddl::create(&draft.definition().0)));
    equivalent_sql(text.into())
}
