//! `/v1beta2/pipelines`.
