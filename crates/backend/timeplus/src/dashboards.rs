//! Dashboards: what panels say besides what the specification has is kept as it is sent.

use weir_api::{
    Audit,
    timeplus::dashboard::{Dashboard, DashboardDef},
};

use crate::{documents::Document, error::HttpError};

/// Keys of a panel, with what the JSON of their values begins with.
const PANEL: &[(&str, char, &str)] = &[
    ("id", '"', "a text"),
    ("title", '"', "a text"),
    ("description", '"', "a text"),
    ("position", '{', "an object"),
    ("viz_type", '"', "a text"),
    ("viz_content", '"', "a text"),
    ("viz_config", '{', "an object"),
];

impl Document for Dashboard {
    type Definition = DashboardDef;
    const WORD: &'static str = "dashboard";
    const KIND: &'static str = "dashboard";
    const TABLE: &'static str = "backend_dashboards";

    fn check(definition: &DashboardDef) -> Result<(), HttpError> {
        for (at, panel) in definition.panels.iter().enumerate() {
            for (key, begins, kind) in PANEL {
                let value = panel.0.raw(key).unwrap_or("null");
                if value != "null" && !value.starts_with(*begins) {
                    let field = format!("panels[{at}].{key}");
                    return Err(HttpError::field(field, format!("{kind} is needed")));
                }
            }
        }
        Ok(())
    }

    fn called(definition: &DashboardDef) -> &str {
        &definition.name
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn audit(&self) -> Audit {
        Audit {
            created_at: self.created_at.clone(),
            created_by: self.created_by.clone(),
            last_updated_at: self.last_updated_at.clone(),
            last_updated_by: self.last_updated_by.clone(),
        }
    }

    fn new(id: String, mut definition: DashboardDef, audit: Audit) -> Self {
        // What is null says nothing, and no text or object is told as null.
        for panel in &mut definition.panels {
            for (key, ..) in PANEL {
                if panel.0.raw(key) == Some("null") {
                    panel.0.remove(key);
                }
            }
        }
        Self {
            id,
            name: definition.name,
            description: definition.description,
            panels: definition.panels,
            created_at: audit.created_at,
            created_by: audit.created_by,
            last_updated_at: audit.last_updated_at,
            last_updated_by: audit.last_updated_by,
            ..Self::default()
        }
    }
}
