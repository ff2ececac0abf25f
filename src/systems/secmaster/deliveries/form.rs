//! The form that creates or replaces a delivery.

use leptos::prelude::*;
use weir_api::secmaster::shipper::{End, consumption};

use super::{
    super::pick::{Item, PickField, use_dataspaces, use_pipes, use_workspaces},
    draft::Draft,
};
use crate::{
    connections::use_connection,
    kit::FieldGroup,
    ui::field::{Bound, Choice, Radio, TextArea, TextField},
};

pub fn sections(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || general(draft)),
        FieldGroup::new("Source", move || source(draft)),
        FieldGroup::new("Destination", move || destination(draft)),
        FieldGroup::new("More", move || more(draft)).advanced(),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    let modes = vec![
        Choice::new(
            consumption::REAL_TIME.to_string(),
            "Real time: records are delivered as they arrive",
        ),
        Choice::new(
            consumption::SCHEDULED.to_string(),
            "Scheduled: records are delivered at intervals",
        ),
    ];
    let scheduled = Memo::new(move |_| draft.with(Draft::scheduled));
    view! {
        <TextField
            label="Name"
            name="shipper_name"
            required=true
            autofocus=true
            value=Bound::part(draft, |d| &mut d.name)
        />
        <Radio label="Mode" name="consumption_type" value=Bound::part(draft, |d| &mut d.consumption) choices=modes />
        {move || scheduled.get().then(|| view! {
            <TextField
                label="Seconds between runs"
                name="interval"
                value=Bound::part(draft, |d| &mut d.interval)
                help="Embedded backend only; one hour if empty. The vendor documents no such parameter."
            />
        })}
    }
    .into_any()
}

/// One of the two ends.
type Side = fn(&mut Draft) -> &mut End;

fn id(draft: RwSignal<Draft>, side: Side, of: fn(&End) -> &String) -> Signal<String> {
    let value = Memo::new(move |_| draft.with(|draft| of(side(&mut draft.clone())).clone()));
    value.into()
}

/// What is inside what is chosen anew has to be chosen anew.
fn choose_dataspace(end: &mut End, item: Item) {
    (end.dataspace, end.dataspace_name) = (item.id, item.name);
    (end.pipe, end.pipe_name) = (String::new(), String::new());
}

fn source(draft: RwSignal<Draft>) -> AnyView {
    const SOURCE: Side = |draft| &mut draft.source;
    let connection = use_connection();
    let workspaces = use_workspaces();
    let dataspace = id(draft, SOURCE, |end| &end.dataspace);
    let dataspaces = use_dataspaces(Signal::stored(String::new()));
    let pipes = use_pipes(Signal::stored(String::new()), dataspace);
    let set_dataspace = Callback::new(move |item: Item| {
        let own = connection.with_untracked(|connection| {
            let connection = connection.as_ref();
            connection
                .map(|c| c.target.workspace().to_string())
                .unwrap_or_default()
        });
        let place = workspaces.items.with_untracked(|items| {
            let found = items.iter().find(|item| item.id == own);
            found.cloned().unwrap_or_default()
        });
        draft.update(|draft| {
            let end = &mut draft.source;
            choose_dataspace(end, item);
            end.workspace = own;
            end.workspace_name = place.name;
            if end.region.is_empty() {
                end.region = place.region;
            }
        });
    });
    let set_pipe = Callback::new(move |item: Item| {
        draft.update(|draft| {
            (draft.source.pipe, draft.source.pipe_name) = (item.id, item.name);
        });
    });
    view! {
        <PickField
            label="Source data space"
            name="source_dataspace"
            value=dataspace
            pick=dataspaces
            set=set_dataspace
            empty="Choose a data space"
            required=true
        />
        <PickField
            label="Source pipe"
            name="source_pipe"
            value=id(draft, SOURCE, |end| &end.pipe)
            pick=pipes
            set=set_pipe
            empty="Choose a pipe"
            required=true
        />
    }
    .into_any()
}

fn destination(draft: RwSignal<Draft>) -> AnyView {
    const DESTINATION: Side = |draft| &mut draft.destination;
    let workspace = id(draft, DESTINATION, |end| &end.workspace);
    let dataspace = id(draft, DESTINATION, |end| &end.dataspace);
    let workspaces = use_workspaces();
    let dataspaces = use_dataspaces(workspace);
    let pipes = use_pipes(workspace, dataspace);
    let set_workspace = Callback::new(move |item: Item| {
        draft.update(|draft| {
            let end = &mut draft.destination;
            choose_dataspace(end, Item::default());
            (end.workspace, end.workspace_name) = (item.id, item.name);
            if !item.region.is_empty() {
                end.region = item.region;
            }
        });
    });
    let set_dataspace = Callback::new(move |item: Item| {
        draft.update(|draft| choose_dataspace(&mut draft.destination, item));
    });
    let set_pipe = Callback::new(move |item: Item| {
        draft.update(|draft| {
            (draft.destination.pipe, draft.destination.pipe_name) = (item.id, item.name);
        });
    });
    view! {
        <PickField
            label="Destination workspace"
            name="destination_workspace"
            value=workspace
            pick=workspaces
            set=set_workspace
            empty="This workspace"
        />
        <PickField
            label="Destination data space"
            name="destination_dataspace"
            value=dataspace
            pick=dataspaces
            set=set_dataspace
            empty="Choose a data space"
            required=true
        />
        <PickField
            label="Destination pipe"
            name="destination_pipe"
            value=id(draft, DESTINATION, |end| &end.pipe)
            pick=pipes
            set=set_pipe
            empty="Choose a pipe"
            required=true
        />
        <p class="field-help">"Another workspace must approve before anything is delivered there."</p>
    }
    .into_any()
}

fn more(draft: RwSignal<Draft>) -> AnyView {
    let types = "0 is a pipe. Other numbers are undocumented but accepted.";
    view! {
        <TextField label="Source type" name="source_type" value=Bound::part(draft, |d| &mut d.source_type) help=types />
        <TextField label="Destination type" name="destination_shipper_type" value=Bound::part(draft, |d| &mut d.destination_type) help=types />
        <TextField label="Source region" name="source_region" value=Bound::part(draft, |d| &mut d.source.region) mono=true />
        <TextField label="Destination region" name="destination_region" value=Bound::part(draft, |d| &mut d.destination.region) mono=true />
        <TextField label="Source identity" name="source_identity_role" value=Bound::part(draft, |d| &mut d.source.identity) mono=true help="For example pipe-strategy." />
        <TextField label="Destination identity" name="destination_identity_role" value=Bound::part(draft, |d| &mut d.destination.identity) mono=true />
        <TextField label="Source table id" name="source_table" value=Bound::part(draft, |d| &mut d.source.table) mono=true />
        <TextField label="Source table name" name="source_table_name" value=Bound::part(draft, |d| &mut d.source.table_name) mono=true />
        <TextField label="Destination table id" name="destination_table" value=Bound::part(draft, |d| &mut d.destination.table) mono=true />
        <TextField label="Destination table name" name="destination_table_name" value=Bound::part(draft, |d| &mut d.destination.table_name) mono=true />
        <TextArea label="Data parameters" name="data_param" rows=3 mono=true value=Bound::part(draft, |d| &mut d.destination.data_param) help="A JSON object." />
        <TextField label="Version" name="version" value=Bound::part(draft, |d| &mut d.version) mono=true />
    }
    .into_any()
}
