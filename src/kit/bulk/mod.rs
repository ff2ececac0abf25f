//! Something done to many resources at once: the plan first, then each with its result.

pub mod dialog;
mod progress;

use weir_api::{ApiError, ApiRequest, capability::Capability};

pub use dialog::{BulkDialog, Job};

/// What can be done to each of many resources of a kind.
#[derive(Debug, Clone, Copy)]
pub struct BulkAction {
    /// For example `Stop`.
    pub verb: &'static str,
    /// For example `stopped`.
    pub done: &'static str,
    pub request: fn(&str) -> Result<ApiRequest, ApiError>,
    /// What it means, a sentence.
    pub effect: &'static str,
    pub needs: Option<Capability>,
}
