//! `/v1beta2/sources`.
