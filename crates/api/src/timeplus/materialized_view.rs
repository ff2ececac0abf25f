//! `/v1beta2/materialized_views`.
