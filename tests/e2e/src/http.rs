//! Calls to the backend from outside the browser.

use ::http::{Method, Request, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use crate::{Result, failure::fail};

#[derive(Clone)]
pub struct Api {
    /// Up to and with the workspace: `http://127.0.0.1:1234/default/api`.
    pub base: String,
    /// The header that says who is calling.
    credential: (&'static str, String),
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Api {
    pub fn basic(base: String, user: &str, password: &str) -> Self {
        let token = STANDARD.encode(format!("{user}:{password}"));
        Self::new(base, ("Authorization", format!("Basic {token}")))
    }

    pub fn key(base: String, key: &str) -> Self {
        Self::new(base, ("X-Api-Key", key.to_string()))
    }

    /// Of SecMaster, which takes an API key as its token.
    pub fn token(base: String, key: &str) -> Self {
        Self::new(base, ("X-Auth-Token", key.to_string()))
    }

    fn new(base: String, credential: (&'static str, String)) -> Self {
        Self {
            base,
            credential,
            client: Client::builder(TokioExecutor::new()).build(HttpConnector::new()),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call(Method::GET, path, "application/json", Bytes::new())
            .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let body = serde_json::to_vec(body)?.into();
        self.call(Method::POST, path, "application/json", body)
            .await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value> {
        let body = serde_json::to_vec(body)?.into();
        self.call(Method::PATCH, path, "application/json", body)
            .await
    }

    pub async fn delete(&self, path: &str) -> Result<Value> {
        self.call(Method::DELETE, path, "application/json", Bytes::new())
            .await
    }

    /// The answer's JSON, `null` where it has none; any status but 2xx is a failure with the body.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Value> {
        let (status, text) = self.send(method, path, content_type, body).await?;
        if !status.is_success() {
            return fail(format!(
                "{path} answered {status}: {}",
                String::from_utf8_lossy(&text)
            ));
        }
        Ok(serde_json::from_slice(&text).unwrap_or_default())
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(self.credential.0, &self.credential.1)
            .header(header::CONTENT_TYPE, content_type)
            .body(Full::new(body))?;
        let answer = self.client.request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}
