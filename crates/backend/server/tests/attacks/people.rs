//! Who attacks, and what the audit log says of it.

use std::time::Instant;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::common::{Answer, Backend, PATIENCE, answer};

pub(crate) const READER: &str = "reader";
pub(crate) const READERS_PASSWORD: &str = "just looking around";

/// Adds a user of role read-only.
pub(crate) async fn add_reader(backend: &Backend) {
    let reader = json!({"username": READER, "role": "read_only", "password": READERS_PASSWORD});
    backend.post("/v1beta2/users", &reader).await.expect(201);
}

/// Signs in by password; the answer is the cookie to send.
pub(crate) async fn sign_in(backend: &Backend, user: &str, password: &str) -> String {
    let who = json!({"user": user, "password": password});
    let request = backend.bare(Method::POST, "/api/session");
    let signed_in = answer(request.body(who.to_string())).await.expect(200);
    let cookie = signed_in.header("set-cookie");
    cookie.split(';').next().expect("pair").to_string()
}

/// A call of the reader to the API.
pub(crate) fn by_reader(backend: &Backend, method: Method, path: &str) -> RequestBuilder {
    backend
        .bare(method, &format!("/default/api{path}"))
        .basic_auth(READER, Some(READERS_PASSWORD))
}

/// The rows of the audit log, as objects, once there are as many as `enough` says.
pub(crate) async fn audited(backend: &Backend, filter: &str, enough: usize) -> Vec<Value> {
    let sql = format!(
        "SELECT actor, action, resource_kind, resource_name, status, detail \
         FROM table(audit_log) WHERE {filter}"
    );
    let limit = Instant::now() + PATIENCE;
    loop {
        let rows = rows(backend, &sql).await;
        if rows.len() >= enough {
            return rows;
        }
        assert!(
            Instant::now() < limit,
            "{} rows where {filter}: {rows:?}",
            rows.len()
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The rows of a query that ends, each by the names of its columns.
pub(crate) async fn rows(backend: &Backend, sql: &str) -> Vec<Value> {
    let mut events = backend.query(sql).await;
    let header = events.query["result"]["header"].clone();
    let names: Vec<String> = header
        .as_array()
        .into_iter()
        .flatten()
        .map(|column| column["name"].as_str().unwrap_or_default().to_string())
        .collect();
    let mut all = Vec::new();
    for event in events.rest().await.iter().filter(|event| event.is_rows()) {
        for row in event.json().as_array().expect("rows") {
            let values = row.as_array().expect("values").iter().cloned();
            all.push(
                names
                    .iter()
                    .cloned()
                    .zip(values)
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
            );
        }
    }
    all
}

pub(crate) async fn refused(request: RequestBuilder, what: &str) -> Answer {
    let refused = answer(request).await;
    assert_eq!(refused.status, 403, "{what}: {}", refused.body);
    refused
}
