//! `/v1beta2/views`.

use serde::{Deserialize, Deserializer, Serialize};

use super::stream::StreamColumn;
use crate::{ApiError, ApiRequest, Audit, Owner, crud::Crud};

pub const CRUD: Crud = Crud("/v1beta2/views");

pub fn create(view: &CreateView) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(view)
}

/// Answered with 204.
pub fn update(name: &str, change: &UpdateView) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(CRUD.path(name, "")).json(change)
}

/// Answered with [`super::materialized_view::Stats`].
pub fn stats(name: &str, history_days: Option<u8>) -> ApiRequest {
    let request = ApiRequest::get(CRUD.path(name, "/stats"));
    match history_days {
        Some(days) => request.query("historyDays", days.to_string()),
        None => request,
    }
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub name: String,
    pub description: String,
    /// The `SELECT`. Deprecated in servers of 2026 in favour of `create_query`.
    pub query: String,
    /// The whole statement; since 2026.
    pub create_query: Option<String>,
    pub materialized: bool,
    pub target_stream: String,
    #[serde(deserialize_with = "or_empty")]
    pub columns: Vec<StreamColumn>,
    /// Of materialized views only.
    pub logstore_retention_bytes: i64,
    pub logstore_retention_ms: i64,
    pub ttl: String,
    pub ttl_expression: String,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl View {
    /// The `SELECT`, whichever way the server tells it.
    pub fn select(&self) -> &str {
        select(&self.query, self.create_query.as_deref())
    }

    pub fn audit(&self) -> Audit {
        Audit {
            created_at: self.created_at.clone(),
            created_by: self.created_by.clone(),
            last_updated_at: self.last_updated_at.clone(),
            last_updated_by: self.last_updated_by.clone(),
        }
    }
}

/// What stands after the `AS` of `create_query` where `query` is empty.
pub(super) fn select<'a>(query: &'a str, create_query: Option<&'a str>) -> &'a str {
    let Some(whole) = create_query.filter(|_| query.trim().is_empty()) else {
        return query;
    };
    let upper = whole.to_ascii_uppercase();
    let mut found = upper.match_indices("AS").map(|(at, _)| at);
    let begins = found.find_map(|at| {
        let before = upper[..at].ends_with(|c: char| c.is_whitespace());
        let after = upper[at + 2..].trim_start();
        let query = ["SELECT", "WITH", "("].iter().any(|w| after.starts_with(w));
        (before && query).then(|| whole.len() - after.len())
    });
    begins.map_or(whole, |at| &whole[at..])
}

/// Lists of Go servers can be `null`.
pub(super) fn or_empty<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Fields left `None` are not sent, so the server's defaults hold.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateView {
    pub name: String,
    pub query: String,
    pub description: Option<String>,
    pub materialized: Option<bool>,
    /// Of a materialized view only, as the rest.
    pub target_stream: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
}

/// Absent fields stay as they are. The query of a materialized view cannot be changed.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateView {
    pub description: Option<String>,
    pub query: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_found_in_either_revision() {
        let old = View {
            query: "select 1".into(),
            ..View::default()
        };
        assert_eq!(old.select(), "select 1");
        for (statement, query) in [
            (
                "CREATE VIEW v AS SELECT a AS b FROM s",
                "SELECT a AS b FROM s",
            ),
            (
                "create view last as\n  with x as (select 1) select * from x",
                "with x as (select 1) select * from x",
            ),
            ("nothing known", "nothing known"),
        ] {
            assert_eq!(select("", Some(statement)), query);
        }
    }

    #[test]
    fn lists_that_are_null_are_empty() {
        let view: View = serde_json::from_str(r#"{"name":"v","columns":null}"#).expect("view");
        assert_eq!(view.columns, []);
    }
}
