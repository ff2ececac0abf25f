//! `http_access`: every request the backend serves.

use serde::Serialize;
use weir_api::timeplus::stream::StreamDef;

pub(super) const NAME: &str = "http_access";
const PATH_CHARS: usize = 1024;
const AGENT_CHARS: usize = 256;

#[derive(Debug, Clone, Default, Serialize)]
pub struct AccessRecord {
    pub method: String,
    /// A query text in it is cut off: it can hold secrets.
    pub path: String,
    pub status: u16,
    pub duration_ms: f64,
    pub request_bytes: u64,
    pub response_bytes: u64,
    /// Empty when not signed in.
    pub user: String,
    pub remote: String,
    pub user_agent: String,
    pub request_id: String,
}

impl AccessRecord {
    pub(super) fn shorten(&mut self) {
        if let Some(query) = self.path.find('?') {
            self.path.truncate(query);
        }
        truncate(&mut self.path, PATH_CHARS);
        truncate(&mut self.user_agent, AGENT_CHARS);
    }
}

pub(super) fn truncate(text: &mut String, chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
    }
}

pub(super) fn definition() -> StreamDef {
    super::definition(
        NAME,
        "Every request this backend serves",
        &[
            ("method", "low_cardinality(string)"),
            ("path", "string"),
            ("status", "uint16"),
            ("duration_ms", "float64"),
            ("request_bytes", "uint64"),
            ("response_bytes", "uint64"),
            ("user", "string"),
            ("remote", "string"),
            ("user_agent", "string"),
            ("request_id", "string"),
        ],
    )
}
