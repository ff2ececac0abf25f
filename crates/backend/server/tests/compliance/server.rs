//! The server under test, and what it got wrong.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::{
    operations::{self, Operation, Revision},
    shapes::Shapes,
};

pub(super) enum Credential {
    None,
    Key(String),
    Basic(String, String),
}

pub(super) struct Server {
    pub revision: Revision,
    pub operations: Vec<Operation>,
    /// Unlike all names used before.
    pub mark: String,
    /// Operations that succeeded.
    pub done: BTreeSet<String>,
    complaints: BTreeMap<String, Vec<String>>,
    base: String,
    credential: Credential,
    client: Client,
    shapes: Shapes,
}

impl Server {
    pub(super) fn new(base: String, credential: Credential, revision: Revision) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self {
            revision,
            operations: operations::of(revision),
            mark: format!("wc_{:x}", now.map_or(0, |time| time.as_millis())),
            done: BTreeSet::new(),
            complaints: BTreeMap::new(),
            base: base.trim_end_matches('/').into(),
            credential,
            client: Client::builder()
                .timeout(std::time::Duration::from_secs(60))
                .build()
                .expect("client"),
            shapes: Shapes::of(revision),
        }
    }

    pub(super) fn old(&self) -> bool {
        self.revision == Revision::Y2025
    }

    /// A name of the suite's own.
    pub(super) fn name(&self, what: &str) -> String {
        format!("{}_{what}", self.mark)
    }

    pub(super) fn complain(&mut self, about: &str, words: impl Into<String>) {
        let all = self.complaints.entry(about.into()).or_default();
        all.push(words.into());
    }

    pub(super) fn verdict(&self) -> Vec<String> {
        let all = self.complaints.iter();
        all.map(|(about, words)| format!("{about}\n    {}", words.join("\n    ")))
            .collect()
    }

    pub(super) fn bare(&self, method: &Method, path: &str) -> RequestBuilder {
        self.client
            .request(method.clone(), format!("{}{path}", self.base))
    }

    pub(super) fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        let request = self.bare(method, path);
        match &self.credential {
            Credential::None => request,
            Credential::Key(key) => request.header("X-Api-Key", key),
            Credential::Basic(user, password) => request.basic_auth(user, Some(password)),
        }
    }

    pub(super) fn wants_credential(&self) -> bool {
        !matches!(self.credential, Credential::None)
    }

    /// Status and body; what broke off is status 0.
    pub(super) async fn send(&self, request: RequestBuilder) -> (u16, String) {
        match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                (status, response.text().await.unwrap_or_default())
            }
            Err(error) => (0, error.to_string()),
        }
    }

    /// Does the operation at `address` for the thing named `key`, and checks that the answer is a
    /// success of the shape described. `query` is the part after `?`.
    pub(super) async fn ok(
        &mut self,
        method: Method,
        address: &str,
        key: &str,
        query: &str,
        body: Option<Value>,
    ) -> Value {
        let operation = self.operation(&method, address);
        let about = operation.name();
        let path = format!("{}{query}", place(address, key));
        let mut request = self.request(&method, &path);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let (status, text) = self.send(request).await;
        if !(operation.statuses.contains(&status) || operation.statuses == [201] && status == 200) {
            self.complain(&about, format!("{path} answers {status}: {}", short(&text)));
            return Value::Null;
        }
        self.done.insert(about.clone());
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(shape) = operation.shape.filter(|_| status != 204) {
            if text.is_empty() {
                self.complain(&about, format!("{status} without {shape}"));
            } else {
                for wrong in self.shapes.check(shape, &value) {
                    self.complain(&about, wrong);
                }
            }
        }
        value
    }

    pub(super) async fn get(&mut self, address: &str, key: &str) -> Value {
        self.ok(Method::GET, address, key, "", None).await
    }

    pub(super) async fn post(&mut self, address: &str, key: &str, body: Value) -> Value {
        self.ok(Method::POST, address, key, "", Some(body)).await
    }

    pub(super) async fn delete(&mut self, address: &str, key: &str) {
        self.ok(Method::DELETE, address, key, "", None).await;
    }

    /// Checks that it is refused with one of the statuses, in the shape of errors.
    pub(super) async fn refused(&mut self, about: &str, request: RequestBuilder, statuses: &[u16]) {
        let (status, text) = self.send(request).await;
        if !statuses.contains(&status) {
            let words = format!("answers {status} instead of {statuses:?}: {}", short(&text));
            return self.complain(about, words);
        }
        // Some servers send 404 without a body.
        if text.is_empty() {
            return;
        }
        match serde_json::from_str(&text) {
            Ok(value) => {
                for wrong in self.shapes.check("ErrorResponse", &value) {
                    self.complain(about, format!("error {status}: {wrong}"));
                }
            }
            Err(_) => self.complain(
                about,
                format!("error {status} is not JSON: {}", short(&text)),
            ),
        }
    }

    /// Checks that a second creation is refused.
    pub(super) async fn duplicate(&mut self, address: &str, body: &Value) {
        let about = format!("POST {address}");
        let request = self.request(&Method::POST, address).body(body.to_string());
        self.refused(&format!("{about} again"), request, &[400, 409])
            .await;
    }

    /// Defines something: over REST where the server does that, else with SQL.
    pub(super) async fn define(&mut self, address: &str, body: Value, ddl: &str) {
        if self.old() {
            self.post(address, "", body.clone()).await;
            self.duplicate(address, &body).await;
        } else {
            self.exec(ddl).await;
            let again = json!({"sql": ddl, "type": "ddl"}).to_string();
            let request = self.request(&Method::POST, "/v1beta2/exec").body(again);
            self.refused(&format!("{ddl} again"), request, &[400, 500])
                .await;
        }
    }

    pub(super) async fn exec(&mut self, ddl: &str) {
        let body = json!({"sql": ddl, "type": "ddl"});
        self.post("/v1beta2/exec", "", body).await;
    }

    /// Checks that a list has the thing.
    pub(super) async fn listed(&mut self, address: &str, field: &str, value: &str) {
        let list = self.get(address, "").await;
        let all = list.as_array().into_iter().flatten();
        if !all.into_iter().any(|one| one[field] == value) {
            self.complain(&format!("GET {address}"), format!("lacks {field} {value}"));
        }
    }

    /// Checks a field of an answer.
    pub(super) fn same(&mut self, about: &str, answer: &Value, field: &str, wanted: &Value) {
        let found = &answer[field];
        if found != wanted {
            self.complain(about, format!("{field} is {found} instead of {wanted}"));
        }
    }

    fn operation(&self, method: &Method, address: &str) -> Operation {
        let mut all = self.operations.iter();
        all.find(|one| one.method == *method && one.address == address)
            .unwrap_or_else(|| panic!("{method} {address} is not of {:?}", self.revision))
            .clone()
    }
}

/// The address of the thing named `key`.
pub(super) fn place(address: &str, key: &str) -> String {
    address.replace("{name}", key).replace("{id}", key)
}

/// The id that a creation answered.
pub(super) fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or("unknown").to_string()
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
