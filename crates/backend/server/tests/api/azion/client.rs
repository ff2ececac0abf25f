//! A client of the API as the console is one.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use weir_api::{
    ApiError, ApiRequest, Moment,
    auth::Credential,
    azion::{
        self,
        streaming::{self, Streaming, StreamingDef},
    },
};

use super::super::common::{Backend, PATIENCE};

/// A caller with a token, of this backend or of another server.
pub(super) struct Caller {
    base: String,
    pub(super) credential: Credential,
    client: Client,
}

impl Caller {
    pub(super) fn new(base: impl Into<String>, token: &str) -> Self {
        Self {
            base: base.into(),
            credential: Credential::AzionToken(token.into()),
            client: Client::new(),
        }
    }

    pub(super) async fn of(backend: &Backend) -> Self {
        let key = backend
            .post("/v1beta2/auth/api_keys", json!({"name": "azion"}))
            .await
            .expect(201)
            .json();
        let base = format!("http://{}/azion", backend.running.address);
        Self::new(base, key["api_key"].as_str().expect("key"))
    }

    pub(super) async fn send(&self, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
        let moment = Moment {
            at_ms: 0,
            nonce: String::new(),
        };
        let request = self.credential.sign(&self.base, request, &moment);
        let method = Method::from_bytes(request.method.as_str().as_bytes()).expect("method");
        let url = format!("{}{}", self.base, request.target());
        let mut call = self.client.request(method, url);
        for (name, value) in &request.headers {
            call = call.header(name.as_ref(), value);
        }
        if let Some(body) = request.body {
            call = call
                .header("Content-Type", body.content_type.as_ref())
                .body(body.bytes);
        }
        let got = call.send().await.expect("an answer");
        let status = got.status();
        let bytes = got.bytes().await.expect("body").to_vec();
        match status.is_success() {
            true => Ok(bytes),
            false => Err(azion::error(status.as_u16(), None, &bytes)),
        }
    }

    pub(super) async fn one(&self, request: ApiRequest) -> Streaming {
        azion::one(&self.send(request).await.expect("success")).expect("streaming")
    }

    pub(super) async fn create(&self, definition: Value) -> Streaming {
        let definition: StreamingDef = serde_json::from_value(definition).expect("definition");
        self.one(streaming::create(&definition).expect("request"))
            .await
    }

    /// Once it has sent so many records.
    pub(super) async fn delivered(&self, id: &str, records: u64) -> Streaming {
        let limit = std::time::Instant::now() + PATIENCE;
        loop {
            let streaming = self.one(streaming::get(id)).await;
            let delivery = streaming.delivery.clone().expect("delivery");
            if delivery.delivered >= records {
                return streaming;
            }
            assert!(std::time::Instant::now() < limit, "{delivery:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub(super) fn refused(outcome: Result<Vec<u8>, ApiError>) -> (u16, Vec<String>, String) {
    match outcome {
        Err(ApiError::Status(error)) => (
            error.status,
            error.fields.into_iter().map(|one| one.field).collect(),
            error.message,
        ),
        other => panic!("not refused: {other:?}"),
    }
}
