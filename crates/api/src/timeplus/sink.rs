//! `/v1beta2/sinks`.
