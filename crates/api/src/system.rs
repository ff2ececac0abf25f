//! The systems Weir administers.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, Method, azion, dataworks, secmaster, timeplus};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    #[default]
    Timeplus,
    Azion,
    SecMaster,
    DataWorks,
}

impl System {
    pub const ALL: [Self; 4] = [
        Self::Timeplus,
        Self::Azion,
        Self::SecMaster,
        Self::DataWorks,
    ];

    /// Its full name.
    pub fn words(self) -> &'static str {
        match self {
            Self::Timeplus => "Timeplus",
            Self::Azion => "Azion Data Streaming",
            Self::SecMaster => "Huawei Cloud SecMaster",
            Self::DataWorks => "Alibaba Cloud DataWorks",
        }
    }

    /// Where a list has little room.
    pub fn short(self) -> &'static str {
        match self {
            Self::Timeplus => "Timeplus",
            Self::Azion => "Azion",
            Self::SecMaster => "SecMaster",
            Self::DataWorks => "DataWorks",
        }
    }

    /// Whether a call may change something, told by its method, its address and, where it holds SQL,
    /// by the statement. What is not known to read may change.
    pub fn may_change(self, request: &ApiRequest) -> bool {
        const READING: &[&str] = &[
            "/format",
            "/sqlanalyze",
            "/parseddl",
            "/preview",
            "/test",
            "/search",
        ];
        let action = request.query.iter().find(|(name, _)| name == "Action");
        if let Some((_, action)) = action {
            return !dataworks::READING_ACTIONS.contains(&action.as_str());
        }
        if request.method == Method::Get {
            return false;
        }
        let path = request.path.as_str();
        if path.ends_with("/queries") || path.ends_with("/exec") {
            #[derive(Deserialize)]
            struct Statement {
                sql: String,
            }
            let body = request.body.as_ref();
            let statement =
                body.and_then(|body| serde_json::from_slice::<Statement>(&body.bytes).ok());
            return statement.is_none_or(|it| timeplus::read_only::check(&it.sql).is_err());
        }
        !READING.iter().any(|end| path.ends_with(end))
    }

    /// A small call that any credential of the system may make.
    pub fn probe(self) -> ApiRequest {
        match self {
            Self::Timeplus => timeplus::workspace::get(),
            Self::Azion => ApiRequest::get("/data_streaming/streamings")
                .accept("application/json; version=3")
                .query("page_size", "1"),
            Self::SecMaster => ApiRequest::get("/siem/shippers")
                .query("limit", "1")
                .query("offset", "0"),
            Self::DataWorks => ApiRequest::get("/")
                .query("Action", "ListDataServiceGroups")
                .query("PageNumber", "1")
                .query("PageSize", "1"),
        }
    }

    /// Reads an answer outside 200–299.
    pub fn error(self, status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
        match self {
            Self::Timeplus => timeplus::error(status, request_id, body),
            Self::Azion => azion::error(status, request_id, body),
            Self::SecMaster => secmaster::error(status, request_id, body),
            Self::DataWorks => dataworks::error(status, request_id, body),
        }
    }

    /// Why an answer in 200–299 is an error all the same, in systems that answer so.
    pub fn refusal(self, body: &[u8]) -> Option<ApiError> {
        match self {
            Self::SecMaster => secmaster::refusal(body),
            Self::DataWorks => dataworks::refusal(body),
            Self::Timeplus | Self::Azion => None,
        }
    }

    /// The system wants to be called less: the same call may succeed a little later.
    pub fn is_throttled(self, error: &ApiError) -> bool {
        match self {
            Self::DataWorks => dataworks::is_throttled(error),
            _ => error.status() == Some(429),
        }
    }

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeplus => "timeplus",
            Self::Azion => "azion",
            Self::SecMaster => "sec_master",
            Self::DataWorks => "data_works",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_are_what_serde_writes() {
        for system in System::ALL {
            let json = serde_json::to_string(&system).expect("json");
            assert_eq!(json, format!("\"{}\"", system.as_str()));
            assert_eq!(System::named(system.as_str()), Some(system));
        }
    }

    #[test]
    fn what_is_not_known_to_read_may_change() {
        let sql = |path: &str, sql: &str| {
            let body = serde_json::json!({ "sql": sql });
            ApiRequest::post(path).json(&body).expect("JSON")
        };
        let may = |request: ApiRequest| System::Timeplus.may_change(&request);
        assert!(!may(ApiRequest::get("/v1beta2/streams")));
        assert!(!may(sql("/v1beta2/queries", "SELECT 1")));
        assert!(may(sql("/v1beta2/queries", "INSERT INTO s VALUES (1)")));
        assert!(may(sql("/v1beta2/exec", "DROP STREAM s")));
        assert!(may(ApiRequest::post("/v1beta2/queries")));
        assert!(may(ApiRequest::delete("/v1beta2/streams/a")));
        let call = |action: &str| ApiRequest::post("/").query("Action", action);
        assert!(!System::DataWorks.may_change(&call("ListDataServiceApis")));
        assert!(System::DataWorks.may_change(&call("DeleteDataServiceApi")));
    }
}
