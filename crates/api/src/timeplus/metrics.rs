//! `/v1beta2/global-metrics`.
