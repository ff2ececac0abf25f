//! `/v1beta2/roles`.

use crate::ApiRequest;

/// Names of roles.
pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/roles")
}
