//! Types of a data class, in two levels such as attack and scan.

use serde::{Deserialize, Serialize};
use weir_store::{Store, StoreError};

use super::Records;
use crate::vendor_error::VendorError;

pub(crate) struct ClassTypes(pub(crate) Records<ClassType>);

impl ClassTypes {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Records::load(store, "class_type").await?))
    }

    pub(crate) fn get(&self, class: &str, id: &str) -> Result<ClassType, VendorError> {
        let found = self.0.get(id).filter(|one| one.dataclass_id == class);
        found.ok_or_else(|| VendorError::missing(format!("type '{id}'")))
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ClassType {
    pub(crate) id: String,
    pub(crate) dataclass_id: String,
    pub(crate) dataclass_business_code: String,
    pub(crate) domain_id: String,
    pub(crate) project_id: String,
    pub(crate) region_id: String,
    pub(crate) workspace_id: String,
    pub(crate) layout_id: String,
    pub(crate) layout_name: String,
    pub(crate) category: String,
    pub(crate) category_code: String,
    pub(crate) sub_category: String,
    pub(crate) sub_category_code: String,
    pub(crate) description: String,
    pub(crate) enabled: bool,
    pub(crate) is_built_in: bool,
    pub(crate) level: i64,
    pub(crate) sla: i64,
    pub(crate) sub_count: i64,
    pub(crate) creator_name: String,
    pub(crate) modifier_name: String,
    pub(crate) create_time: String,
    pub(crate) update_time: String,
}
