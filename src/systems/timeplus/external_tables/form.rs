//! The form that creates an external table.

use leptos::prelude::*;
use weir_api::timeplus::types::external_tables::TYPES;

use super::draft::Draft;
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    ui::field::{Bound, TextField},
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
        <TextField
            label="Name"
            name="name"
            required=true
            mono=true
            autofocus=true
            value=Bound::part(draft, |d| &mut d.name)
            help="Letters, digits and _, beginning with a letter; at most 64."
        />
        <TextField label="Description" name="description" value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}
