//! An object as it stands in its stream.

use rusqlite::Row;
use serde_json::json;
use weir_api::secmaster::{
    data_class::DataClass,
    data_object::{ClassRef, DataObject, Fields},
};

use super::super::wire::DEFAULT;
use crate::clock;

/// An object as it stands in its stream.
#[derive(Clone)]
pub(super) struct Stored {
    pub id: String,
    pub workspace: String,
    pub create_ms: i64,
    pub update_ms: i64,
    pub version: i64,
    pub format_version: i64,
    pub deleted: bool,
    pub object: String,
}

pub(super) const COLUMNS: [(&str, &str); 8] = [
    ("id", "string"),
    ("workspace_id", "string"),
    ("create_time", "int64"),
    ("update_time", "int64"),
    ("version", "int64"),
    ("format_version", "int64"),
    ("deleted", "bool"),
    ("data_object", "string"),
];

impl Stored {
    /// From the columns in their order.
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            workspace: row.get(1)?,
            create_ms: row.get(2)?,
            update_ms: row.get(3)?,
            version: row.get(4)?,
            format_version: row.get(5)?,
            deleted: row.get(6)?,
            object: row.get(7)?,
        })
    }

    pub(super) fn line(&self) -> String {
        json!({
            "id": self.id,
            "workspace_id": self.workspace,
            "create_time": self.create_ms,
            "update_time": self.update_ms,
            "version": self.version,
            "format_version": self.format_version,
            "deleted": self.deleted,
            "data_object": self.object,
        })
        .to_string()
    }

    pub(super) fn fields(&self) -> Fields {
        serde_json::from_str(&self.object).unwrap_or_default()
    }

    pub(super) fn shown(&self, class: &DataClass) -> DataObject {
        DataObject {
            id: self.id.clone(),
            create_time: clock::iso(self.create_ms),
            update_time: clock::iso(self.update_ms),
            version: self.version,
            format_version: self.format_version,
            project_id: DEFAULT.into(),
            workspace_id: self.workspace.clone(),
            dataclass_ref: ClassRef {
                id: class.id.clone(),
                name: class.name.clone(),
            },
            data_object: self.fields(),
        }
    }
}

pub(super) fn columns() -> String {
    COLUMNS.map(|(name, _)| name).join(", ")
}
