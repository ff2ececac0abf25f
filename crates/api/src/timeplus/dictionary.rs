//! `/v1beta2/dictionaries`.
