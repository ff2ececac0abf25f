//! The forms that create and edit a source.

use leptos::prelude::*;
use weir_api::timeplus::{source::Source, types::sources::TYPES};

use super::{draft::Draft, preview::Preview, target::Target};
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
    },
    systems::timeplus::fields::{Description, Name},
    ui::{Banner, Tone, field::Bound},
};

fn table(fixed: bool) -> Table {
    Table {
        label: "Type",
        field: "type",
        types: TYPES,
        path: "properties",
        fixed,
    }
}

fn sections(draft: RwSignal<Draft>, fixed: bool) -> Vec<FieldGroup> {
    let typed = TypedBound::part(draft, |draft| &mut draft.typed);
    let events = RwSignal::new(Vec::new());
    vec![
        properties::section("Source", table(fixed), typed),
        FieldGroup::new("Preview", move || view! { <Preview draft events /> }),
        FieldGroup::new("Destination", move || view! { <Target draft events /> }),
    ]
}

pub fn create(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    let general = FieldGroup::new("", move || general(draft, true));
    std::iter::once(general)
        .chain(sections(draft, false))
        .collect()
}

pub fn edit(draft: RwSignal<Draft>, source: &Source) -> Vec<FieldGroup> {
    let active = source.is_active();
    let general = FieldGroup::new("", move || {
        let note = active.then(|| {
            view! {
                <Banner tone=Tone::Warn>"The source is running. Stop it before you save."</Banner>
            }
        });
        view! { {note} {general(draft, false)} }
    });
    std::iter::once(general)
        .chain(sections(draft, true))
        .collect()
}

fn general(draft: RwSignal<Draft>, new: bool) -> AnyView {
    view! {
        <Name autofocus=new value=Bound::part(draft, |d| &mut d.name) />
        <Description value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}
