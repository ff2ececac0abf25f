//! `POST /v1beta2/streams/{name}/ingest`.

use crate::{ApiRequest, request::encode};

/// How the body of an ingest is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `{"columns": […], "data": [[…], …]}`, the default.
    Compact,
    /// One JSON object per line (NDJSON).
    Streaming,
    /// The whole body is one row of a stream with one string column.
    Raw,
    /// Each line is one row of a stream with one string column.
    Lines,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Compact, Self::Streaming, Self::Raw, Self::Lines];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Streaming => "streaming",
            Self::Raw => "raw",
            Self::Lines => "lines",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Compact => "application/json",
            Self::Streaming => "application/json;format=streaming",
            Self::Raw => "text/plain;format=raw",
            Self::Lines => "text/plain;format=lines",
        }
    }
}

pub fn ingest(stream: &str, format: Format, body: Vec<u8>) -> ApiRequest {
    ApiRequest::post(format!("/v1beta2/streams/{}/ingest", encode(stream)))
        .query("format", format.as_str())
        .bytes(format.content_type(), body)
}
