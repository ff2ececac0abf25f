//! The forms that create and edit a data streaming.

use leptos::prelude::*;
use weir_api::{
    azion::{DataSource, endpoint::TYPES, v4::DATA_SOURCES},
    capability::Capability,
};

use super::{domains::Domains, draft::Draft, list, template::TemplateFields};
use crate::{
    connections::use_capabilities,
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    ui::field::{Bound, Checkbox, Choice, NumberField, Select, TextField},
};

pub fn sections(draft: RwSignal<Draft>, exists: bool) -> Vec<FieldGroup> {
    let table = Table {
        label: "Endpoint type",
        field: "endpoint_type",
        types: TYPES,
        path: "endpoint",
        fixed: false,
    };
    let typed = TypedBound::part(draft, |draft| &mut draft.endpoint);
    vec![
        FieldGroup::new("", move || general(draft)),
        FieldGroup::new("Records", move || view! { <TemplateFields draft /> }),
        FieldGroup::new("Domains", move || view! { <Domains draft /> }),
        properties::section("Destination", table, typed),
        FieldGroup::new("More", move || more(draft, exists)),
    ]
}

/// Those of the server's version, and the one that is chosen.
fn sources(chosen: &str, parts: bool) -> Vec<Choice> {
    let mut all: Vec<Choice> = match parts {
        true => DATA_SOURCES
            .iter()
            .map(|one| Choice::new(one.slug, list::source(one.slug, true)))
            .collect(),
        false => DataSource::ALL
            .into_iter()
            .map(|one| Choice::new(one.as_str(), one.title()))
            .collect(),
    };
    if all.iter().all(|one| one.value != chosen) {
        all.push(Choice::new(chosen, list::source(chosen, parts)));
    }
    all
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    let can = use_capabilities();
    let parts = Memo::new(move |_| can.get().has(Capability::AzionParts));
    let named = Memo::new(move |_| draft.with(|draft| draft.source_name(parts.get()).to_string()));
    let choices = Signal::derive(move || named.with(|named| sources(named, parts.get())));
    let source = Bound::new(
        move || named.get(),
        move |chosen| draft.update(|draft| draft.source = chosen),
    );
    view! {
        <TextField
            label="Name"
            name="name"
            required=true
            autofocus=true
            value=Bound::part(draft, |d| &mut d.name)
        />
        <Select
            label="Data source"
            name="data_source"
            required=true
            value=source
            choices
        />
        <Checkbox
            label="Active"
            value=Bound::part(draft, |d| &mut d.active)
            help="Records that arrive while it is inactive are not sent."
        />
    }
    .into_any()
}

fn more(draft: RwSignal<Draft>, exists: bool) -> AnyView {
    let replace = exists.then(|| {
        view! {
            <Checkbox
                label="Replace (PUT)"
                value=Bound::part(draft, |d| &mut d.replace)
                help="Sends all fields instead of the changed ones."
            />
        }
    });
    view! {
        <NumberField
            label="Sampling percentage"
            name="sampling_percentage"
            value=Bound::part(draft, |d| &mut d.sampling)
            help="From 0 to 100; leave it empty for all records. While a data streaming samples, no other can be active."
        />
        {replace}
    }
    .into_any()
}
