//! `/v1beta2/savedqueries`.
