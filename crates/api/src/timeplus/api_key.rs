//! `/v1beta2/auth/api_keys`.
