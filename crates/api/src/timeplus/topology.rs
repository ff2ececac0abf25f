//! `/v1beta2/topology`.
