//! A secret that is kept is to be sent elsewhere, or to be seen.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    common::{Backend, answer},
    people::{add_reader, by_reader},
    receiver::Receiver,
};

fn sink(url: &str) -> Value {
    json!({
        "name": "out", "type": "http", "query": "SELECT a FROM s",
        "properties": {
            "url": url,
            "http_header": {"Authorization": "Bearer hush", "X-Plain-Name": "hush"},
            "oauth2": {"token_url": format!("{url}token"), "client_key": "k", "client_secret": "hush"},
        },
    })
}

#[tokio::test]
async fn a_kept_secret_goes_to_no_new_address() {
    let (vendor, mut evil) = (Receiver::start().await, Receiver::start().await);
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let made = backend
        .post("/v1beta2/sinks", sink(&vendor.url("/")))
        .await
        .expect(201);
    let made = made.json();
    let path = format!("/v1beta2/sinks/{}", made["id"].as_str().expect("id"));
    let shown = backend.get(&path).await.expect(200).json();
    let shown = shown["properties"].clone();
    for moved in ["url", "token_url"] {
        let mut properties = shown.clone();
        match moved {
            "url" => properties["url"] = evil.url("/").into(),
            _ => properties["oauth2"]["token_url"] = evil.url("/").into(),
        }
        for method in [Method::PATCH, Method::PUT] {
            let mut body = sink("");
            body["properties"] = properties.clone();
            let request = backend
                .request(method.clone(), &path)
                .body(body.to_string());
            let refused = answer(request).await;
            assert!(
                [400, 405].contains(&refused.status.as_u16()),
                "{method} {moved}: {}",
                refused.body
            );
            let again = refused.body.contains("enter it again") || refused.status == 405;
            assert!(again, "{method} {moved}: {}", refused.body);
        }
    }
    // What is only sent back stays as it was.
    let same = json!({"description": "same", "properties": shown});
    backend.patch(&path, same).await.expect(200);
    assert_eq!(evil.rest(), []);
}

#[tokio::test]
async fn an_azion_endpoints_secret_stays_with_its_address() {
    let backend = Backend::start().await;
    let cookie = super::people::sign_in(&backend, "admin", super::common::PASSWORD).await;
    let send = |method: Method, path: &str, body: Value| {
        let request = backend.bare(method, path).header("Cookie", &cookie);
        let request = request.header("Accept", "application/json; version=3");
        answer(request.body(body.to_string()))
    };
    let streaming = json!({
        "name": "a", "domain_ids": [4], "active": false,
        "template_model": r#"{"m":"$request_method"}"#,
        "endpoint": {"endpoint_type": "standard", "url": "http://127.0.0.1:1/a",
            "log_line_separator": "\\n", "payload_format": "$dataset", "max_size": 1_000_000,
            "headers": {"Authorization": "hush"}},
    });
    let made = send(
        Method::POST,
        "/azion/data_streaming/streamings",
        streaming.clone(),
    )
    .await;
    assert!(made.status.is_success(), "{}", made.body);
    assert!(!made.body.contains("hush"), "{}", made.body);
    let made = made.json();
    let id = made["results"]["id"].as_i64().map(|id| id.to_string());
    let id = id
        .or_else(|| made["results"]["id"].as_str().map(String::from))
        .expect("id");
    let path = format!("/azion/data_streaming/streamings/{id}");
    let mut endpoint = made["results"]["endpoint"].clone();
    endpoint["url"] = "http://127.0.0.1:2/evil".into();
    let moved = send(Method::PATCH, &path, json!({"endpoint": endpoint})).await;
    assert_eq!(moved.status, 400, "{}", moved.body);
    assert!(moved.body.contains("enter it again"), "{}", moved.body);
}

#[tokio::test]
async fn a_readers_view_holds_no_secret() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    add_reader(&backend).await;
    let made = backend
        .post(
            "/v1beta2/sinks",
            sink("http://user:hush@127.0.0.1:1/?token=hush"),
        )
        .await;
    let made = made.expect(201).json();
    let id = made["id"].as_str().expect("id").to_string();
    let external = json!({
        "name": "ext", "type": "nats",
        "columns": [{"name": "raw", "type": "string"}],
        "settings": [
            {"key": "type", "value": "nats"},
            {"key": "url", "value": "nats://user:hush@127.0.0.1:1"},
            {"key": "subject", "value": "a"},
        ],
    });
    let external = backend.post("/v1beta2/external_streams", external).await;
    assert!(
        external.status.is_success() || external.status == 400,
        "{}",
        external.body
    );
    for path in [
        "/v1beta2/sinks".to_string(),
        format!("/v1beta2/sinks/{id}"),
        "/v1beta2/external_streams".into(),
        "/v1beta2/topology".into(),
    ] {
        let seen = answer(by_reader(&backend, Method::GET, &path))
            .await
            .expect(200);
        assert!(!seen.body.contains("hush"), "{path}: {}", seen.body);
    }
}

#[tokio::test]
async fn a_databases_host_is_no_socket() {
    let backend = Backend::start().await;
    for address in [
        "/var/run/postgresql:5432",
        "/tmp",
        "@abstract",
        "a.example,b.example:5432",
    ] {
        let table = json!({
            "name": "outside", "type": "postgresql",
            "settings": [
                {"key": "type", "value": "postgresql"}, {"key": "address", "value": address},
                {"key": "user", "value": "u"}, {"key": "password", "value": "hush"},
                {"key": "secure", "value": "false"},
            ],
        });
        let refused = backend
            .post("/v1beta2/external_tables", table)
            .await
            .expect(400);
        assert!(
            refused.body.contains("address"),
            "{address}: {}",
            refused.body
        );
        assert!(
            refused.body.contains("is not the name"),
            "{address}: {}",
            refused.body
        );
    }
}
