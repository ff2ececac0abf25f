//! What resources of all kinds have in common over REST.

use crate::{ApiRequest, request::encode};

/// Resources of a kind, at this path of the API: one is below it, at its encoded key.
///
/// ```
/// use weir_api::crud::Crud;
///
/// assert_eq!(Crud("/v1beta2/sinks").get("a b").target(), "/v1beta2/sinks/a%20b");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crud(pub &'static str);

impl Crud {
    pub fn list(self) -> ApiRequest {
        ApiRequest::get(self.0)
    }

    pub fn get(self, key: &str) -> ApiRequest {
        ApiRequest::get(self.path(key, ""))
    }

    pub fn delete(self, key: &str) -> ApiRequest {
        ApiRequest::delete(self.path(key, ""))
    }

    /// Of one of them, with what follows its key: empty or `/stats`.
    pub fn path(self, key: &str, rest: &str) -> String {
        format!("{}/{}{rest}", self.0, encode(key))
    }
}
