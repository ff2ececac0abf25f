//! `GET /info`: versions of the server's parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

pub fn get() -> ApiRequest {
    ApiRequest::get("/info")
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Info {
    pub product_name: String,
    pub product_version: String,
    pub axion: Build,
    pub neutron: Build,
    pub orbit: Build,
    pub proton: Build,
}

/// `version` is `unknown` where the part is not available.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    pub version: String,
    pub commit: String,
    /// For example `2023-09-05T14:06:20Z`.
    pub build_time: String,
    pub feature_flags: BTreeMap<String, serde_json::Value>,
}
