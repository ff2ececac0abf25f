//! Azion Data Streaming, version 3: <https://api.azionapi.net>, paths below `/data_streaming`.

pub mod check;
pub mod domain;
pub mod endpoint;
mod error;
pub mod model;
pub mod source;
pub mod streaming;
pub mod template;
pub mod v4;

pub use error::read as error;
pub use model::Model;
pub use source::DataSource;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{ApiError, ApiRequest, json_response, lenient};

/// The version is part of what is asked for; the vendor answers 406 without it.
pub const ACCEPT: &str = "application/json; version=3";

fn versioned(request: ApiRequest) -> ApiRequest {
    request.accept(ACCEPT)
}

/// What every answer is wrapped in.
#[derive(Deserialize)]
struct Answer {
    results: Value,
}

/// The resources of a list's answer.
pub fn many<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, ApiError> {
    let Answer { results } = json_response(body)?;
    lenient::from_value(&results)
}

/// The resource of an answer; the specification has a list of one in places, the servers do not.
pub fn one<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let Answer { results } = json_response(body)?;
    let value = match results {
        Value::Array(mut all) if all.len() == 1 => all.remove(0),
        other => other,
    };
    lenient::from_value(&value)
}

/// An object that some servers send as its text or in a list.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        Value::Array(all) => all.into_iter().next().map(object).unwrap_or_default(),
        _ => Map::new(),
    }
}
