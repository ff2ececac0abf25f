//! `/siem/pipes`: where records stand in a row; between two of them a delivery runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, request::encode};

/// Of one data space, or of all where `dataspace` is empty.
pub fn list(dataspace: &str, offset: u32, limit: u32) -> ApiRequest {
    let request = ApiRequest::get("/siem/pipes");
    let request = match dataspace {
        "" => request,
        id => request.query("dataspace_id", id),
    };
    request
        .query("offset", offset.to_string())
        .query("limit", limit.to_string())
}

pub fn create(pipe: &CreatePipe) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/siem/pipes").json(pipe)
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(format!("/siem/pipes/{}", encode(id)))
}

pub fn update(id: &str, change: &UpdatePipe) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(format!("/siem/pipes/{}", encode(id))).json(change)
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(format!("/siem/pipes/{}", encode(id)))
}

/// Times in Unix ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pipe {
    pub pipe_id: String,
    pub pipe_name: String,
    /// `system-defined` or `user-defined`.
    pub pipe_type: String,
    pub dataspace_id: String,
    pub dataspace_name: String,
    pub description: String,
    pub shards: i64,
    /// Days.
    pub storage_period: i64,
    pub domain_id: String,
    pub project_id: String,
    pub create_by: String,
    pub create_time: i64,
    pub update_by: String,
    pub update_time: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatePipe {
    pub dataspace_id: String,
    pub pipe_name: String,
    pub description: String,
    /// 1 to 64.
    pub shards: i64,
    /// Days, 7 to 180.
    pub storage_period: i64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<String, KeyIndex>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub timestamp_field: String,
}

/// What of a pipe can change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UpdatePipe {
    pub description: String,
    pub shards: i64,
    /// Days.
    pub storage_period: i64,
}

/// `text`, `keyword`, `long`, `integer`, `double`, `float` or `date`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyIndex {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, KeyIndex>,
    pub is_chinese_exist: Option<bool>,
}

/// Which fields of a pipe's records can be looked for, and which of them is their time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    pub mapping: BTreeMap<String, KeyIndex>,
    pub pipe_id: String,
    pub status: String,
    pub timestamp_field: String,
}

/// The rules of a pipe's name, in words where it breaks one.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    const RESERVED: [&str; 8] = [
        "isap_",
        "csb_",
        "secmaster_",
        "sec_",
        "s_sec_",
        "i_sec_",
        "l_sec_",
        "security_",
    ];
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(known) {
        return Err("lower-case letters, digits and _, beginning with a letter");
    }
    if name.ends_with('_') || name.contains("__") {
        return Err("must not end with _ nor have two of them in a row");
    }
    match RESERVED.iter().any(|prefix| name.starts_with(prefix)) {
        true => Err("this prefix is reserved"),
        false => Ok(()),
    }
}
