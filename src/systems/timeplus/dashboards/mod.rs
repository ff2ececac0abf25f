//! Dashboards in lists and forms; [`crate::dashboards`] shows one.

pub mod page;
mod tools;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::dashboard::{self, Dashboard, DashboardDef},
};

use crate::{
    dashboards::transfer,
    errors,
    kit::{Deletion, Edited, FieldGroup, ResourceSpec},
    ui::{
        Tab,
        field::{Bound, TextArea, TextField},
        number,
        table::{Cell, Column},
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
            definition.description = self.description.trim().into();
        }
        if definition.name.is_empty() || panels.is_some() && self.name.trim().is_empty() {
            complain("name", "Give the dashboard a name".into());
        }
        if errors.is_empty() {
            Ok(definition)
        } else {
            Err(errors)
        }
    }
}

impl ResourceSpec for Dashboards {
    type Model = Dashboard;
    type Draft = Draft;

    const SEGMENT: &'static str = "dashboards";
    const KIND: &'static str = "dashboard";
    const ONE: &'static str = "dashboard";
    const MANY: &'static str = "dashboards";
    const TITLE: &'static str = "Dashboards";
    const HINT: &'static str =
        "A dashboard shows live queries side by side: as charts, numbers, tables, maps and text.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: dashboard::delete,
        loss: "Its panels and their settings are lost. The streams they read stay.",
    });

    fn list() -> ApiRequest {
        dashboard::list()
    }

    fn get(key: &str) -> ApiRequest {
        dashboard::get(key)
    }

    fn key(model: &Dashboard) -> &str {
        &model.id
    }

    fn name(model: &Dashboard) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 200),
            Column::text("description", "Description", 280),
            Column::number("panels", "Panels", 76),
            Column::text("by", "Changed by", 110),
            Column::text("updated", "Changed", 96),
        ]
    }

    fn cells(model: &Dashboard) -> Vec<Cell> {
        let panels = model.panels.len();
        let by = model.last_updated_by.as_ref().or(model.created_by.as_ref());
        let updated = model.last_updated_at.clone();
        vec![
            Cell::Text(model.name.clone()),
            Cell::Text(model.description.clone()),
            Cell::Number(panels as f64, number::count(panels as u64)),
            Cell::Text(by.map(|owner| owner.name.clone()).unwrap_or_default()),
            Cell::Time(
                updated
                    .or_else(|| model.created_at.clone())
                    .unwrap_or_default(),
            ),
        ]
    }

    fn search(model: &Dashboard) -> String {
        let titles: Vec<String> = model.panels.iter().map(|panel| panel.title()).collect();
        titles.join(" ")
    }

    fn draft(model: &Dashboard) -> Draft {
        Draft {
            name: model.name.clone(),
            description: model.description.clone(),
            import: String::new(),
        }
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Dashboard>) -> Vec<FieldGroup> {
        let mut sections = vec![FieldGroup::new("", move || {
            view! {
                <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
                <TextArea label="Description" name="description" value=Bound::part(draft, |d| &mut d.description) />
            }
            .into_any()
        })];
        if matches!(edited, Edited::New) {
            let import = FieldGroup::new("Import", move || {
                view! {
                    <TextArea
                        label="Exported dashboard"
                        name="panels"
                        value=Bound::part(draft, |d| &mut d.import)
                        rows=8
                        mono=true
                        help="JSON of an export. Its name and description hold where none are typed above."
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
            Edited::Existing(before) => {
                dashboard::update(&before.id, &draft.definition(Some(before))?)
            }
        };
        request.map_err(errors::unsent)
    }

    fn tabs(_connection: &str, _model: Signal<Dashboard>) -> Vec<Tab> {
        Vec::new()
    }
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
