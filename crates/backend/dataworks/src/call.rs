//! What an operation is given, and what it answers.

use axum::{http::StatusCode, response::Response};
use serde_json::{Map, Value, json};

use super::{parameters::Parameters, vendor_error::VendorError, written::Form};
use crate::{Services, auth::Actor};

/// What an operation is given.
pub(super) struct Call<'a> {
    pub app: &'a Services,
    pub actor: &'a Actor,
    pub parameters: &'a Parameters,
}

/// What an operation answers, besides the envelope.
pub(super) struct Answer {
    payload: Vec<(&'static str, Value)>,
    /// Some answers say only what they have to say.
    envelope: bool,
    /// What it was about, for the audit log.
    about: String,
}

impl Answer {
    pub(super) fn data(data: impl Into<Value>) -> Self {
        Self::under("Data", data)
    }

    pub(super) fn under(key: &'static str, value: impl Into<Value>) -> Self {
        Self {
            payload: vec![(key, value.into())],
            envelope: true,
            about: String::new(),
        }
    }

    pub(super) fn bare(key: &'static str, value: impl Into<Value>) -> Self {
        Self {
            payload: vec![(key, value.into())],
            envelope: false,
            about: String::new(),
        }
    }

    pub(super) fn nothing() -> Self {
        Self {
            payload: Vec::new(),
            envelope: true,
            about: String::new(),
        }
    }

    pub(super) fn of(mut self, name: impl Into<String>) -> Self {
        self.about = name.into();
        self
    }

    pub(super) fn about(&self) -> &str {
        &self.about
    }

    pub(super) fn into_response(self, request_id: &str, form: &Form) -> Response {
        let mut body = Map::new();
        body.insert("RequestId".into(), json!(request_id));
        if self.envelope {
            body.insert("HttpStatusCode".into(), json!(200));
            body.insert("Success".into(), json!(true));
        }
        for (key, value) in self.payload {
            body.insert(key.into(), value);
        }
        form.answer(StatusCode::OK, Value::Object(body))
    }
}

/// A part of a list as the parameters ask for it.
pub(super) fn page<T: serde::Serialize>(
    call: &Call<'_>,
    key: &str,
    items: Vec<T>,
) -> Result<Value, VendorError> {
    let paging = call.parameters.paging()?;
    let size = paging.size as usize;
    let total = items.len();
    let skipped = (paging.number as usize - 1).saturating_mul(size);
    let part: Vec<T> = items.into_iter().skip(skipped).take(size).collect();
    Ok(json!({
        key: part, "PageNumber": paging.number, "PageSize": paging.size, "TotalCount": total,
    }))
}
