//! `audit_log`: who changed what.

use serde::Serialize;
use weir_api::{
    Owner,
    timeplus::stream::{StreamDef, UpdateStream},
};
use weir_store::{Store, StoreError};

use super::{
    attempts::{ATTEMPTS, INSERTS, Pace, ROWS},
    http_access::truncate,
};

pub(super) const NAME: &str = "audit_log";
/// Whoever wants to be forgotten would otherwise only have to wait, or to do much.
const KEPT_MS: i64 = 2 * 365 * 24 * 60 * 60 * 1000;
const KEPT_BYTES: i64 = 4 << 30;
const NAME_CHARS: usize = 256;
const DETAIL_CHARS: usize = 1024;

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

impl AuditRecord {
    /// What callers choose has a bound each.
    pub(super) fn shorten(&mut self) {
        truncate(&mut self.actor, NAME_CHARS);
        truncate(&mut self.resource_name, NAME_CHARS);
        truncate(&mut self.detail, DETAIL_CHARS);
    }

    /// Whose such records come in masses and how many of them are kept, where it changed nothing of
    /// what is there: all of one actor that was refused, and apart from it their signing in and out,
    /// and the rows that they send to a stream.
    pub(super) fn of_masses(&self) -> Option<(String, Pace)> {
        let (actor, name) = (&self.actor, &self.resource_name);
        if (400..500).contains(&self.status) {
            return Some((actor.clone(), ATTEMPTS));
        }
        match (&*self.action, &*self.resource_kind) {
            ("sign_in" | "sign_out", _) => Some((format!("session of {actor}"), ATTEMPTS)),
            ("ingest", _) => Some((format!("ingest by {actor} into {name}"), ROWS)),
            (_, "row") => Some((format!("insert by {actor} into {name}"), INSERTS)),
            _ => None,
        }
    }
}

/// That of earlier versions was kept for a week.
pub(super) async fn keep_long(keeper: &Store, owner: Owner) -> Result<(), StoreError> {
    let Some(known) = keeper.stream(NAME) else {
        return Ok(());
    };
    if known.logstore_retention_ms >= KEPT_MS && known.logstore_retention_bytes >= KEPT_BYTES {
        return Ok(());
    }
    let longer = UpdateStream {
        logstore_retention_ms: Some(KEPT_MS),
        logstore_retention_bytes: Some(KEPT_BYTES),
        ..UpdateStream::default()
    };
    keeper.update_stream(NAME, longer, owner).await.map(|_| ())
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
