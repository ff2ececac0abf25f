//! Sends the console's own requests.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::{Client, Method, StatusCode};
use serde_json::json;
use weir_api::{
    ApiError, ApiRequest, Moment, System,
    auth::Credential,
    dataworks::{
        SignatureVersion,
        answer::Page,
        api::{Create, Details, Settings},
        codes,
        details::{RequestParameter, ResponseParameter, Script, Source},
        picker,
        test::{FINISHED, Test},
    },
};

use crate::api::common::{Backend, PATIENCE};

pub(crate) struct Works {
    /// The backend inside the test, unless a server is named.
    pub backend: Option<Backend>,
    pub base: String,
    pub credential: Credential,
    pub project: String,
    pub tenant: String,
    pub client: Client,
}

/// Different in every call of every run.
pub(crate) fn moment() -> Moment {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.expect("a clock");
    Moment {
        at_ms: i64::try_from(now.as_millis()).expect("now"),
        nonce: format!(
            "{:x}{:x}{:x}",
            std::process::id(),
            now.as_nanos(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ),
    }
}

impl Works {
    /// The server of `WEIR_DATAWORKS_URL` with `_KEY_ID`, `_KEY_SECRET`, `_PROJECT` and `_TENANT`,
    /// otherwise a backend of its own.
    pub(crate) async fn named() -> Self {
        let variable = |name: &str| std::env::var(format!("WEIR_DATAWORKS_{name}"));
        let Ok(base) = variable("URL") else {
            return Self::start().await;
        };
        Self {
            backend: None,
            base,
            credential: Credential::AlibabaKeys {
                id: variable("KEY_ID").expect("WEIR_DATAWORKS_KEY_ID"),
                secret: variable("KEY_SECRET").expect("WEIR_DATAWORKS_KEY_SECRET"),
                token: variable("TOKEN").ok(),
                version: SignatureVersion::V3,
            },
            project: variable("PROJECT").expect("WEIR_DATAWORKS_PROJECT"),
            tenant: variable("TENANT").unwrap_or_default(),
            client: Client::new(),
        }
    }

    pub(crate) async fn start() -> Self {
        Self::over(Backend::start().await).await
    }

    pub(crate) async fn over(backend: Backend) -> Self {
        let body = json!({"name": "works"});
        let made = backend.post("/v1beta2/auth/api_keys", body).await;
        let made = made.expect(201).json();
        let text = |key: &str| made[key].as_str().expect(key).to_string();
        Self {
            base: format!("http://{}/dataworks", backend.running.address),
            credential: Credential::AlibabaKeys {
                id: text("id"),
                secret: text("api_key"),
                token: None,
                version: SignatureVersion::V3,
            },
            project: "1".into(),
            tenant: "1".into(),
            backend: Some(backend),
            client: Client::new(),
        }
    }

    pub(crate) fn backend(&self) -> &Backend {
        self.backend.as_ref().expect("a backend of its own")
    }

    /// The request as the console completes it.
    pub(crate) fn complete(&self, mut request: ApiRequest) -> ApiRequest {
        for (name, value) in [("ProjectId", &self.project), ("TenantId", &self.tenant)] {
            if !value.is_empty() {
                request.query.push((name.into(), value.clone()));
            }
        }
        self.credential.sign(&self.base, request, &moment())
    }

    pub(crate) async fn send(&self, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
        self.send_as_it_is(&self.complete(request)).await
    }

    pub(crate) async fn send_as_it_is(&self, request: &ApiRequest) -> Result<Vec<u8>, ApiError> {
        let method = Method::from_bytes(request.method.as_str().as_bytes()).expect("method");
        let mut call = self
            .client
            .request(method, format!("{}{}", self.base, request.target()));
        for (name, value) in &request.headers {
            call = call.header(&**name, value);
        }
        if let Some(body) = &request.body {
            call = call
                .header("Content-Type", &*body.content_type)
                .body(body.bytes.clone());
        }
        let answer = call.send().await.expect("an answer");
        let status = answer.status();
        let body = answer.bytes().await.expect("a body").to_vec();
        match status.is_success() {
            true => Ok(body),
            false => Err(System::DataWorks.error(status.as_u16(), None, &body)),
        }
    }

    /// Sends and reads.
    pub(crate) async fn ask<T>(
        &self,
        request: ApiRequest,
        read: impl Fn(&[u8]) -> Result<T, ApiError>,
    ) -> T {
        let body = self.send(request).await.expect("an answer");
        read(&body).unwrap_or_else(|e| panic!("{e:?}: {}", String::from_utf8_lossy(&body)))
    }

    /// Status and words of a refusal.
    pub(crate) async fn refused(&self, request: ApiRequest) -> (u16, String) {
        match self.send(request).await {
            Err(ApiError::Status(error)) => (error.status, error.message),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn source(&self) -> i64 {
        let request = picker::data_sources("", weir_api::dataworks::Paging::first());
        let page: Page<picker::DataSource> = self.ask(request, picker::listed_data_sources).await;
        page.items.first().expect("a data source").id
    }

    pub(crate) async fn finished(&self, test: i64) -> Test {
        let limit = std::time::Instant::now() + PATIENCE;
        loop {
            let request = weir_api::dataworks::test::get(test);
            let test = self.ask(request, weir_api::dataworks::test::got).await;
            if test.status == FINISHED {
                return test;
            }
            assert!(std::time::Instant::now() < limit, "{test:?}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Calls a published API with the session's or key's owner's API key.
    pub(crate) async fn call(&self, path: &str) -> (StatusCode, serde_json::Value) {
        let answer = self.get(path).send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        (
            status,
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")),
        )
    }

    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let Credential::AlibabaKeys { secret, .. } = &self.credential else {
            panic!("keys");
        };
        let url = format!("{}/api{path}", self.base);
        self.client.request(method, url).header("X-Api-Key", secret)
    }
}

pub(crate) fn request_parameter(name: &str, kind: i32, required: bool) -> RequestParameter {
    RequestParameter {
        parameter_name: name.into(),
        parameter_data_type: kind,
        parameter_position: codes::QUERY,
        is_required_parameter: required,
        ..RequestParameter::default()
    }
}

pub(crate) fn response_parameter(name: &str, kind: i32) -> ResponseParameter {
    ResponseParameter {
        column_name: name.into(),
        parameter_name: name.into(),
        parameter_data_type: kind,
        ..ResponseParameter::default()
    }
}

pub(crate) fn script(source: i64, sql: &str, parameters: Vec<RequestParameter>) -> Details {
    Details::Script(Script {
        script: sql.into(),
        script_connection: Source {
            connection_id: source,
            table_name: "person".into(),
            ..Source::default()
        },
        script_request_parameters: parameters,
        ..Script::default()
    })
}

pub(crate) fn api(name: &str, group: &str, path: &str, details: Details) -> Create {
    Create {
        name: name.into(),
        group: group.into(),
        mode: match details {
            Details::Wizard(_) => codes::WIZARD,
            Details::Script(_) => codes::SCRIPT,
            Details::Registration(_) => codes::REGISTRATION,
        },
        folder: None,
        sql_mode: None,
        request_content_type: None,
        settings: Settings {
            path: path.into(),
            description: "Made by a test".into(),
            method: codes::GET,
            response_content_type: 0,
            timeout_ms: 10_000,
            visible_range: 0,
            protocols: vec![0, 1],
            resource_group: None,
            details,
        },
    }
}
