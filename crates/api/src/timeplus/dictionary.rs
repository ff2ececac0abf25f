//! `/v1beta2/dictionaries`. They are made with SQL only.

use serde::{Deserialize, Serialize};

use crate::{Audit, crud::Crud};

pub const CRUD: Crud = Crud("/v1beta2/dictionaries");

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dictionary {
    pub name: String,
    pub description: String,
    /// The statement that made it.
    pub query: String,
    #[serde(flatten)]
    pub audit: Audit,
}
