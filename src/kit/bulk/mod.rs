//! Something done to many resources at once: the plan first, then each with its result.

pub mod dialog;
pub mod items;
mod job;
pub mod plan;
pub mod progress;
pub mod run;

use std::sync::Arc;

use weir_api::{ApiError, ApiRequest, capability::Capability};

pub use dialog::BulkDialog;
pub use job::{Harm, Job};

/// What is done to each.
#[derive(Clone)]
pub enum Work {
    /// Shared, not in the arena: it outlives the bar whose button made it.
    Send(Arc<dyn Fn(String) -> Result<ApiRequest, ApiError> + Send + Sync>),
    /// Adds a tag that is typed.
    Tag(Tagging),
}

/// How a tag is added: each is read first.
#[derive(Clone, Copy)]
pub struct Tagging {
    pub get: fn(&str) -> ApiRequest,
    /// From the answer and the tag; `None` where it has the tag.
    pub tagged: fn(&[u8], &str) -> Result<Option<ApiRequest>, ApiError>,
}

/// What can be done to one or to many resources of a kind.
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
    /// States of a list, in words, that it is the way out of.
    pub helps: &'static [&'static str],
    /// Something that runs is stopped by it: asked before, with what depends on it.
    pub halts: bool,
    /// States, in words, in which there is nothing to do for it.
    pub idle: &'static [&'static str],
}

impl BulkAction {
    pub fn leads_out_of(&self, state: &str) -> bool {
        self.helps
            .iter()
            .any(|word| word.eq_ignore_ascii_case(state))
    }

    /// Whether there is anything to do; an empty state is one that is not known.
    pub fn fits(&self, state: &str) -> bool {
        !self
            .idle
            .iter()
            .any(|word| word.eq_ignore_ascii_case(state))
    }
}
