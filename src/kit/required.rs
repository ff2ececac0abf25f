//! What keeps a form from being sent.

use weir_api::{ApiError, ApiRequest, FieldError};

use crate::errors;

/// An error for each field that is empty: path, text, and what is said then.
pub fn needed<const N: usize>(fields: [(&str, &str, &str); N]) -> Vec<FieldError> {
    let empty = fields
        .into_iter()
        .filter(|(_, text, _)| text.trim().is_empty());
    empty
        .map(|(field, _, message)| FieldError::new(field, message))
        .collect()
}

/// The request where there are no errors.
pub fn sendable(
    request: Result<ApiRequest, ApiError>,
    errors: Vec<FieldError>,
) -> Result<ApiRequest, Vec<FieldError>> {
    match request {
        Ok(request) if errors.is_empty() => Ok(request),
        Ok(_) => Err(errors),
        Err(error) => Err(errors::unsent(error)),
    }
}
