//! `/v1beta2/databases`.
