//! `/v1beta2/external_tables`.
