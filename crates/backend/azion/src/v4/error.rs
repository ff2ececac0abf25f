//! Refusals as JSON:API words them.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use weir_api::azion::check::Complaint;

use super::super::error::Refusal;

/// A status, and for each thing that is wrong a pointer to it and words.
#[derive(Debug)]
pub(crate) struct Errors {
    status: StatusCode,
    all: Vec<(Option<String>, String)>,
}

impl Errors {
    pub(super) fn at(pointer: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            all: vec![(Some(pointer.into()), words.into())],
        }
    }

    pub(super) fn parameter(name: &str, words: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            all: vec![(None, format!("{name}: {}", words.into()))],
        }
    }
}

/// Where version 4 has what version 3 calls by this name.
fn pointer(field: &str) -> String {
    match field {
        "data_source" => "/inputs/0/attributes/data_source".into(),
        "template_id" | "template_model" => "/transform/render_template".into(),
        "sampling_percentage" => "/transform/sampling".into(),
        "domain_ids" | "all_domains" => "/transform/filter_workloads".into(),
        "endpoint" | "endpoint_type" => "/outputs/0".into(),
        field => match field.strip_prefix("endpoint.") {
            Some(key) => format!("/outputs/0/attributes/{key}"),
            None => format!("/{field}"),
        },
    }
}

impl From<Refusal> for Errors {
    fn from(refusal: Refusal) -> Self {
        let (status, detail, complaints) = refusal.into_parts();
        let mut all: Vec<_> = complaints
            .into_iter()
            .map(|Complaint { field, message, .. }| (Some(pointer(&field)), message))
            .collect();
        all.extend(detail.map(|words| (None, words)));
        Self { status, all }
    }
}

impl IntoResponse for Errors {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let error = |(pointer, detail): (Option<String>, String)| {
            let mut error = json!({
                "status": self.status.as_u16().to_string(), "code": self.status.as_u16().to_string(),
                "title": title, "detail": detail,
            });
            if let Some(pointer) = pointer {
                error["source"] = json!({ "pointer": pointer });
            }
            error
        };
        let all: Vec<Value> = self.all.into_iter().map(error).collect();
        (self.status, Json(json!({ "errors": all }))).into_response()
    }
}
