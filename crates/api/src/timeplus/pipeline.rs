//! `/v1beta2/pipelines`: named records of what was defined together, step by step. The server
//! keeps the steps and runs none of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ApiError, ApiRequest, Audit, crud::Crud};

pub const CRUD: Crud = Crud("/v1beta2/pipelines");

pub fn create(pipeline: &CreatePipeline) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(pipeline)
}

pub fn append(id: &str, step: &Step) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.path(id, "/append")).json(step)
}

/// What a statement defines; the answer is a [`Parsed`].
pub fn parse_ddl(sql: &str) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/pipeline/parseddl").json(&sql)
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatePipeline {
    pub name: String,
    pub description: String,
    pub nodes_history: Option<Vec<Step>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pipeline {
    pub id: String,
    pub name: String,
    pub description: String,
    /// In the order in which they were added.
    pub nodes_history: Option<Vec<Step>>,
    #[serde(flatten)]
    pub audit: Audit,
}

/// What was added at one time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Their shape is the client's own affair.
    pub nodes: Option<Vec<Value>>,
    /// As `2023-02-05 11:12:13`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_time: Option<String>,
}

impl Step {
    pub fn of(statements: &[String]) -> Self {
        let nodes = statements
            .iter()
            .map(|ddl| serde_json::json!({ "ddl": ddl }));
        Self {
            nodes: Some(nodes.collect()),
            update_time: None,
        }
    }
}

/// The statement of a node: this console's own, or one found in another client's node.
pub fn statement(node: &Value) -> Option<&str> {
    ["ddl", "sql", "query"]
        .into_iter()
        .find_map(|key| node.get(key)?.as_str())
        .or(node.as_str())
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Parsed {
    pub parsed: bool,
    #[serde(rename = "resourceDB")]
    pub resource_db: String,
    pub resource_name: String,
    pub resource_type: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_found_in_nodes() {
        let step = Step::of(&["CREATE STREAM s (a int)".into()]);
        let nodes = step.nodes.expect("nodes");
        assert_eq!(statement(&nodes[0]), Some("CREATE STREAM s (a int)"));
        assert_eq!(statement(&serde_json::json!({"id": 1})), None);
        assert_eq!(statement(&serde_json::json!("SELECT 1")), Some("SELECT 1"));
    }
}
