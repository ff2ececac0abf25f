//! `/v1beta2/udfs`.
