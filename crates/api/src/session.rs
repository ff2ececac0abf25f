//! The embedded backend's cookie session. It belongs to the whole backend, not to a workspace:
//! paths are relative to [`base`].

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, request::encode};

/// `{root}/api`, without a trailing slash.
pub fn base(root: &str) -> String {
    format!("{}/api", root.trim_end_matches('/'))
}

/// How people may sign in, beside user and password; an answer is [`Ways`], also for those who are
/// not signed in.
pub fn ways() -> ApiRequest {
    ApiRequest::get("/session/ways")
}

/// A page's address, relative to the backend's root: it leads to the provider, and from there to
/// the path `next`.
pub fn provider(next: &str) -> String {
    format!("/signin/oidc?next={}", encode(next))
}

/// Who is signed in; 401 when nobody is.
pub fn get() -> ApiRequest {
    ApiRequest::get("/session")
}

pub fn sign_in(credential: &SignIn) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/session").json(credential)
}

pub fn sign_out() -> ApiRequest {
    ApiRequest::delete("/session")
}

/// The caller's own sessions, newest first; an answer is a list of [`OpenSession`].
pub fn list() -> ApiRequest {
    ApiRequest::get("/sessions")
}

pub fn end(id: &str) -> ApiRequest {
    ApiRequest::delete(format!("/sessions/{}", encode(id)))
}

/// Also this one.
pub fn end_all() -> ApiRequest {
    ApiRequest::delete("/sessions")
}

/// Those of everybody, for admins; an answer is a list of [`OpenSession`].
pub fn list_all() -> ApiRequest {
    ApiRequest::get("/sessions/everybody")
}

pub fn end_any(id: &str) -> ApiRequest {
    ApiRequest::delete(format!("/sessions/everybody/{}", encode(id)))
}

/// All of a user, for admins.
pub fn end_all_of(user: &str) -> ApiRequest {
    ApiRequest::delete(format!("/sessions/users/{}", encode(user)))
}

/// Of the caller; ends the caller's other sessions.
pub fn change_password(change: &NewPassword) -> Result<ApiRequest, ApiError> {
    ApiRequest::put("/session/password").json(change)
}

/// What the caller uses of what there is; an answer is a [`Usage`].
pub fn usage() -> ApiRequest {
    ApiRequest::get("/session/usage")
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Queries of the caller that run, and how many may.
    pub queries: u64,
    pub queries_limit: u64,
    /// Those of everybody.
    pub all_queries: u64,
    pub all_queries_limit: u64,
    /// Bytes that the caller's queries hold, and those of everybody.
    pub memory: u64,
    pub memory_limit: u64,
    pub all_memory: u64,
    pub all_memory_limit: u64,
    /// Rows that the caller's queries have sent in this hour; a limit of 0 is none.
    pub rows: u64,
    pub rows_limit: u64,
    /// Requests of the caller that are being answered, streams of events among them.
    pub connections: u64,
    pub connections_limit: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NewPassword {
    pub current_password: String,
    pub password: String,
}

/// A session as its user sees it; times in Unix milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenSession {
    pub id: String,
    /// Whose it is, and what people call them where a provider signed them in.
    pub user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The one that the request came with.
    pub current: bool,
    pub started_ms: i64,
    pub seen_ms: i64,
    pub expires_ms: i64,
    /// As the browser calls itself.
    pub browser: String,
}

/// Answers signing out where a provider has a session of its own that can be ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// The browser goes there.
    pub continue_at: String,
}

#[derive(Serialize)]
pub struct SignIn {
    pub user: String,
    pub password: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ways {
    pub provider: Option<Provider>,
}

/// Signs people in for the backend, by OpenID Connect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    pub name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Session {
    pub user: String,
    /// What people call them, where it is not `user`.
    pub name: Option<String>,
    /// Who signed them in, where it was not the backend itself.
    pub provider: Option<String>,
    /// See [`crate::role::Role`].
    pub role: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_beside_the_workspaces() {
        let session = format!("{}{}", base("http://127.0.0.1:8000/"), get().target());
        assert_eq!(session, "http://127.0.0.1:8000/api/session");
    }
}
