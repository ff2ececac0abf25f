//! `/siem/shippers/authorizations`: deliveries that others want to make into this workspace.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest};

pub fn list(filter: &Filter, offset: u32, limit: u32) -> ApiRequest {
    let mut request = ApiRequest::get("/siem/shippers/authorizations");
    for (name, value) in filter.parts() {
        if !value.is_empty() {
            request = request.query(name, value);
        }
    }
    request
        .query("limit", limit.to_string())
        .query("offset", offset.to_string())
}

pub fn decide(ids: &[String], decision: Decision) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/siem/shippers/authorizations/handle").json(&Handle {
        ids: ids.to_vec(),
        decision: decision.number(),
    })
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub source_region: String,
    pub destination_shipper_type: String,
    pub shipper_status: String,
    pub auth_status: String,
}

impl Filter {
    pub fn parts(&self) -> [(&'static str, &str); 4] {
        [
            ("source_region", &self.source_region),
            ("destination_shipper_type", &self.destination_shipper_type),
            ("shipper_status", &self.shipper_status),
            ("auth_status", &self.auth_status),
        ]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Agree,
    Reject,
    Cancel,
}

impl Decision {
    /// 1 means nothing.
    pub fn number(self) -> i64 {
        match self {
            Self::Agree => 0,
            Self::Reject => 2,
            Self::Cancel => 3,
        }
    }

    pub fn numbered(number: i64) -> Option<Self> {
        [Self::Agree, Self::Reject, Self::Cancel]
            .into_iter()
            .find(|decision| decision.number() == number)
    }
}

/// How an authorisation stands.
pub mod authorized {
    pub const GRANTED: i64 = 0;
    pub const WAITING: i64 = 1;
    pub const REFUSED: i64 = 2;

    pub fn words(status: i64) -> Option<&'static str> {
        Some(match status {
            GRANTED => "Authorized",
            WAITING => "Unauthorized",
            REFUSED => "Refused",
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    pub ids: Vec<String>,
    #[serde(rename = "type")]
    pub decision: i64,
}

/// Region, workspace, data space and pipe are those of the source; times in Unix ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Authorization {
    pub id: i64,
    pub shipper_id: String,
    pub shipper_name: String,
    pub region: String,
    pub workspace: String,
    pub dataspace: String,
    pub pipe: String,
    pub data_type: i64,
    pub data_source_query: String,
    pub authorize_status: i64,
    /// As the status of a delivery.
    pub run_status: i64,
    pub request_time: i64,
    /// 0 where nobody has decided.
    pub handler_time: i64,
    /// Only the embedded backend says it: `run_status` is one of [`super::shipper::status`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub weir: bool,
}

impl Authorization {
    pub fn known_run_status(&self) -> Option<i64> {
        self.weir.then_some(self.run_status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_have_the_numbers_of_the_vendor() {
        let body = decide(&["7".into()], Decision::Cancel).expect("request");
        assert_eq!(body.body.expect("body").bytes, br#"{"ids":["7"],"type":3}"#);
        assert_eq!(Decision::numbered(1), None);
        assert_eq!(Decision::numbered(2), Some(Decision::Reject));
    }
}
