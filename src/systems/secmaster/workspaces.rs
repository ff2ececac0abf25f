//! Workspaces of the project that the connection's workspace is in.

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    secmaster::{
        self, PAGE, page, resource,
        workspace::{self, CreateWorkspace, UpdateWorkspace, Workspace},
    },
};

use crate::{
    errors,
    kit::{Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, needed},
    ui::{
        Tab, Time,
        field::{Bound, TextArea, TextField},
    },
};

pub struct Workspaces;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    name: String,
    description: String,
    region: String,
    project: String,
}

const NAMES: Names = Names {
    segment: "workspaces",
    kind: "workspace",
    one: "workspace",
    many: "workspaces",
    title: "Workspaces",
    hint: "A workspace contains data spaces, pipes and data objects. Each connection uses one workspace.",
};

const COLUMNS: &[Column<Workspace>] = &[
    Column::text("name", "Name", 200, |it| it.name.clone()),
    Column::text("description", "Description", 260, |it| {
        it.description.clone()
    }),
    Column::text("region", "Region", 130, |it| it.region_id.clone()),
    Column::text("project", "Project", 140, |it| it.project_name.clone()),
    Column::time("created", "Created", 100, |it| it.create_time.clone()),
    Column::mono("id", "Id", 240, |it| it.id.clone()),
];

impl Resource for Workspaces {
    type Model = Workspace;
    type Draft = Draft;

    const SPEC: ResourceSpec<Workspace, Draft> = ResourceSpec {
        loss: Some("Dependent connections no longer work."),
        read: resource,
        read_list: |body| page(body).map(|page| page.items),
        more: secmaster::part,
        name: Some(|model| &model.name),
        edit: Some("Edit"),
        draft: |model| Draft {
            name: model.name.clone(),
            description: model.description.clone(),
            region: model.region_id.clone(),
            project: model.project_name.clone(),
        },
        fields: sections,
        submit: Submit::One(|draft, edited, _| request(draft, edited)),
        tabs: |_, model| vec![Tab::new("facts", "Details", move || facts(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || workspace::list(0, PAGE),
                get: workspace::get,
                delete: Some(workspace::delete),
            },
            |model| &model.id,
            COLUMNS,
        )
    };
}

fn sections(draft: RwSignal<Draft>, edited: &Edited<Workspace>) -> Vec<FieldGroup> {
    let new = edited.is_new();
    vec![FieldGroup::new("", move || {
        let place = new.then(|| {
            view! {
                <TextField label="Region" name="region_id" required=true mono=true value=Bound::part(draft, |d| &mut d.region) help="For example cn-north-4." />
                <TextField label="Project name" name="project_name" required=true value=Bound::part(draft, |d| &mut d.project) />
            }
        });
        view! {
            <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
            <TextArea label="Description" name="description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
            {place}
        }
        .into_any()
    })]
}

fn request(draft: &Draft, edited: &Edited<Workspace>) -> Result<ApiRequest, Vec<FieldError>> {
    let text = |text: &str| text.trim().to_string();
    let mut wrong = needed([("name", &draft.name, "Enter a name")]);
    if edited.is_new() {
        wrong.extend(needed([
            ("region_id", &draft.region, "Enter a region"),
            (
                "project_name",
                &draft.project,
                "Enter the name of the project",
            ),
        ]));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let request = match edited {
        Edited::New => workspace::create(&CreateWorkspace {
            region_id: text(&draft.region),
            name: text(&draft.name),
            project_name: text(&draft.project),
            description: text(&draft.description),
        }),
        Edited::Existing(before) => {
            let changed = |now: String, before: &str| (now != before).then_some(now);
            workspace::update(
                &before.id,
                &UpdateWorkspace {
                    name: changed(text(&draft.name), &before.name),
                    description: changed(text(&draft.description), &before.description),
                },
            )
        }
    };
    request.map_err(errors::unsent)
}

fn facts(model: Signal<Workspace>) -> AnyView {
    let rows = move || {
        let one = model.get();
        view! {
            <div><dt>"Id"</dt><dd class="mono">{one.id}</dd></div>
            <div><dt>"Description"</dt><dd>{one.description}</dd></div>
            <div><dt>"Region"</dt><dd>{one.region_id}</dd></div>
            <div><dt>"Project"</dt><dd>{one.project_name} " " <span class="mono">{one.project_id}</span></dd></div>
            <div><dt>"Created"</dt><dd><Time iso=one.create_time /></dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=one.update_time /></dd></div>
        }
    };
    view! { <dl class="settings across" aria-label="Details">{rows}</dl> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_beside_the_connections_own() {
        let draft = Draft {
            name: "w".into(),
            description: "d".into(),
            region: "cn-north-4".into(),
            project: "cn-north-4".into(),
        };
        let new = request(&draft, &Edited::New).expect("a request");
        assert_eq!((new.target().as_str(), new.above), ("", true));
        let before = Workspace {
            id: "a b".into(),
            name: "w".into(),
            ..Workspace::default()
        };
        let change = request(&draft, &Edited::Existing(before)).expect("a request");
        assert_eq!((change.target().as_str(), change.above), ("/a%20b", true));
        let body = String::from_utf8(change.body.expect("a body").bytes).expect("text");
        assert_eq!(body, r#"{"description":"d"}"#, "only what changed");
        let errors = request(&Draft::default(), &Edited::New).expect_err("errors");
        assert_eq!(errors.len(), 3);
        let shown = br#"{"workspace":{"id":"w1","name":"n"}}"#;
        assert_eq!((Workspaces::SPEC.read)(shown).expect("one").id, "w1");
        assert_eq!(
            (Workspaces::SPEC.read)(br#"{"id":"w1"}"#).expect("one").id,
            "w1"
        );
    }
}
