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

/// The mask was sent where nothing is kept that it could mean: it is not the secret.
#[tokio::test]
async fn a_mask_is_never_kept_as_the_secret() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let made = backend
        .post("/v1beta2/sinks", sink("http://u:hush@127.0.0.1:1/"))
        .await
        .expect(201)
        .json();
    let path = format!("/v1beta2/sinks/{}", made["id"].as_str().expect("id"));
    let shown = made["properties"].clone();
    let refused = |answer: super::common::Answer, key: &str| {
        assert_eq!(answer.status, 400, "{key}: {}", answer.body);
        let words = answer.body.contains("******") && answer.body.contains("secret");
        assert!(words, "{key}: {}", answer.body);
        assert!(answer.body.contains(key), "{key}: {}", answer.body);
    };
    // Another header of which nothing is known, and the address changed with its user masked.
    let mut other = shown.clone();
    other["http_header"]["X-Other"] = "******".into();
    refused(
        backend.patch(&path, json!({"properties": other})).await,
        "http_header",
    );
    let mut moved = shown.clone();
    moved["url"] = "http://******@127.0.0.1:2/".into();
    moved["http_header"] = json!({});
    moved["oauth2"] = Value::Null;
    refused(
        backend.patch(&path, json!({"properties": moved})).await,
        "url",
    );
    // What is shown of one is sent to make another.
    let mut copy = sink("");
    copy["name"] = "copy".into();
    copy["properties"] = shown;
    refused(backend.post("/v1beta2/sinks", copy).await, "http_header");
    let alert = json!({
        "name": "alert", "severity": 1, "action": "http", "trigger_sql": "SELECT a FROM s",
        "properties": {"url": "http://127.0.0.1:1/?token=******"},
    });
    refused(backend.post("/v1beta2/alerts", alert).await, "url");
    let external = json!({
        "name": "ext", "columns": [{"name": "raw", "type": "string"}],
        "settings": [
            {"key": "type", "value": "nats_jetstream"},
            {"key": "url", "value": "nats://******@127.0.0.1:1"},
            {"key": "stream_name", "value": "a"}, {"key": "subject", "value": "a"},
        ],
    });
    refused(
        backend.post("/v1beta2/external_streams", external).await,
        "url",
    );
    let function = json!({
        "name": "f", "type": "remote", "arguments": [{"name": "x", "type": "string"}],
        "return_type": "string", "url": "http://******@127.0.0.1:1/", "auth_method": "none",
    });
    refused(backend.post("/v1beta2/udfs", function).await, "url");
}

/// Libraries and servers repeat the address that they were given.
#[tokio::test]
async fn errors_do_not_repeat_the_secrets_of_an_address() {
    let backend = Backend::start().await;
    for url in ["nats://user:hush@127.0.0.1:1", "nats://hush@127.0.0.1:1"] {
        let preview = json!({"settings": [
            {"key": "type", "value": "nats_jetstream"}, {"key": "url", "value": url},
            {"key": "stream_name", "value": "a"}, {"key": "subject", "value": "a"},
        ]});
        let failed = backend
            .post("/v1beta2/external_streams/preview", preview)
            .await;
        assert!(failed.status.is_client_error(), "{}", failed.body);
        assert!(!failed.body.contains("hush"), "{url}: {}", failed.body);
    }
    let source = |url: &str| {
        json!({
            "type": "websocket", "size": 1,
            "properties": {"url": url, "data_type": "json"},
        })
    };
    for url in [
        "ws://user:hush@127.0.0.1:1/?token=hush",
        "ws://127.0.0.1:1/x?api_key=hush",
    ] {
        let failed = backend.post("/v1beta2/source/preview", source(url)).await;
        assert!(!failed.status.is_success(), "{}", failed.body);
        assert!(!failed.body.contains("hush"), "{url}: {}", failed.body);
    }
}

/// What is an address is told by its value, too, and however its name is written.
#[tokio::test]
async fn a_kept_secret_follows_no_address_whatever_it_is_called() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let old = json!({
        "password": "hush", "tokenUrl": "https://a.example/t", "proxyhost": "a",
        "via": "10.0.0.1", "to": "a.example", "bootstrap.servers": "a:1",
        "nested": {"peer": "a", "useTLS": true}, "list": ["u@a.example"], "topic": "orders",
    });
    let sink = json!({"name": "odd", "type": "redpanda_connect", "query": "SELECT a FROM s",
        "properties": old});
    let made = backend
        .post("/v1beta2/sinks", sink)
        .await
        .expect(201)
        .json();
    let path = format!("/v1beta2/sinks/{}", made["id"].as_str().expect("id"));
    let shown = made["properties"].clone();
    assert_eq!(shown["password"], "******", "{shown}");
    for (key, value) in [
        ("tokenUrl", json!("https://evil.example/t")),
        ("proxyhost", json!("evil")),
        ("via", json!("10.6.6.6")),
        ("to", json!("evil.example")),
        ("bootstrap.servers", json!("evil:1")),
        ("nested", json!({"peer": "evil", "useTLS": true})),
        ("nested", json!({"peer": "a", "useTLS": false})),
        ("list", json!(["u@evil.example"])),
        ("anything", json!("//evil/x")),
        ("anything", json!("evil.example:443")),
        ("anything", json!("::ffff:10.6.6.6")),
    ] {
        let mut changed = shown.clone();
        changed[key] = value;
        let body = json!({"properties": changed});
        let refused = backend.patch(&path, &body).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.body);
        assert!(refused.body.contains("enter it again"), "{}", refused.body);
    }
    let mut harmless = shown;
    harmless["topic"] = "refunds".into();
    backend
        .patch(&path, json!({"properties": harmless}))
        .await
        .expect(200);
}

/// Servers of one address are told apart by a header.
#[tokio::test]
async fn a_kept_header_goes_to_no_other_server_of_its_address() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let made = backend
        .post("/v1beta2/sinks", sink("http://127.0.0.1:1/"))
        .await
        .expect(201)
        .json();
    let path = format!("/v1beta2/sinks/{}", made["id"].as_str().expect("id"));
    let shown = made["properties"].clone();
    for name in [
        "Host",
        "host",
        "X-Forwarded-Host",
        "X-Original-URL",
        "Forwarded",
    ] {
        let mut led = shown.clone();
        led["http_header"][name] = "evil.example".into();
        let refused = backend
            .patch(&path, json!({"properties": led}))
            .await
            .expect(400);
        assert!(refused.body.contains("enter it again"), "{}", refused.body);
    }
    let mut more = shown;
    more["http_header"]["X-Team"] = "orders".into();
    backend
        .patch(&path, json!({"properties": more}))
        .await
        .expect(200);
}

/// Many services of WebSockets take the key in the first message.
#[tokio::test]
async fn what_signs_in_to_a_server_is_a_secret_and_stays_with_its_address() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "string")]).await;
    add_reader(&backend).await;
    let source = |url: &str, message: &str| {
        json!({
            "name": "source", "type": "websocket", "stream": "s",
            "properties": {"url": url, "data_type": "text", "open_message": message},
        })
    };
    let message = r#"{"action":"auth","params":"hush"}"#;
    let made = backend
        .post("/v1beta2/sources", source("ws://127.0.0.1:1/", message))
        .await
        .expect(201);
    let id = made.json()["id"].as_str().expect("id").to_string();
    let path = format!("/v1beta2/sources/{id}");
    backend.post(&format!("{path}/stop"), "").await.expect(204);
    let seen = answer(by_reader(&backend, Method::GET, &path))
        .await
        .expect(200);
    assert!(!seen.body.contains("hush"), "{}", seen.body);
    let put = |body: Value| {
        let request = backend.request(Method::PUT, &path).body(body.to_string());
        answer(request)
    };
    let moved = put(source("ws://127.0.0.1:2/", "******")).await.expect(400);
    assert!(moved.body.contains("enter it again"), "{}", moved.body);
    put(source("ws://127.0.0.1:1/", "******")).await.expect(200);
    let open = put(source("ws://127.0.0.1:2/", r#"{"subscribe":"orders"}"#)).await;
    assert!(open.expect(200).body.contains("orders"));
}
