//! `/v1beta2/users`.
