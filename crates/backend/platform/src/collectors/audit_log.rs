//! `audit_log`: who changed what.

use serde::Serialize;
use weir_api::timeplus::stream::StreamDef;

pub(super) const NAME: &str = "audit_log";

#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditRecord {
    /// User or API key; empty when not signed in.
    pub actor: String,
    /// For example `create`, `update`, `delete`, `sign_in`.
    pub action: String,
    /// For example `stream`.
    pub resource_kind: String,
    pub resource_name: String,
    /// HTTP status of the answer.
    pub status: u16,
    pub request_id: String,
    pub remote: String,
    /// In words; never holds secrets.
    pub detail: String,
    /// What the resource was before and after, as JSON without secrets; empty where there was none
    /// or it is not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

pub(super) fn definition() -> StreamDef {
    super::definition(
        NAME,
        "Every change made through this backend: who, what, when",
        &[
            ("actor", "string"),
            ("action", "low_cardinality(string)"),
            ("resource_kind", "low_cardinality(string)"),
            ("resource_name", "string"),
            ("status", "uint16"),
            ("request_id", "string"),
            ("remote", "string"),
            ("detail", "string"),
            ("before", "string"),
            ("after", "string"),
        ],
    )
}
