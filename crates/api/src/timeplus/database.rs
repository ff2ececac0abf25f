//! `/v1beta2/databases`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{exec, statement};
use crate::ApiRequest;

/// The one that is meant where none is named.
pub const DEFAULT: &str = "default";

/// What belongs to a database; the rest belongs to the workspace.
const INSIDE: [&str; 7] = [
    "/v1beta2/dictionaries",
    "/v1beta2/external_streams",
    "/v1beta2/external_tables",
    "/v1beta2/materialized_views",
    "/v1beta2/streams",
    "/v1beta2/topology",
    "/v1beta2/views",
];

/// The same call about what is in this database. Statements that define something name it; queries
/// stay as they are, because only who wrote them knows which database each name is of.
pub fn within(mut request: ApiRequest, database: &str) -> ApiRequest {
    if matches!(database, "" | DEFAULT) {
        return request;
    }
    let inside = |path: &&str| {
        let rest = request.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if INSIDE.iter().any(inside) {
        if request.query.iter().all(|(name, _)| name != "db") {
            request = request.query("db", database);
        }
    } else if request.path == "/v1beta2/exec"
        && let Some(body) = &mut request.body
        && let Ok(mut asked) = serde_json::from_slice::<exec::Request>(&body.bytes)
    {
        asked.sql = statement::in_database(&asked.sql, database);
        if let Ok(bytes) = serde_json::to_vec(&asked) {
            body.bytes = bytes;
        }
    }
    request
}

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/databases")
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    pub name: String,
    /// `Atomic`, `Memory`, `MySQL`, `PostgreSQL` or `Iceberg`.
    pub engine: Option<String>,
    /// How many of each kind of resource it has.
    pub count: Option<BTreeMap<String, i64>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeplus::{alert, by_sql, stream, view};

    #[test]
    fn what_belongs_to_a_database_is_asked_for_there() {
        let target = |request: ApiRequest| within(request, "my db").target();
        assert_eq!(target(stream::CRUD.list()), "/v1beta2/streams?db=my%20db");
        assert_eq!(
            target(stream::stats("s", Some(1))),
            "/v1beta2/streams/s/stats?historyDays=1&db=my%20db"
        );
        assert_eq!(
            target(view::CRUD.delete("v")),
            "/v1beta2/views/v?db=my%20db"
        );
        assert_eq!(
            target(ApiRequest::get("/v1beta2/topology").query("db", "other")),
            "/v1beta2/topology?db=other"
        );
        for request in [alert::CRUD.list(), list()] {
            assert_eq!(within(request.clone(), "my db"), request);
        }
        let request = stream::CRUD.list();
        assert_eq!(within(request.clone(), DEFAULT), request);
        assert_eq!(within(request.clone(), ""), request);
    }

    #[test]
    fn statements_name_the_database() {
        let sql = |request: ApiRequest| {
            let body = within(request, "ops").body.expect("a body");
            let sent: exec::Request = serde_json::from_slice(&body.bytes).expect("JSON");
            sent.sql
        };
        assert_eq!(
            sql(exec::ddl("CREATE STREAM s (a int)").expect("a request")),
            "CREATE STREAM ops.s (a int)"
        );
        assert_eq!(
            sql(by_sql::ALERTS.list()),
            "SHOW ALERTS FROM ops SETTINGS verbose=true"
        );
        assert_eq!(sql(by_sql::TASKS.delete("other.t")), "DROP TASK other.t");
        assert_eq!(
            sql(exec::historical("SELECT 1 FROM s").expect("a request")),
            "SELECT 1 FROM s"
        );
    }
}
