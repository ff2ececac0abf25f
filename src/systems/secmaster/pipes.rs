//! Pipes: where records stand in a row; deliveries run between them.

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    secmaster::{
        self, PAGE, page,
        pipe::{self, CreatePipe, Pipe, UpdatePipe},
        resource,
    },
};

use super::{
    deliveries::list::iso,
    pick::{Item, PickField, use_dataspaces},
};
use crate::{
    errors,
    kit::{Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit},
    ui::{
        Badge, Tab, Time,
        field::{Bound, NumberField, TextArea, TextField},
        number::plural,
        table::Cell,
    },
};

pub struct Pipes;

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    dataspace: String,
    name: String,
    description: String,
    shards: String,
    days: String,
    timestamp: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            dataspace: String::new(),
            name: String::new(),
            description: String::new(),
            shards: "1".into(),
            days: "30".into(),
            timestamp: String::new(),
        }
    }
}

const NAMES: Names = Names {
    segment: "pipes",
    kind: "pipe",
    one: "pipe",
    many: "pipes",
    title: "Pipes",
    hint: "A pipe stores the records of a source in order. Deliveries copy records between pipes.",
};

const COLUMNS: &[Column<Pipe>] = &[
    Column::text("name", "Name", 200, |it| it.pipe_name.clone()),
    Column::text("dataspace", "Data space", 150, |it| {
        it.dataspace_name.clone()
    }),
    Column::text("type", "Type", 130, |it| it.pipe_type.clone()),
    Column::number("shards", "Shards", 76, |it| {
        Cell::Number(it.shards as f64, it.shards.to_string())
    }),
    Column::number("days", "Retention (days)", 90, |it| {
        Cell::Number(it.storage_period as f64, it.storage_period.to_string())
    }),
    Column::text("description", "Description", 220, |it| {
        it.description.clone()
    }),
    Column::time("created", "Created", 100, |it| iso(it.create_time)),
    Column::mono("id", "Id", 240, |it| it.pipe_id.clone()),
];

impl Resource for Pipes {
    type Model = Pipe;
    type Draft = Draft;

    const SPEC: ResourceSpec<Pipe, Draft> = ResourceSpec {
        loss: Some("All records are lost, and dependent deliveries stop."),
        read: resource,
        read_list: |body| page(body).map(|page| page.items),
        more: secmaster::part,
        name: Some(|model| &model.pipe_name),
        edit: Some("Edit"),
        name_field: "pipe_name",
        draft: |model| Draft {
            dataspace: model.dataspace_id.clone(),
            name: model.pipe_name.clone(),
            description: model.description.clone(),
            shards: model.shards.to_string(),
            days: model.storage_period.to_string(),
            timestamp: String::new(),
        },
        fields: sections,
        submit: Submit::One(|draft, edited, _| request(draft, edited)),
        facts: |model| {
            let kind = Signal::derive(move || model.with(|it| it.pipe_type.clone()));
            let space = Signal::derive(move || model.with(|it| it.dataspace_name.clone()));
            view! { <Badge text=kind /> <Badge text=space /> }.into_any()
        },
        tabs: |_, model| vec![Tab::new("facts", "Details", move || facts(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || pipe::list("", 0, PAGE),
                get: pipe::get,
                delete: Some(pipe::delete),
            },
            |model| &model.pipe_id,
            COLUMNS,
        )
    };
}

fn sections(draft: RwSignal<Draft>, edited: &Edited<Pipe>) -> Vec<FieldGroup> {
    let new = edited.is_new();
    vec![FieldGroup::new("", move || {
        let place = new.then(|| {
            let spaces = use_dataspaces(Signal::stored(String::new()));
            let chosen = Signal::derive(move || draft.with(|draft| draft.dataspace.clone()));
            let set = Callback::new(move |item: Item| draft.update(|draft| draft.dataspace = item.id));
            view! {
                <PickField label="Data space" name="dataspace_id" value=chosen pick=spaces set empty="Choose a data space" required=true />
                <TextField
                    label="Name"
                    name="pipe_name"
                    required=true
                    value=Bound::part(draft, |d| &mut d.name)
                    help="Lower-case letters, digits and _, beginning with a letter."
                />
                <TextField
                    label="Time field"
                    name="timestamp_field"
                    mono=true
                    value=Bound::part(draft, |d| &mut d.timestamp)
                    help="The record field with the event time; empty: time of arrival."
                />
            }
        });
        view! {
            {place}
            <TextArea label="Description" name="description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
            <NumberField label="Shards" name="shards" required=true value=Bound::part(draft, |d| &mut d.shards) help="From 1 to 64." />
            <NumberField label="Retention (days)" name="storage_period" required=true value=Bound::part(draft, |d| &mut d.days) help="From 7 to 180." />
        }
        .into_any()
    })]
}

/// A whole number within bounds, or what is wrong with it. A value that the server has already is
/// not doubted.
fn whole(
    errors: &mut Vec<FieldError>,
    field: &str,
    text: &str,
    (least, most): (i64, i64),
    before: Option<i64>,
) -> i64 {
    match text.trim().parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) || before == Some(number) => number,
        _ => {
            let words = format!("Enter a whole number from {least} to {most}");
            errors.push(FieldError::new(field, words));
            0
        }
    }
}

fn request(draft: &Draft, edited: &Edited<Pipe>) -> Result<ApiRequest, Vec<FieldError>> {
    let before = match edited {
        Edited::New => None,
        Edited::Existing(before) => Some(before),
    };
    let mut errors = Vec::new();
    if before.is_none() {
        if draft.dataspace.trim().is_empty() {
            errors.push(FieldError::new("dataspace_id", "Choose a data space"));
        }
        if let Err(rule) = pipe::check_name(draft.name.trim()) {
            errors.push(FieldError::new(
                "pipe_name",
                format!("Not a valid pipe name: {rule}"),
            ));
        }
    }
    let shards = before.map(|before| before.shards);
    let shards = whole(&mut errors, "shards", &draft.shards, (1, 64), shards);
    let days = before.map(|before| before.storage_period);
    let days = whole(&mut errors, "storage_period", &draft.days, (7, 180), days);
    if !errors.is_empty() {
        return Err(errors);
    }
    let request = match before {
        None => pipe::create(&CreatePipe {
            dataspace_id: draft.dataspace.trim().into(),
            pipe_name: draft.name.trim().into(),
            description: draft.description.trim().into(),
            shards,
            storage_period: days,
            timestamp_field: draft.timestamp.trim().into(),
            ..CreatePipe::default()
        }),
        Some(before) => pipe::update(
            &before.pipe_id,
            &UpdatePipe {
                description: draft.description.trim().into(),
                shards,
                storage_period: days,
            },
        ),
    };
    request.map_err(errors::unsent)
}

fn facts(model: Signal<Pipe>) -> AnyView {
    let rows = move || {
        let one = model.get();
        let days = plural(one.storage_period.unsigned_abs(), "day", "days");
        view! {
            <div><dt>"Id"</dt><dd class="mono">{one.pipe_id}</dd></div>
            <div><dt>"Data space"</dt><dd>{one.dataspace_name} " " <span class="mono">{one.dataspace_id}</span></dd></div>
            <div><dt>"Description"</dt><dd>{one.description}</dd></div>
            <div><dt>"Shards"</dt><dd>{one.shards}</dd></div>
            <div><dt>"Retention"</dt><dd>{days}</dd></div>
            <div><dt>"Created"</dt><dd><Time iso=iso(one.create_time) /> " " {one.create_by}</dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=iso(one.update_time) /> " " {one.update_by}</dd></div>
        }
    };
    view! { <dl class="settings across" aria-label="Details">{rows}</dl> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(draft: &Draft, edited: &Edited<Pipe>) -> Vec<String> {
        let errors = request(draft, edited).expect_err("errors");
        errors.into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn a_pipe_is_checked_and_sent() {
        let mut draft = Draft {
            shards: "65".into(),
            days: "x".into(),
            ..Draft::default()
        };
        assert_eq!(
            fields(&draft, &Edited::New),
            ["dataspace_id", "pipe_name", "shards", "storage_period"]
        );
        draft.dataspace = "d".into();
        draft.name = "sec_logs".into();
        draft.shards = "2".into();
        draft.days = "30".into();
        assert_eq!(
            fields(&draft, &Edited::New),
            ["pipe_name"],
            "a reserved prefix"
        );
        draft.name = "logs".into();
        let request = request(&draft, &Edited::New).expect("a request");
        assert_eq!(request.target(), "/siem/pipes");
    }

    #[test]
    fn what_a_server_has_is_not_doubted() {
        let before = Pipe {
            pipe_id: "p".into(),
            storage_period: 365,
            shards: 1,
            ..Pipe::default()
        };
        let mut draft = (Pipes::SPEC.draft)(&before);
        let edited = Edited::Existing(before);
        let kept = request(&draft, &edited).expect("a request");
        let body = String::from_utf8(kept.body.expect("a body").bytes).expect("text");
        assert_eq!(
            body,
            r#"{"description":"","shards":1,"storage_period":365}"#
        );
        draft.days = "366".into();
        assert_eq!(fields(&draft, &edited), ["storage_period"]);
    }
}
