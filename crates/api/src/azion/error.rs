//! What the system answers when it refuses.

use crate::{ApiError, StatusError};

/// Reads an answer outside 200–299.
pub fn read(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
    ApiError::Status(StatusError {
        status,
        code: None,
        message: String::from_utf8_lossy(body)
            .trim()
            .chars()
            .take(500)
            .collect(),
        request_id,
        fields: Vec::new(),
    })
}
