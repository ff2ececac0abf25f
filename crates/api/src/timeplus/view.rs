//! `/v1beta2/views`.
