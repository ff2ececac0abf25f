//! `/siem/shippers`: data deliveries. There is no update: one is replaced by deleting it and
//! making it anew.

use serde::{Deserialize, Serialize};
use serde_json::json;

pub use super::names::End;
use super::names::{destination, source};
use crate::{ApiError, ApiRequest, request::encode};

/// `limit` and `offset` (of records) are always sent; empty texts are not.
pub fn list(filter: &Filter, offset: u32, limit: u32) -> ApiRequest {
    let mut request = ApiRequest::get("/siem/shippers");
    for (name, value) in filter.parts() {
        if !value.is_empty() {
            request = request.query(name, value);
        }
    }
    request
        .query("limit", limit.to_string())
        .query("offset", offset.to_string())
}

/// The answer does not tell the id: it is found by name.
pub fn create(definition: &ShipperDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/siem/shippers").json(definition)
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(path(id, ""))
}

pub fn delete(ids: &[String]) -> ApiRequest {
    let body = json!({ "ids": ids }).to_string();
    ApiRequest::delete("/siem/shippers").bytes("application/json", body.into_bytes())
}

/// While it delivers.
pub fn pause(id: &str) -> ApiRequest {
    ApiRequest::post(path(id, "/pause"))
}

/// While it is suspended.
pub fn resume(id: &str) -> ApiRequest {
    ApiRequest::post(path(id, "/resume"))
}

/// After its authorisation was cancelled.
pub fn retry(id: &str) -> ApiRequest {
    ApiRequest::post(path(id, "/retry"))
}

/// Asks for the authorisation again.
pub fn retry_authorization(id: &str) -> ApiRequest {
    ApiRequest::post(path(id, "/authorization/retry")).query("param", "")
}

/// Whether an agency may deliver for this account.
pub fn delegation(domain: &str, agency: &str) -> ApiRequest {
    let path = format!("/siem/shippers/delegate/auth/{}", encode(domain));
    ApiRequest::get(path).query("agency_name", agency)
}

pub fn delegate(domain: &str, agency: &str) -> Result<ApiRequest, ApiError> {
    let path = format!("/siem/shippers/delegate/auth/{}", encode(domain));
    ApiRequest::post(path).json(&Agency {
        agency_name: agency.into(),
    })
}

/// What a parameter can be, one level of a menu at a time.
pub fn parameters(kind: &str, parent: &str) -> ApiRequest {
    let path = format!("/siem/shippers/params/{}", encode(kind));
    ApiRequest::get(path).query("param", parent)
}

fn path(id: &str, rest: &str) -> String {
    format!("/siem/shippers/{}{rest}", encode(id))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub dataspace_id: String,
    pub pipe_id: String,
    pub shipper_name: String,
    pub shipper_source_region: String,
    pub shipper_source_strategy: String,
    pub shipper_consumption_type: String,
    pub destination_shipper_type: String,
    pub shipper_status: String,
    pub create_time: String,
}

impl Filter {
    /// As they stand in the query.
    pub fn parts(&self) -> [(&'static str, &str); 9] {
        [
            ("dataspace_id", &self.dataspace_id),
            ("pipe_id", &self.pipe_id),
            ("shipper_name", &self.shipper_name),
            ("shipper_source_region", &self.shipper_source_region),
            ("shipper_source_strategy", &self.shipper_source_strategy),
            ("shipper_consumption_type", &self.shipper_consumption_type),
            ("destination_shipper_type", &self.destination_shipper_type),
            ("shipper_status", &self.shipper_status),
            ("create_time", &self.create_time),
        ]
    }

    pub fn set(&mut self, name: &str, value: String) {
        let field = match name {
            "dataspace_id" => &mut self.dataspace_id,
            "pipe_id" => &mut self.pipe_id,
            "shipper_name" => &mut self.shipper_name,
            "shipper_source_region" => &mut self.shipper_source_region,
            "shipper_source_strategy" => &mut self.shipper_source_strategy,
            "shipper_consumption_type" => &mut self.shipper_consumption_type,
            "destination_shipper_type" => &mut self.destination_shipper_type,
            "shipper_status" => &mut self.shipper_status,
            "create_time" => &mut self.create_time,
            _ => return,
        };
        *field = value;
    }
}

/// When a delivery moves records.
pub mod consumption {
    pub const REAL_TIME: i64 = 0;
    pub const SCHEDULED: i64 = 1;

    pub fn words(kind: i64) -> Option<&'static str> {
        match kind {
            REAL_TIME => Some("real-time"),
            SCHEDULED => Some("scheduled"),
            _ => None,
        }
    }
}

/// The vendor shows these words and does not publish their numbers; these are the embedded
/// backend's.
pub mod status {
    pub const DELIVERING: i64 = 0;
    pub const SUSPENDED: i64 = 1;
    pub const PENDING: i64 = 2;
    pub const REFUSED: i64 = 3;
    pub const CANCELED: i64 = 4;

    pub const ALL: [i64; 5] = [DELIVERING, SUSPENDED, PENDING, REFUSED, CANCELED];

    pub fn words(status: i64) -> Option<&'static str> {
        Some(match status {
            DELIVERING => "Delivering",
            SUSPENDED => "Suspended",
            PENDING => "Pending authorization",
            REFUSED => "Authorization failed",
            CANCELED => "Delivery canceled",
            _ => return None,
        })
    }
}

/// The only type of source and destination whose number is known.
pub const PIPE: i64 = 0;

/// One as it is read; times in Unix ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shipper {
    pub id: i64,
    pub shipper_id: String,
    pub shipper_name: String,
    pub consumption_type: i64,
    pub status: i64,
    pub create_time: i64,
    pub update_time: i64,
    pub version: String,
    pub domain_id: String,
    pub project_id: String,
    pub workspace_id: String,
    pub workspace_name: String,
    pub dataspace_id: String,
    pub dataspace_name: String,
    pub pipe_id: String,
    pub pipe_name: String,
    pub shipper_source: End,
    pub shipper_destination: End,
    /// Only the embedded backend tells: why it does not get on, and what it has moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weir: Option<Progress>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Empty while all is well.
    pub last_error: String,
    pub records: u64,
    /// Unix ms of the next run of a scheduled delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_run: Option<i64>,
    /// Newest last: start of the minute in Unix ms, bytes per second.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub throughput: Vec<(i64, u64)>,
}

impl Shipper {
    /// One of [`status`], where the number is the embedded backend's own: what other servers mean
    /// by theirs nobody outside knows.
    pub fn known_status(&self) -> Option<i64> {
        self.weir.as_ref().map(|_| self.status)
    }

    /// What would make it anew. Tables are lost: the system does not tell them.
    pub fn definition(&self) -> ShipperDef {
        ShipperDef {
            shipper_name: self.shipper_name.clone(),
            consumption_type: self.consumption_type,
            version: self.version.clone(),
            domain_id: self.domain_id.clone(),
            project_id: self.project_id.clone(),
            workspace_id: self.workspace_id.clone(),
            workspace_name: match self.workspace_name.as_str() {
                "" => self.shipper_source.workspace_name.clone(),
                name => name.into(),
            },
            dataspace_id: self.dataspace_id.clone(),
            dataspace_name: self.dataspace_name.clone(),
            pipe_id: self.pipe_id.clone(),
            pipe_name: self.pipe_name.clone(),
            shipper_source: self.shipper_source.clone(),
            shipper_destination: self.shipper_destination.clone(),
        }
    }
}

/// What creates one. The data space and the pipe at the top are those of the source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShipperDef {
    pub shipper_name: String,
    pub consumption_type: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domain_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub workspace_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub workspace_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dataspace_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dataspace_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pipe_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pipe_name: String,
    #[serde(with = "source")]
    pub shipper_source: End,
    #[serde(with = "destination")]
    pub shipper_destination: End,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    pub ids: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    pub agency_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secmaster;

    #[test]
    fn one_that_was_read_is_made_again_as_it_was() {
        let body = r#"{"code":0,"msg":"","data":{"id":9,"shipper_id":"s","shipper_name":"n",
            "consumption_type":1,"status":77,"create_time":1,"update_time":2,"version":"v1",
            "domain_id":"dom","project_id":"pro","workspace_id":"w","dataspace_id":"d",
            "dataspace_name":"dn","pipe_id":"p","pipe_name":"pn",
            "shipper_source":{"data_type":0,"workspace":"w","workspace_name":"wn","dataspace":"d",
              "dataspace_name":"dn","pipe":"p","pipe_name":"pn","identity":"i","region":"r","id":1},
            "shipper_destination":{"data_type":0,"workspace":"w2","workspace_name":null,
              "dataspace":"d2","dataspace_name":"d2n","pipe":"p2","pipe_name":"p2n",
              "identity":"i2","region":"r2","data_param":"{}","destination_info":"x","id":2}}}"#;
        let shipper: Shipper = secmaster::answer(body.as_bytes()).expect("shipper");
        assert_eq!(shipper.status, 77);
        let definition = shipper.definition();
        assert_eq!(definition.workspace_name, "wn");
        let sent = create(&definition).expect("request").body.expect("body");
        let sent: serde_json::Value = serde_json::from_slice(&sent.bytes).expect("JSON");
        assert_eq!(sent["shipper_source"]["source_pipe"], "p");
        assert_eq!(sent["shipper_destination"]["destination_pipe"], "p2");
        assert_eq!(sent["shipper_destination"]["destination_region"], "r2");
        assert_eq!(sent["shipper_destination"].get("destination_info"), None);
        let read: ShipperDef = serde_json::from_value(sent).expect("definition");
        assert_eq!(read.shipper_source, shipper.shipper_source);
        assert_eq!(read.shipper_destination.pipe_name, "p2n");
    }

    #[test]
    fn filters_that_say_nothing_are_not_sent() {
        let mut filter = Filter::default();
        filter.set("shipper_status", "1".into());
        filter.set("shipper_name", "a b".into());
        assert_eq!(
            list(&filter, 100, 50).target(),
            "/siem/shippers?shipper_name=a%20b&shipper_status=1&limit=50&offset=100"
        );
        for (name, _) in Filter::default().parts() {
            let mut filter = Filter::default();
            filter.set(name, "x".into());
            assert!(filter.parts().contains(&(name, "x")), "{name}");
        }
    }

    #[test]
    fn many_are_deleted_with_a_body() {
        let request = delete(&["a".into(), "b".into()]);
        assert_eq!(request.method.as_str(), "DELETE");
        assert_eq!(request.body.expect("body").bytes, br#"{"ids":["a","b"]}"#);
    }
}
