//! Dashboards in lists and forms; [`crate::dashboards`] shows one.

pub mod page;
pub mod tools;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::dashboard::{self, Dashboard, DashboardDef},
};

use crate::{
    dashboards::transfer,
    errors,
    kit::{Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, latest},
    ui::{
        field::{Bound, TextArea, TextField},
        table::Cell,
    },
};

pub struct Dashboards;

/// What the form edits; panels are edited on the dashboard itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    /// An exported dashboard whose panels the new one begins with.
    pub import: String,
}

impl Draft {
    fn definition(&self, panels: Option<&Dashboard>) -> Result<DashboardDef, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |field: &str, message: String| {
            errors.push(FieldError::new(field, message));
        };
        let mut definition = DashboardDef::default();
        if let Some(before) = panels {
            definition.panels = before.panels.clone();
            definition.beside = before.beside.clone();
        } else if !self.import.trim().is_empty() {
            match transfer::read(&self.import) {
                Ok(imported) => definition = imported,
                Err(words) => complain("panels", words),
            }
        }
        if !self.name.trim().is_empty() {
            definition.name = self.name.trim().into();
        }
        if !self.description.trim().is_empty() || panels.is_some() {
            definition.description = self.description.clone();
        }
        if definition.name.is_empty() || panels.is_some() && self.name.trim().is_empty() {
            complain("name", "Enter a name".into());
        }
        if errors.is_empty() {
            Ok(definition)
        } else {
            Err(errors)
        }
    }
}

const NAMES: Names = Names {
    segment: "dashboards",
    kind: "dashboard",
    one: "dashboard",
    many: "dashboards",
    title: "Dashboards",
    hint: "A dashboard shows live queries as charts, numbers, tables, maps and text.",
};

const COLUMNS: &[Column<Dashboard>] = &[
    Column::text("name", "Name", 200, |it| it.name.clone()),
    Column::text("description", "Description", 280, |it| {
        it.description.clone()
    }),
    Column::number("panels", "Panels", 76, |it| {
        Cell::count(it.panels.len() as u64)
    }),
    Column::text("by", "Changed by", 110, |it| {
        let by = it.last_updated_by.as_ref().or(it.created_by.as_ref());
        by.map(|owner| owner.name.clone()).unwrap_or_default()
    }),
    Column::time("updated", "Changed", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

impl Resource for Dashboards {
    type Model = Dashboard;
    type Draft = Draft;

    const SPEC: ResourceSpec<Dashboard, Draft> = ResourceSpec {
        loss: Some("Panels and their settings are lost. The streams they read are kept."),
        name: Some(|model| &model.name),
        search: |model| {
            let titles: Vec<String> = model.panels.iter().map(|panel| panel.title()).collect();
            titles.join(" ")
        },
        draft: |model| Draft {
            name: model.name.clone(),
            description: model.description.clone(),
            import: String::new(),
        },
        anew: Some(|model| Draft {
            import: transfer::write(&model.clone().into()),
            ..Draft::default()
        }),
        overwrite: Some(|made, found| {
            dashboard::update(&found.id, &made.clone().into()).map_err(errors::unsent)
        }),
        fields: sections,
        submit: Submit::One(parse),
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(dashboard::CRUD),
            |model| &model.id,
            COLUMNS,
        )
    };
}

fn sections(draft: RwSignal<Draft>, edited: &Edited<Dashboard>) -> Vec<FieldGroup> {
    let mut sections = vec![FieldGroup::new("", move || {
        view! {
        <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <TextArea label="Description" name="description" value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
    })];
    if edited.is_new() {
        let import = FieldGroup::new("Import", move || {
            view! {
            <TextArea
                label="Exported dashboard"
                name="panels"
                value=Bound::part(draft, |d| &mut d.import)
                rows=8
                mono=true
                help="JSON of an exported dashboard. Its name and description are used if the fields above are empty."
            />
        }
        .into_any()
        });
        sections.push(import.advanced());
    }
    sections
}

fn parse(
    draft: &Draft,
    edited: &Edited<Dashboard>,
    _can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let request = match edited {
        Edited::New => dashboard::create(&draft.definition(None)?),
        Edited::Existing(before) => dashboard::update(&before.id, &draft.definition(Some(before))?),
    };
    request.map_err(errors::unsent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_brings_what_is_not_typed() {
        let draft = |name: &str, import: &str| Draft {
            name: name.into(),
            import: import.into(),
            ..Draft::default()
        };
        let export = r#"{"name":"Old","description":"d","panels":[{"id":"x"}]}"#;
        let made = draft("", export).definition(None).expect("a dashboard");
        assert_eq!((made.name.as_str(), made.panels.len()), ("Old", 1));
        let renamed = draft("New", export).definition(None).expect("a dashboard");
        assert_eq!(
            (renamed.name.as_str(), renamed.description.as_str()),
            ("New", "d")
        );
        let errors = draft("", "{").definition(None).expect_err("errors");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["panels", "name"]);
    }

    #[test]
    fn renaming_keeps_the_panels() {
        let export = r#"{"id":"1","name":"Old","panels":[{"id":"x","later":1.50}]}"#;
        let before: Dashboard = serde_json::from_str(export).expect("a dashboard");
        let draft = Draft {
            name: "New".into(),
            ..Draft::default()
        };
        let made = draft.definition(Some(&before)).expect("a dashboard");
        assert_eq!(made.panels, before.panels);
    }
}
