//! What an API does, by its mode: JSON inside a parameter of a request, an object in an answer.
//! Spelled here as in requests; [`super::answer::capital`] reads and writes the other spelling.

use serde::{Deserialize, Serialize};

use crate::object::Object;

/// The table or view that is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Source {
    /// A data source's id.
    pub connection_id: i64,
    pub table_name: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestParameter {
    /// In wizard mode.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column_name: String,
    pub parameter_name: String,
    /// [`super::codes::DATA_TYPES`]
    pub parameter_data_type: i32,
    /// [`super::codes::OPERATORS`]
    pub parameter_operator: i32,
    /// [`super::codes::POSITIONS`]
    pub parameter_position: i32,
    pub is_required_parameter: bool,
    pub default_value: String,
    pub example_value: String,
    pub parameter_description: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ResponseParameter {
    /// In wizard mode.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column_name: String,
    pub parameter_name: String,
    /// [`super::codes::DATA_TYPES`]
    pub parameter_data_type: i32,
    pub example_value: String,
    pub parameter_description: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorCode {
    pub error_code: String,
    pub error_message: String,
    pub error_solution: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

/// What only published APIs tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Wizard {
    pub is_paged_response: bool,
    pub wizard_connection: Source,
    pub wizard_request_parameters: Vec<RequestParameter>,
    pub wizard_response_parameters: Vec<ResponseParameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wizard_error_codes: Vec<ErrorCode>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub successful_result_sample: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failed_result_sample: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Script {
    pub is_paged_response: bool,
    /// A SELECT with `${name}` for each parameter.
    pub script: String,
    pub script_connection: Source,
    pub script_request_parameters: Vec<RequestParameter>,
    pub script_response_parameters: Vec<ResponseParameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub script_error_codes: Vec<ErrorCode>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub successful_result_sample: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failed_result_sample: String,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Registration {
    /// For example `http://10.0.0.7:8080`.
    pub service_host: String,
    /// May hold `[name]` for parameters in the path.
    pub service_path: String,
    /// [`super::codes::RESPONSE_TYPES`]
    pub service_content_type: i32,
    pub service_request_body_description: String,
    pub successful_result_sample: String,
    pub failed_result_sample: String,
    pub registration_error_codes: Vec<ErrorCode>,
    pub registration_request_parameters: Vec<RequestParameter>,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}
