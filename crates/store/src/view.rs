use serde::{Deserialize, Serialize};
use weir_api::timeplus::Audit;

/// A stored query; names are shared with streams.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub name: String,
    pub description: String,
    /// The `SELECT`.
    pub query: String,
    pub materialized: bool,
    /// The stream a materialized view writes into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(flatten)]
    pub audit: Audit,
}
