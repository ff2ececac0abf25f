//! `/v1beta2/schemas`.
