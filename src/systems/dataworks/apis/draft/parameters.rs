//! Request and response parameters as they are typed.

use weir_api::dataworks::{
    codes,
    details::{RequestParameter, ResponseParameter},
};

use super::code;

/// A request parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestDraft {
    pub name: String,
    pub column: String,
    pub kind: String,
    pub operator: String,
    pub position: String,
    pub required: bool,
    pub default: String,
    pub example: String,
    pub description: String,
}

/// A response parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResponseDraft {
    pub name: String,
    pub column: String,
    pub kind: String,
    pub example: String,
    pub description: String,
}

impl RequestDraft {
    pub fn new(name: &str, position: i32) -> Self {
        Self {
            name: name.into(),
            kind: "0".into(),
            operator: codes::EQUAL.to_string(),
            position: position.to_string(),
            required: true,
            ..Self::default()
        }
    }

    pub(super) fn of(parameter: &RequestParameter) -> Self {
        Self {
            name: parameter.parameter_name.clone(),
            column: parameter.column_name.clone(),
            kind: parameter.parameter_data_type.to_string(),
            operator: parameter.parameter_operator.to_string(),
            position: parameter.parameter_position.to_string(),
            required: parameter.is_required_parameter,
            default: parameter.default_value.clone(),
            example: parameter.example_value.clone(),
            description: parameter.parameter_description.clone(),
        }
    }

    pub(super) fn parameter(&self, mode: i32) -> RequestParameter {
        RequestParameter {
            column_name: match mode {
                codes::WIZARD => self.column.trim().into(),
                _ => String::new(),
            },
            parameter_name: self.name.trim().into(),
            parameter_data_type: code(&self.kind),
            parameter_operator: code(&self.operator),
            parameter_position: code(&self.position),
            is_required_parameter: self.required,
            default_value: self.default.clone(),
            example_value: self.example.clone(),
            parameter_description: self.description.clone(),
            ..RequestParameter::default()
        }
    }
}

impl ResponseDraft {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            kind: "0".into(),
            ..Self::default()
        }
    }

    pub(super) fn of(parameter: &ResponseParameter) -> Self {
        Self {
            name: parameter.parameter_name.clone(),
            column: parameter.column_name.clone(),
            kind: parameter.parameter_data_type.to_string(),
            example: parameter.example_value.clone(),
            description: parameter.parameter_description.clone(),
        }
    }

    pub(super) fn parameter(&self, mode: i32) -> ResponseParameter {
        ResponseParameter {
            column_name: match mode {
                codes::WIZARD => self.column.trim().into(),
                _ => String::new(),
            },
            parameter_name: self.name.trim().into(),
            parameter_data_type: code(&self.kind),
            example_value: self.example.clone(),
            parameter_description: self.description.clone(),
            ..ResponseParameter::default()
        }
    }
}
