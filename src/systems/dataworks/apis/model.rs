//! An API as the console's pages hold it.

use serde::Deserialize;
use weir_api::dataworks::api::Api;

/// An API, and its number as text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Api")]
pub struct Model {
    pub key: String,
    pub api: Api,
}

impl From<Api> for Model {
    fn from(api: Api) -> Self {
        Self {
            key: api.api_id.to_string(),
            api,
        }
    }
}

/// Keys come out of addresses; 0 is no API's.
pub fn id(key: &str) -> i64 {
    key.parse().unwrap_or_default()
}
