//! The forms that create and edit a stream.

use leptos::prelude::*;
use weir_api::timeplus::stream::{Mode, Stream};

use super::{
    columns::ColumnRows,
    ddl,
    draft::{Draft, Group},
};
use crate::{
    kit::{Edited, FieldGroup},
    systems::timeplus::fields::{Description, Name, Retention, UNCHANGED, equivalent_sql},
    text::capital,
    ui::{
        Button,
        field::{Bound, Checkbox, Choice, NumberField, Row, Select, TextField},
    },
};

pub fn create(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || general(draft)),
        FieldGroup::new("Columns", move || view! { <ColumnRows draft /> }),
        FieldGroup::new("Kind", move || kind(draft)),
        FieldGroup::new("Retention", move || {
            retention(draft, "Server default: 10 GiB", "Server default: 7 d")
        }),
        FieldGroup::new("Event time", move || event_time(draft)).advanced(),
        FieldGroup::new("Storage", move || storage(draft)).advanced(),
    ]
}

pub fn edit(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new(
            "",
            move || view! { <Description value=Bound::part(draft, |d| &mut d.description) /> },
        ),
        FieldGroup::new("Retention", move || retention(draft, "", "")),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <Name value=Bound::part(draft, |d| &mut d.name) />
        <Description value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}

/// Choices of the select: the modes and the engine that excludes them.
const MUTABLE_CHOICE: &str = "mutable";

fn kind(draft: RwSignal<Draft>) -> AnyView {
    let choices: Vec<Choice> = Mode::ALL
        .iter()
        .map(|mode| Choice::new(mode.as_str(), mode_words(mode)))
        .chain([Choice::new(
            MUTABLE_CHOICE,
            "Mutable: the latest row per key, updated in place (engine MutableStream)",
        )])
        .collect();
    let value = Bound::new(
        move || {
            draft.with(|d| {
                if d.mutable {
                    MUTABLE_CHOICE.into()
                } else {
                    d.mode.as_str().into()
                }
            })
        },
        move |chosen: String| {
            draft.update(|d| {
                d.mutable = chosen == MUTABLE_CHOICE;
                d.mode = Mode::ALL
                    .into_iter()
                    .find(|mode| mode.as_str() == chosen)
                    .unwrap_or_default();
            });
        },
    );
    let keyed = Memo::new(move |_| draft.with(Draft::keyed));
    let mutable = Memo::new(move |_| draft.with(|d| d.mutable));
    view! {
        <Select label="Mode" name="mode" value choices=Signal::stored(choices) />
        {move || {
            keyed.get().then(|| view! {
                <TextField
                    label="Primary key"
                    name="primary_key"
                    required=true
                    mono=true
                    value=Bound::part(draft, |d| &mut d.primary_key)
                    placeholder="device_id, sensor"
                    help="Columns or an expression; separate several with commas."
                />
            })
        }}
        {move || {
            mutable.get().then(|| view! {
                <Groups draft title="Column families" one="family" field="column_families" of=|d| &mut d.families index=false />
                <Groups draft title="Secondary indexes" one="index" field="secondary_indexes" of=|d| &mut d.indexes index=true />
            })
        }}
    }
    .into_any()
}

fn mode_words(mode: &Mode) -> &str {
    match mode {
        Mode::Other(word) => word.as_str(),
        Mode::Append => "Append: rows are only added",
        Mode::Changelog => "Changelog: rows are added and retracted (_tp_delta)",
        Mode::ChangelogKv => "Changelog, keyed: changes of the row per key (changelog_kv)",
        Mode::VersionedKv => "Versioned, keyed: versions of the row per key (versioned_kv)",
    }
}

fn retention(draft: RwSignal<Draft>, most: &'static str, longest: &'static str) -> AnyView {
    view! {
        <Retention
            bytes=Bound::part(draft, |d| &mut d.retention_bytes)
            ms=Bound::part(draft, |d| &mut d.retention_ms)
            ttl=Bound::part(draft, |d| &mut d.ttl)
            most
            longest
        />
    }
    .into_any()
}

fn event_time(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <div class="pair-of-fields">
            <TextField
                label="Event time column"
                name="event_time_column"
                mono=true
                value=Bound::part(draft, |d| &mut d.event_time_column)
                placeholder="_tp_time"
                help="A time column or an expression that sets _tp_time."
            />
            <TextField
                label="Event time zone"
                name="event_time_timezone"
                mono=true
                value=Bound::part(draft, |d| &mut d.event_time_timezone)
                placeholder="UTC"
            />
        </div>
    }
    .into_any()
}

fn storage(draft: RwSignal<Draft>) -> AnyView {
    let spans = |none: &str| {
        Signal::stored(vec![
            Choice::new("", format!("Server default: {none}")),
            Choice::new("m", "Minute"),
            Choice::new("H", "Hour"),
            Choice::new("D", "Day"),
            Choice::new("M", "Month"),
        ])
    };
    view! {
        <TextField label="Order by expression" name="order_by_expression" mono=true value=Bound::part(draft, |d| &mut d.order_by) placeholder="device_id" />
        <div class="pair-of-fields">
            <Select label="Order by granularity" name="order_by_granularity" value=Bound::part(draft, |d| &mut d.order_by_granularity) choices=spans("hour") />
            <Select label="Partition by granularity" name="partition_by_granularity" value=Bound::part(draft, |d| &mut d.partition_by_granularity) choices=spans("day") />
            <NumberField label="Shards" name="shards" value=Bound::part(draft, |d| &mut d.shards) placeholder="1" />
            <NumberField label="Replication factor" name="replication_factor" value=Bound::part(draft, |d| &mut d.replicas) placeholder="1" />
        </div>
    }
    .into_any()
}

/// Column families or secondary indexes.
#[component]
fn Groups(
    draft: RwSignal<Draft>,
    title: &'static str,
    one: &'static str,
    field: &'static str,
    of: fn(&mut Draft) -> &mut Vec<Group>,
    /// With the settings of an index.
    index: bool,
) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| of(&mut draft.clone()).len()));
    let rows = move || {
        (0..count.get())
            .map(|at| view! { <GroupRow draft one field of at index /> })
            .collect_view()
    };
    view! {
        <fieldset class="field groups">
            <legend>{title}</legend>
            {rows}
            <Button on_click=move || draft.update(|d| of(d).push(Group::default()))>{format!("Add {one}")}</Button>
        </fieldset>
    }
    .into_any()
}

#[component]
fn GroupRow(
    draft: RwSignal<Draft>,
    one: &'static str,
    field: &'static str,
    of: fn(&mut Draft) -> &mut Vec<Group>,
    at: usize,
    index: bool,
) -> impl IntoView {
    let row = Row::new(draft, of, at);
    let number = at + 1;
    let title = capital(one);
    let storing = index.then(|| view! {
        <TextField label=format!("{title} {number} storing") name=format!("{field}[{at}].storing") mono=true value=row.part(|g| &mut g.storing) />
        <Checkbox label="Unique" value=row.part(|g| &mut g.unique) />
    });
    view! {
        <div class="group-row">
            <TextField label=format!("{title} {number} name") name=format!("{field}[{at}].name") mono=true value=row.part(|g| &mut g.name) />
            <TextField label=format!("{title} {number} columns") name=format!("{field}[{at}].columns") mono=true value=row.part(|g| &mut g.columns) placeholder="a, b" />
            {storing}
            {row.removal(one)}
        </div>
    }
    .into_any()
}

/// What the form amounts to, in SQL.
pub fn sql(draft: RwSignal<Draft>, edited: &Edited<Stream>) -> AnyView {
    let edited = edited.clone();
    let text = Memo::new(move |_| {
        draft.with(|draft| match &edited {
            Edited::New => ddl::create(&draft.definition().0),
            Edited::Existing(before) => match ddl::alter(&before.name, &draft.change(before).0) {
                none if none.is_empty() => UNCHANGED.into(),
                statements => statements.join("\n"),
            },
        })
    });
    equivalent_sql(text.into())
}
