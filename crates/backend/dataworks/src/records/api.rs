use serde::{Deserialize, Serialize};
use weir_api::dataworks::api::Api;

/// An API in its three states.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ApiRecord {
    /// As it is developed.
    pub api: Api,
    pub sql_mode: i32,
    pub request_content_type: Option<i32>,
    pub resource_group: Option<i64>,
    /// What publishing publishes.
    pub submitted: Option<Api>,
    pub published: Option<Api>,
    /// Of an answer, and of an error.
    pub samples: (String, String),
}

impl ApiRecord {
    pub(crate) fn visible_to(&self, user: &str) -> bool {
        self.api.visible_range == 0 || self.api.creator_id == user
    }
}
