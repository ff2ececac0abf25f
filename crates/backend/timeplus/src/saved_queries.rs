//! Saved queries.

use weir_api::{
    Audit,
    timeplus::saved_query::{SavedQuery, SavedQueryDef},
};

use crate::documents::Document;

impl Document for SavedQuery {
    type Definition = SavedQueryDef;
    const WORD: &'static str = "saved query";
    const KIND: &'static str = "saved_query";
    const TABLE: &'static str = "backend_saved_queries";

    fn called(definition: &SavedQueryDef) -> &str {
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

    fn new(id: String, definition: SavedQueryDef, audit: Audit) -> Self {
        Self {
            id,
            name: definition.name,
            description: definition.description,
            sql: definition.sql,
            tags: definition.tags,
            created_at: audit.created_at,
            created_by: audit.created_by,
            last_updated_at: audit.last_updated_at,
            last_updated_by: audit.last_updated_by,
            ..Self::default()
        }
    }
}
