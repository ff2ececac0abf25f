//! `/v1beta2/subscription`.

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

pub fn get() -> ApiRequest {
    ApiRequest::get("/v1beta2/subscription")
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// `Free Trial` or `Enterprise`.
    pub subscription_plan: String,
    /// As in [`Spec`]: Timeplus' own client (1.4.1) looks for them here.
    pub cpu: i64,
    pub storage_size: i64,
    pub customer: Option<Customer>,
    pub payment: Option<Payment>,
    pub spec: Option<Spec>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    pub email: String,
    pub name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    /// Unix seconds.
    pub created: i64,
    pub status: String,
    pub types: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spec {
    /// Thousandths of a core.
    pub cpu: i64,
    pub invitations: i64,
    /// GiB.
    pub memory: i64,
    /// Bytes.
    pub storage_size: i64,
}
