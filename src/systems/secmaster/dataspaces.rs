//! Data spaces: what groups pipes.

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    secmaster::{
        self, PAGE,
        dataspace::{self, Dataspace},
        page, resource,
    },
};

use super::deliveries::list::iso;
use crate::{
    errors,
    kit::{Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, needed},
    ui::{
        Badge, Tab, Time,
        field::{Bound, TextArea, TextField},
    },
};

pub struct Dataspaces;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    name: String,
    description: String,
}

const NAMES: Names = Names {
    segment: "dataspaces",
    kind: "dataspace",
    one: "data space",
    many: "data spaces",
    title: "Data spaces",
    hint: "A data space groups the pipes of a workspace.",
};

const COLUMNS: &[Column<Dataspace>] = &[
    Column::text("name", "Name", 200, |it| it.dataspace_name.clone()),
    Column::text("type", "Type", 130, |it| it.dataspace_type.clone()),
    Column::text("description", "Description", 260, |it| {
        it.description.clone()
    }),
    Column::text("by", "Created by", 120, |it| it.create_by.clone()),
    Column::time("created", "Created", 100, |it| iso(it.create_time)),
    Column::mono("id", "Id", 240, |it| it.dataspace_id.clone()),
];

impl Resource for Dataspaces {
    type Model = Dataspace;
    type Draft = Draft;

    const SPEC: ResourceSpec<Dataspace, Draft> = ResourceSpec {
        loss: Some("Only a data space without pipes can be deleted."),
        read: resource,
        read_list: |body| page(body).map(|page| page.items),
        more: secmaster::part,
        name: Some(|model| &model.dataspace_name),
        edit: Some("Edit"),
        name_field: "dataspace_name",
        draft: |model| Draft {
            name: model.dataspace_name.clone(),
            description: model.description.clone(),
        },
        fields: sections,
        submit: Submit::One(|draft, edited, _| request(draft, edited)),
        facts: |model| {
            let kind = Signal::derive(move || model.with(|it| it.dataspace_type.clone()));
            view! { <Badge text=kind /> }.into_any()
        },
        tabs: |_, model| vec![Tab::new("facts", "Details", move || facts(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || dataspace::list(0, PAGE),
                get: dataspace::get,
                delete: Some(dataspace::delete),
            },
            |model| &model.dataspace_id,
            COLUMNS,
        )
    };
}

fn sections(draft: RwSignal<Draft>, edited: &Edited<Dataspace>) -> Vec<FieldGroup> {
    let new = edited.is_new();
    vec![FieldGroup::new("", move || {
        let name = new.then(|| {
            view! { <TextField label="Name" name="dataspace_name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) /> }
        });
        view! {
            {name}
            <TextArea label="Description" name="description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
        }
        .into_any()
    })]
}

fn request(draft: &Draft, edited: &Edited<Dataspace>) -> Result<ApiRequest, Vec<FieldError>> {
    let (name, description) = (draft.name.trim(), draft.description.trim());
    let request = match edited {
        Edited::New => {
            let errors = needed([("dataspace_name", &draft.name, "Enter a name")]);
            if !errors.is_empty() {
                return Err(errors);
            }
            dataspace::create(name, description)
        }
        Edited::Existing(before) => dataspace::update(&before.dataspace_id, description),
    };
    request.map_err(errors::unsent)
}

fn facts(model: Signal<Dataspace>) -> AnyView {
    let rows = move || {
        let one = model.get();
        view! {
            <div><dt>"Id"</dt><dd class="mono">{one.dataspace_id}</dd></div>
            <div><dt>"Description"</dt><dd>{one.description}</dd></div>
            <div><dt>"Region"</dt><dd>{one.region_id}</dd></div>
            <div><dt>"Created"</dt><dd><Time iso=iso(one.create_time) /> " " {one.create_by}</dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=iso(one.update_time) /> " " {one.update_by}</dd></div>
        }
    };
    view! { <dl class="settings across" aria-label="Details">{rows}</dl> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_description_changes() {
        let draft = Draft {
            name: " logs ".into(),
            description: "d".into(),
        };
        let new = request(&draft, &Edited::New).expect("a request");
        let body = String::from_utf8(new.body.expect("a body").bytes).expect("text");
        assert_eq!(body, r#"{"dataspace_name":"logs","description":"d"}"#);
        let before = Dataspace {
            dataspace_id: "a/b".into(),
            ..Dataspace::default()
        };
        let change = request(&draft, &Edited::Existing(before)).expect("a request");
        assert_eq!(change.target(), "/siem/dataspaces/a%2Fb");
        let body = String::from_utf8(change.body.expect("a body").bytes).expect("text");
        assert_eq!(body, r#"{"description":"d"}"#);
        assert!(request(&Draft::default(), &Edited::New).is_err());
    }
}
