//! `/data_streaming/domains`: whose records a streaming can send.

use serde::{Deserialize, Serialize};

use super::versioned;
use crate::ApiRequest;

/// So many at once, as the vendor's own console asks for.
const PAGE: &str = "2000";

/// `streaming` is the id of the streaming whose domains are marked as selected.
pub fn list(streaming: Option<&str>) -> ApiRequest {
    let request = ApiRequest::get("/data_streaming/domains").query("page_size", PAGE);
    versioned(match streaming {
        Some(id) => request.query("streaming_id", id),
        None => request,
    })
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Domain {
    /// Version 4 calls them workloads.
    #[serde(alias = "id")]
    pub domain_id: i64,
    pub name: String,
    /// `None` where no streaming was named.
    pub selected: Option<bool>,
}
