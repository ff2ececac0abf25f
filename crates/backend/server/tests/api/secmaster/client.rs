//! Sends what `weir_api` builds, signed as the console signs it.

use reqwest::{Method, header::HeaderMap};
use serde_json::json;
use weir_api::{
    ApiError, ApiRequest, Moment, System,
    auth::Credential,
    secmaster::{base, project_base},
};

use super::super::common::{Backend, PATIENCE};

pub(super) struct Client {
    pub http: reqwest::Client,
    pub url: String,
    pub project: String,
    pub workspace: String,
    pub credential: Credential,
}

impl Client {
    pub(super) fn new(url: String, credential: Credential) -> Self {
        Self {
            http: reqwest::Client::builder()
                .timeout(PATIENCE)
                .build()
                .expect("client"),
            url,
            project: "default".into(),
            workspace: "default".into(),
            credential,
        }
    }

    /// With an API key of user `admin` as token.
    pub(super) async fn of(backend: &Backend) -> Self {
        let (_, key) = key(backend, json!({"name": "secmaster"})).await;
        let url = format!("http://{}/secmaster", backend.running.address);
        Self::new(url, token(key))
    }

    pub(super) fn within(&self, workspace: &str) -> Self {
        let mut other = Self::new(self.url.clone(), self.credential.clone());
        other.project.clone_from(&self.project);
        other.workspace = workspace.into();
        other
    }

    pub(super) async fn send(&self, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
        let base = base(&self.url, &self.project, &self.workspace);
        self.send_to(&base, request).await.map(|(_, body)| body)
    }

    /// To what is outside the workspace.
    pub(super) async fn send_project(&self, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
        let base = project_base(&self.url, &self.project);
        self.send_to(&base, request).await.map(|(_, body)| body)
    }

    pub(super) async fn send_to(
        &self,
        base: &str,
        request: ApiRequest,
    ) -> Result<(HeaderMap, Vec<u8>), ApiError> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let moment = Moment {
            at_ms: now.map_or(0, |time| time.as_millis() as i64),
            nonce: String::new(),
        };
        let request = self.credential.sign(base, request, &moment);
        let method = Method::from_bytes(request.method.as_str().as_bytes()).expect("method");
        let url = format!("{base}{}", request.target());
        let mut call = self.http.request(method, url);
        for (name, value) in &request.headers {
            call = call.header(name.as_ref(), value);
        }
        if let Some(body) = request.body {
            call = call
                .header("Content-Type", body.content_type.as_ref())
                .body(body.bytes);
        }
        let response = call.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("body").to_vec();
        match status {
            200..300 => Ok((headers, body)),
            _ => Err(System::SecMaster.error(status, None, &body)),
        }
    }
}

pub(super) fn token(token: String) -> Credential {
    Credential::HuaweiToken {
        token,
        expires_ms: None,
    }
}

/// Id and secret of a new API key.
pub(super) async fn key(backend: &Backend, key: serde_json::Value) -> (String, String) {
    let made = backend
        .post("/v1beta2/auth/api_keys", key)
        .await
        .expect(201);
    let made = made.json();
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    (text("id"), text("api_key"))
}

/// Status and words of a refusal.
pub(super) fn refused<T: std::fmt::Debug>(result: Result<T, ApiError>) -> (u16, String) {
    match result {
        Err(ApiError::Status(error)) => (error.status, error.message),
        other => panic!("{other:?}"),
    }
}

/// The field that is complained about.
pub(super) fn field<T: std::fmt::Debug>(result: Result<T, ApiError>) -> String {
    match result {
        Err(ApiError::Status(error)) if !error.fields.is_empty() => error.fields[0].field.clone(),
        other => panic!("{other:?}"),
    }
}
