//! `/v1beta2/subscription`.
