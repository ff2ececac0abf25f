//! Refusals as JSON:API words them.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use weir_api::azion::{
    check::KeyError,
    v4::stream::{SAMPLING, TEMPLATE, WORKLOADS},
};

use super::super::error::VendorError;

/// What of a request is wrong.
#[derive(Debug)]
enum Source {
    /// A JSON pointer into the body.
    Pointer(String),
    /// Of the query.
    Parameter(String),
}

/// A status, and for each thing that is wrong where it is and words.
#[derive(Debug)]
pub(crate) struct Errors {
    status: StatusCode,
    all: Vec<(Option<Source>, String)>,
}

impl Errors {
    fn bad(all: Vec<(Option<Source>, String)>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            all,
        }
    }

    pub(super) fn at(pointer: impl Into<String>, words: impl Into<String>) -> Self {
        Self::bad(vec![(Some(Source::Pointer(pointer.into())), words.into())])
    }

    /// The same words for each.
    pub(super) fn all_at(pointers: Vec<String>, words: &str) -> Self {
        let pointers = pointers.into_iter();
        Self::bad(
            pointers
                .map(|pointer| (Some(Source::Pointer(pointer)), words.into()))
                .collect(),
        )
    }

    pub(super) fn parameter(name: &str, words: impl Into<String>) -> Self {
        Self::bad(vec![(Some(Source::Parameter(name.into())), words.into())])
    }

    pub(super) fn no_page() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::parameter("page", "Invalid page.")
        }
    }

    /// Of what a request said in words of version 4.
    pub(super) fn of(refusal: VendorError, sent: &Map<String, Value>) -> Self {
        Self::told(refusal, |field| pointer(field, sent))
    }

    fn told(refusal: VendorError, place: impl Fn(&str) -> String) -> Self {
        let (status, detail, key_errors) = refusal.into_parts();
        let mut all: Vec<_> = key_errors
            .into_iter()
            .map(|KeyError { field, message, .. }| (Some(Source::Pointer(place(&field))), message))
            .collect();
        all.extend(detail.map(|words| (None, words)));
        Self { status, all }
    }
}

/// Where version 4 has what version 3 calls by this name.
fn pointer(field: &str, sent: &Map<String, Value>) -> String {
    let transform = |kind: &str, key: &str| {
        let parts = sent.get("transform").and_then(Value::as_array);
        let at = parts.and_then(|parts| parts.iter().position(|part| part["type"] == kind));
        match at {
            Some(at) => format!("/transform/{at}/attributes/{key}"),
            None => "/transform".into(),
        }
    };
    match field {
        "data_source" => "/inputs/0/attributes/data_source".into(),
        "template_id" | "template_model" => transform(TEMPLATE, "template"),
        "sampling_percentage" => transform(SAMPLING, "rate"),
        "domain_ids" | "all_domains" => transform(WORKLOADS, "workloads"),
        "endpoint_type" => "/outputs/0/type".into(),
        "endpoint" => "/outputs/0".into(),
        field => match field.strip_prefix("endpoint.") {
            Some(key) => format!("/outputs/0/attributes/{key}"),
            None => format!("/{field}"),
        },
    }
}

impl From<VendorError> for Errors {
    fn from(refusal: VendorError) -> Self {
        Self::told(refusal, |field| format!("/{field}"))
    }
}

impl IntoResponse for Errors {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let error = |(source, detail): (Option<Source>, String)| {
            let mut error = json!({
                "status": self.status.as_u16().to_string(), "code": self.status.as_u16().to_string(),
                "title": title, "detail": detail,
            });
            match source {
                Some(Source::Pointer(pointer)) => error["source"] = json!({"pointer": pointer}),
                Some(Source::Parameter(name)) => error["source"] = json!({"parameter": name}),
                None => {}
            }
            error
        };
        let all: Vec<Value> = self.all.into_iter().map(error).collect();
        (self.status, Json(json!({ "errors": all }))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_version_3_complains_of_is_pointed_at_in_what_was_sent() {
        let sent = json!({"transform": [
            {"type": "sampling", "attributes": {"rate": 101}},
            {"type": "render_template", "attributes": {"template": 9}},
        ]});
        let sent = sent.as_object().expect("object");
        for (field, place) in [
            ("template_id", "/transform/1/attributes/template"),
            ("sampling_percentage", "/transform/0/attributes/rate"),
            ("domain_ids", "/transform"),
            ("endpoint.url", "/outputs/0/attributes/url"),
            ("name", "/name"),
        ] {
            assert_eq!(pointer(field, sent), place);
        }
    }
}
