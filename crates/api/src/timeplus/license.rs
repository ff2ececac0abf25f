//! `/v1beta2/licenses`.
