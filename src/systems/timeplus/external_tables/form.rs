//! The form that creates an external table.

use leptos::prelude::*;
use weir_api::timeplus::types::external_tables::TYPES;

use super::draft::Draft;
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    systems::timeplus::fields::{Description, Name},
    ui::field::Bound,
};

const SETTINGS: Table = Table {
    label: "Type",
    field: "type",
    types: TYPES,
    path: "settings",
    fixed: false,
};

pub fn sections(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || general(draft)),
        properties::section(
            "Location",
            SETTINGS,
            TypedBound::part(draft, |draft| &mut draft.typed),
        ),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <Name value=Bound::part(draft, |d| &mut d.name) />
        <Description value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}
