//! A backend inside the test, and a client for it.

use std::{collections::VecDeque, path::Path, time::Duration};

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header::HeaderMap};
use serde_json::Value;
use tempfile::TempDir;
use weir_api::sse::Decoder;
use weir_backend::{Running, config::Config};

pub(crate) const PASSWORD: &str = "correct horse";
/// Long enough for any machine; only a test that fails waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Backend {
    pub running: Running,
    pub dir: TempDir,
    client: Client,
}

/// Status, headers and body of an answer.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"]
            .as_str()
            .expect("message")
            .to_string()
    }

    /// The answer's body when it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |v| v.to_str().expect("text"))
    }
}

pub(crate) fn config(dir: &Path) -> Config {
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: dir.join("data"),
        console: Some(dir.join("dist")),
        admin_password: Some(PASSWORD.into()),
        ..Config::default()
    }
}

impl Backend {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(tempfile::tempdir().expect("folder"), adjust).await
    }

    pub(crate) async fn start_in(dir: TempDir, adjust: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(dir.path());
        adjust(&mut config);
        let running = weir_backend::start(config).await.expect("start");
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .expect("client");
        Self {
            running,
            dir,
            client,
        }
    }

    /// Stops it and starts another on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.running.stop().await;
        Self::start_in(self.dir, |_| {}).await
    }

    /// A request without credentials.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.running.address);
        self.client.request(method, url)
    }

    /// A request of user `admin` to the API.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("/default/api{path}"))
            .basic_auth("admin", Some(PASSWORD))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl ToString) -> Answer {
        answer(self.request(Method::POST, path).body(body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: impl ToString) -> Answer {
        answer(self.request(Method::PATCH, path).body(body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn create_stream(&self, name: &str, columns: &[(&str, &str)]) {
        let columns: Vec<Value> = columns
            .iter()
            .map(|(name, t)| serde_json::json!({"name": name, "type": t}))
            .collect();
        let body = serde_json::json!({"name": name, "columns": columns});
        self.post("/v1beta2/streams", body).await.expect(201);
    }

    pub(crate) async fn ingest(&self, name: &str, columns: &str, data: &str) {
        let body = format!(r#"{{"columns":{columns},"data":{data}}}"#);
        let path = format!("/v1beta2/streams/{name}/ingest?format=compact");
        self.post(&path, body).await.expect(200);
    }

    /// Starts a query and reads its first event. Its events have ids.
    pub(crate) async fn query(&self, sql: &str) -> Events {
        self.query_with(serde_json::json!({"sql": sql, "resume_within": 0}))
            .await
    }

    pub(crate) async fn query_with(&self, body: Value) -> Events {
        let request = self
            .request(Method::POST, "/v1beta2/queries")
            .header("Accept", "text/event-stream")
            .body(body.to_string());
        Events::open(request).await
    }

    pub(crate) async fn attach(&self, id: &str, last_event_id: Option<&str>) -> Events {
        let request = self
            .request(Method::GET, &format!("/v1beta2/queries/{id}"))
            .header("Accept", "text/event-stream");
        Events::open(match last_event_id {
            Some(last) => request.header("Last-Event-ID", last),
            None => request,
        })
        .await
    }

    /// Waits until the query has ended.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        let limit = std::time::Instant::now() + PATIENCE;
        loop {
            let query = self
                .get(&format!("/v1beta2/queries/{id}"))
                .await
                .expect(200)
                .json();
            if query["status"] != "running" {
                return query;
            }
            assert!(std::time::Instant::now() < limit, "{query}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.text().await.expect("text"),
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|e| panic!("{e}: {}", self.data))
    }

    pub(crate) fn is_rows(&self) -> bool {
        self.name == "message"
    }
}

/// The events of a query, the first of which was `query`.
pub(crate) struct Events {
    pub id: String,
    pub query: Value,
    pub headers: HeaderMap,
    response: Response,
    decoder: Decoder,
    ready: VecDeque<Event>,
}

impl Events {
    async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let headers = response.headers().clone();
        assert_eq!(
            headers["content-type"],
            "text/event-stream",
            "{}",
            response.status()
        );
        let mut events = Self {
            id: String::new(),
            query: Value::Null,
            headers,
            response,
            decoder: Decoder::default(),
            ready: VecDeque::new(),
        };
        let first = events.next().await.expect("first event");
        assert_eq!(first.name, "query");
        events.query = first.json();
        events.id = events.query["id"].as_str().expect("id").to_string();
        events
    }

    /// `None` at the end of the body.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() {
            let chunk = self.response.chunk().await.expect("chunk")?;
            let ready = &mut self.ready;
            self.decoder.push(&chunk, |event| {
                let event = event.expect("small enough");
                ready.push_back(Event {
                    name: event.event.to_string(),
                    id: event.id.unwrap_or_default().to_string(),
                    data: String::from_utf8(event.data.to_vec()).expect("UTF-8"),
                });
            });
        }
        self.ready.pop_front()
    }

    pub(crate) async fn next_of(&mut self, name: &str) -> Event {
        loop {
            let event = self
                .next()
                .await
                .unwrap_or_else(|| panic!("no {name} event"));
            if event.name == name {
                return event;
            }
        }
    }

    /// Rows as sent, until there are `count`.
    pub(crate) async fn rows(&mut self, count: usize) -> Vec<Value> {
        let mut rows = Vec::new();
        while rows.len() < count {
            let event = self.next_of("message").await;
            rows.extend(event.json().as_array().expect("rows").iter().cloned());
        }
        rows
    }

    pub(crate) async fn rest(&mut self) -> Vec<Event> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            all.push(event);
        }
        all
    }
}
