//! What version 2 of the API says of a pipe and version 1 does not.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::vendor_error::VendorError;

/// Where the vendor keeps a pipe's records; here all are streams.
pub(super) const CATEGORIES: [&str; 4] = [
    "STREAMING",
    "STREAMING_TO_INDEX",
    "STREAMING_TO_LAKE",
    "STREAMING_TO_INDEX_LAKE",
];

/// What version 1 does not say of a pipe.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Newer {
    pub pipe_alias: String,
    pub category: String,
    pub directory: String,
    pub watermark_column: String,
    pub watermark_interval: f64,
    pub time_filter: String,
    /// As it was sent.
    pub storage_setting: Value,
}

impl Newer {
    pub(super) fn checked(mut self) -> Result<Self, VendorError> {
        if self.category.is_empty() {
            self.category = CATEGORIES[0].into();
        }
        match CATEGORIES.contains(&self.category.as_str()) {
            true => Ok(self),
            false => Err(VendorError::field("category", CATEGORIES.join(", "))),
        }
    }
}
