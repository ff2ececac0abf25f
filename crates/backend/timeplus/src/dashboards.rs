//! Dashboards: panels are kept as they are sent.

use weir_api::{
    Audit,
    timeplus::dashboard::{Dashboard, DashboardDef},
};

use crate::documents::Document;

impl Document for Dashboard {
    type Definition = DashboardDef;
    const WORD: &'static str = "dashboard";
    const KIND: &'static str = "dashboard";
    const TABLE: &'static str = "backend_dashboards";

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

    fn new(id: String, definition: DashboardDef, audit: Audit) -> Self {
        Self {
            id,
            name: definition.name,
            description: definition.description,
            panels: definition.panels,
            created_at: audit.created_at,
            created_by: audit.created_by,
            last_updated_at: audit.last_updated_at,
            last_updated_by: audit.last_updated_by,
        }
    }
}
