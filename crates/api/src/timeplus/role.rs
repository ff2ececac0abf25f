//! `/v1beta2/roles`.
