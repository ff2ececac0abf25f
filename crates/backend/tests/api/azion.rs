//! Azion Data Streaming: every operation as the vendor has it, and what is really delivered.

use std::time::Duration;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use weir_api::{
    ApiError, ApiRequest,
    auth::{Credential, Moment},
    azion::{
        self,
        domain::{self, Domain},
        streaming::{self, Streaming, StreamingDef},
        template::{self, Template},
    },
};

use super::{
    common::{Answer, Backend, PATIENCE, answer},
    receiver::Receiver,
};

/// A caller with a token, of this backend or of another server.
struct Caller {
    base: String,
    credential: Credential,
    client: Client,
}

impl Caller {
    fn new(base: impl Into<String>, token: &str) -> Self {
        Self {
            base: base.into(),
            credential: Credential::AzionToken(token.into()),
            client: Client::new(),
        }
    }

    async fn of(backend: &Backend) -> Self {
        let key = backend
            .post("/v1beta2/auth/api_keys", json!({"name": "azion"}))
            .await
            .expect(201)
            .json();
        let base = format!("http://{}/azion", backend.running.address);
        Self::new(base, key["api_key"].as_str().expect("key"))
    }

    async fn send(&self, request: ApiRequest) -> Result<Vec<u8>, ApiError> {
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

    async fn one(&self, request: ApiRequest) -> Streaming {
        azion::one(&self.send(request).await.expect("success")).expect("streaming")
    }

    async fn create(&self, definition: Value) -> Streaming {
        let definition: StreamingDef = serde_json::from_value(definition).expect("definition");
        self.one(streaming::create(&definition).expect("request"))
            .await
    }

    /// Once it has sent so many records.
    async fn delivered(&self, id: &str, records: u64) -> Streaming {
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

fn refused(outcome: Result<Vec<u8>, ApiError>) -> (u16, Vec<String>, String) {
    match outcome {
        Err(ApiError::Status(error)) => (
            error.status,
            error.fields.into_iter().map(|one| one.field).collect(),
            error.message,
        ),
        other => panic!("not refused: {other:?}"),
    }
}

/// Every operation, with what it answers and what it refuses. Leaves nothing behind.
async fn walk(caller: &Caller) {
    let body = caller.send(template::list()).await.expect("templates");
    let templates: Vec<Template> = azion::many(&body).expect("templates");
    let first = templates.first().expect("a template");
    let body = caller
        .send(template::get(first.id))
        .await
        .expect("template");
    let template: Template = azion::one(&body).expect("template");
    assert_eq!(template.id, first.id);

    let body = caller.send(domain::list(None)).await.expect("domains");
    let domains: Vec<Domain> = azion::many(&body).expect("domains");
    let one = domains.first().expect("a domain").domain_id;

    let headers: serde_json::Map<String, Value> = (1..=5)
        .map(|n| (format!("header-name-{n}"), json!(format!("value-{n}"))))
        .collect();
    let made = caller
        .create(json!({
            "name": "weir contract", "template_id": first.id, "domain_ids": [one], "active": false,
            "endpoint": {"endpoint_type": "standard", "url": "https://example.com/logs",
                         "log_line_separator": "\n", "payload_format": "$dataset",
                         "max_size": 1_000_000, "headers": headers},
        }))
        .await;
    assert_eq!(made.definition.data_source, "http");
    assert_eq!(
        made.definition.endpoint["headers"]["header-name-5"],
        "value-5"
    );
    assert!(!made.definition.active);

    let body = caller.send(streaming::list()).await.expect("list");
    let all: Vec<Streaming> = azion::many(&body).expect("list");
    assert!(all.iter().any(|one| one.id == made.id));
    let read = caller.one(streaming::get(&made.id)).await;
    assert_eq!(read.definition, made.definition);
    let body = caller.send(domain::list(Some(&made.id))).await;
    let marked: Vec<Domain> = azion::many(&body.expect("domains")).expect("domains");
    assert!(
        marked
            .iter()
            .any(|d| d.domain_id == one && d.selected == Some(true))
    );

    // Only the changed fields.
    let mut after = read.definition.clone();
    after.name = "weir contract 2".into();
    let changes = after.changes(&read.definition);
    assert_eq!(changes.len(), 1);
    let changed = caller
        .one(streaming::update(&made.id, &changes).expect("request"))
        .await;
    assert_eq!(changed.definition.name, "weir contract 2");
    assert_eq!(changed.definition.endpoint, read.definition.endpoint);

    // All of them, with another endpoint and a template of one's own.
    after.template_id = None;
    after.template_model = Some(r#"{"status":"$status"}"#.into());
    after.endpoint = json!({"endpoint_type": "qradar", "url": "https://example.com/q"})
        .as_object()
        .cloned()
        .expect("object");
    let replaced = caller
        .one(streaming::replace(&made.id, &after).expect("request"))
        .await;
    assert_eq!(replaced.definition.endpoint_type(), "qradar");
    assert_eq!(replaced.definition.template_model, after.template_model);

    let unknown = json!({"name": "", "endpoint": {"endpoint_type": "standard", "url": "x"}});
    let unknown = unknown.as_object().expect("object");
    let outcome = caller.send(streaming::update(&made.id, unknown).expect("request"));
    let (status, fields, _) = refused(outcome.await);
    assert_eq!(status, 400);
    assert!(!fields.is_empty());

    let (status, ..) = refused(
        caller
            .send(streaming::get(&made.id).accept("application/json; version=1"))
            .await,
    );
    assert_eq!(status, 406);

    caller
        .send(streaming::delete(&made.id))
        .await
        .expect("deleted");
    let (status, ..) = refused(caller.send(streaming::get(&made.id)).await);
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_operations_of_the_vendor() {
    let backend = Backend::start().await;
    let caller = Caller::of(&backend).await;
    walk(&caller).await;
    let (status, _, words) = refused(caller.send(streaming::get("none")).await);
    assert_eq!((status, words.as_str()), (404, "Not found."));
}

/// `WEIR_AZION_URL=https://api.azionapi.net WEIR_AZION_TOKEN=… cargo test azion`
#[tokio::test]
async fn all_operations_of_a_server_elsewhere() {
    let variable = |name: &str| std::env::var(name).ok();
    let (Some(url), Some(token)) = (variable("WEIR_AZION_URL"), variable("WEIR_AZION_TOKEN"))
    else {
        return;
    };
    walk(&Caller::new(url.trim_end_matches('/'), &token)).await;
}

async fn bare(
    backend: &Backend,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: &str,
) -> Answer {
    let mut request = backend
        .bare(method, &format!("/azion{path}"))
        .header("Accept", azion::ACCEPT)
        .body(body.to_string());
    if let Some(token) = token {
        request = request.header("Authorization", token);
    }
    answer(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_without_a_right_are_refused_in_the_vendors_words() {
    let backend = Backend::start().await;
    let path = "/data_streaming/streamings";
    let none = bare(&backend, Method::GET, path, None, "")
        .await
        .expect(401);
    assert_eq!(
        none.json(),
        json!({"detail": "Authentication credentials were not provided."})
    );
    bare(&backend, Method::GET, path, Some("Token wrong"), "")
        .await
        .expect(401);
    bare(&backend, Method::GET, path, Some("Bearer x"), "")
        .await
        .expect(401);

    let reader = json!({"name": "reader", "permissions": ["read:streaming"]});
    let key = backend
        .post("/v1beta2/auth/api_keys", reader)
        .await
        .expect(201)
        .json();
    let token = format!("token {}", key["api_key"].as_str().expect("key"));
    bare(&backend, Method::GET, path, Some(&token), "")
        .await
        .expect(200);
    let refused = bare(&backend, Method::POST, path, Some(&token), "{}")
        .await
        .expect(403);
    assert!(
        refused.json()["detail"]
            .as_str()
            .is_some_and(|d| d.contains("write:streaming"))
    );

    let all = Caller::of(&backend).await;
    let Credential::AzionToken(secret) = &all.credential else {
        panic!("a token");
    };
    let token = format!("Token {secret}");
    let wrong = bare(&backend, Method::POST, path, Some(&token), "[1")
        .await
        .expect(400);
    assert!(wrong.body.contains("JSON parse error"), "{}", wrong.body);
    let empty = bare(&backend, Method::POST, path, Some(&token), "{}")
        .await
        .expect(400);
    assert_eq!(
        empty.json(),
        json!({
            "name": ["This field is required."], "domain_ids": ["This list may not be empty."],
            "template_id": ["This field is required."], "endpoint": ["This field is required."],
        })
    );
    let other = bare(&backend, Method::PUT, path, Some(&token), "{}")
        .await
        .expect(405);
    assert_eq!(
        other.json(),
        json!({"detail": "Method \"PUT\" not allowed."})
    );
    bare(
        &backend,
        Method::GET,
        "/data_streaming/nothing",
        Some(&token),
        "",
    )
    .await
    .expect(404);
}

async fn quick() -> Backend {
    Backend::start_with(|config| config.limits.streaming_wait = Duration::from_millis(200)).await
}

async fn restarted(backend: Backend, wait: Duration) -> Backend {
    backend.running.stop().await;
    Backend::start_in(backend.dir, |config| config.limits.streaming_wait = wait).await
}

fn lines(url: &str, separator: &str, format: &str) -> Value {
    json!({
        "name": "out", "domain_ids": [4],
        "template_model": r#"{"m":"$request_method","p":"$requestPath","s":$status,"x":"$asn"}"#,
        "endpoint": {"endpoint_type": "standard", "url": url, "log_line_separator": separator,
                     "payload_format": format, "max_size": 1_000_000,
                     "headers": {"X-Team": "blue"}},
    })
}

/// A request to the part that the streaming of [`lines`] names.
async fn visit(backend: &Backend, path: &str) {
    answer(backend.bare(Method::GET, path)).await;
}

/// Once the request is in the log of requests.
async fn recorded(backend: &Backend, path: &str) {
    let limit = std::time::Instant::now() + PATIENCE;
    let sql = format!("SELECT path FROM table(http_access) WHERE path = '{path}'");
    loop {
        let rows = backend.query(&sql).await.rest().await;
        if rows
            .iter()
            .any(|event| event.is_rows() && event.data.contains(path))
        {
            return;
        }
        assert!(std::time::Instant::now() < limit);
    }
}

fn line(path: &str) -> String {
    format!(r#"{{"m":"GET","p":"{path}","s":404,"x":"-"}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_its_domains_are_delivered_byte_for_byte() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let made = caller
        .create(lines(&receiver.url("/in?x=1"), "\\n", "[$dataset]"))
        .await;
    visit(&backend, "/dataworks/one").await;
    visit(&backend, "/azion/elsewhere").await;
    let got = receiver.next().await;
    assert_eq!(
        (got.method.as_str(), got.path.as_str()),
        ("POST", "/in?x=1")
    );
    assert_eq!(got.header("x-team"), "blue");
    assert_eq!(got.body, format!("[{}]", line("/dataworks/one")));
    visit(&backend, "/dataworks/two").await;
    visit(&backend, "/dataworks/three").await;
    // Both in one batch, or each in its own where the machine is slow.
    let mut rest = receiver.next().await.body;
    if !rest.contains("three") {
        rest = format!("{rest}{}", receiver.next().await.body).replace("][", "\n");
    }
    assert_eq!(
        rest,
        format!("[{}\n{}]", line("/dataworks/two"), line("/dataworks/three"))
    );
    let shown = caller.delivered(&made.id, 3).await;
    let delivery = shown.delivery.expect("delivery");
    assert_eq!(
        (delivery.state.as_str(), delivery.failures),
        ("delivering", 0)
    );
    assert!(!delivery.last_delivery.is_empty());

    // Off: what waits is still sent, what comes then is not.
    visit(&backend, "/dataworks/four").await;
    caller.delivered(&made.id, 4).await;
    let off = caller
        .one(streaming::activate(&made.id, false).expect("request"))
        .await;
    assert_eq!(off.delivery.expect("delivery").state, "inactive");
    visit(&backend, "/dataworks/unseen").await;
    recorded(&backend, "/dataworks/unseen").await;
    caller
        .one(streaming::activate(&made.id, true).expect("request"))
        .await;
    visit(&backend, "/dataworks/five").await;
    assert_eq!(
        receiver.next().await.body,
        format!("[{}]", line("/dataworks/four"))
    );
    assert_eq!(
        receiver.next().await.body,
        format!("[{}]", line("/dataworks/five"))
    );
    caller
        .send(streaming::delete(&made.id))
        .await
        .expect("deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_repeated_over_failures_and_restarts() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::answering(|number, _| -> Response {
        match number {
            0 | 1 => (StatusCode::SERVICE_UNAVAILABLE, "try later").into_response(),
            _ => StatusCode::OK.into_response(),
        }
    })
    .await;
    let made = caller
        .create(lines(&receiver.url("/"), "\n", "$dataset"))
        .await;
    visit(&backend, "/dataworks/a").await;
    assert_eq!(receiver.bodies(3).await, vec![line("/dataworks/a"); 3]);
    let shown = caller
        .delivered(&made.id, 1)
        .await
        .delivery
        .expect("delivery");
    assert_eq!((shown.state.as_str(), shown.failures), ("delivering", 2));
    assert_eq!(shown.last_error, "HTTP 503 Service Unavailable: try later");

    // What waits for others at the end is read again; what was sent is not.
    let backend = restarted(backend, Duration::from_secs(3600)).await;
    visit(&backend, "/dataworks/b").await;
    let backend = restarted(backend, Duration::from_millis(200)).await;
    visit(&backend, "/dataworks/c").await;
    let mut rest = receiver.next().await.body;
    if !rest.contains("/c") {
        rest = format!("{rest}\n{}", receiver.next().await.body);
    }
    assert_eq!(
        rest,
        format!("{}\n{}", line("/dataworks/b"), line("/dataworks/c"))
    );
    let caller = Caller::of(&backend).await;
    caller.delivered(&made.id, 3).await;
    assert_eq!(receiver.rest(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_has_2000_records_and_the_place_within_is_kept() {
    let hour = Duration::from_secs(3600);
    let backend = Backend::start_with(|config| config.limits.streaming_wait = hour).await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let mut definition = lines(&receiver.url("/"), "\n", "$dataset");
    definition["template_model"] = json!("$requestPath");
    let made = caller.create(definition).await;
    // Records as the collector writes them, 2,500 at once.
    let rows: Vec<Value> = (0..2500)
        .map(|n| json!(["GET", format!("/dataworks/{n}"), 200]))
        .collect();
    let rows = Value::Array(rows).to_string();
    backend
        .ingest("http_access", r#"["method","path","status"]"#, &rows)
        .await;
    let got = receiver.next().await.body;
    let expected: Vec<String> = (0..2000).map(|n| format!("/dataworks/{n}")).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expected);
    caller.delivered(&made.id, 2000).await;

    let backend = restarted(backend, Duration::from_millis(200)).await;
    let got = receiver.next().await.body;
    let expected: Vec<String> = (2000..2500).map(|n| format!("/dataworks/{n}")).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expected);
    let caller = Caller::of(&backend).await;
    caller.delivered(&made.id, 2500).await;
    assert_eq!(receiver.rest(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_sources_are_what_they_say() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let of = |source: &str, template: &str, path: &str| {
        json!({"name": source, "data_source": source, "all_domains": true, "template_model": template,
               "endpoint": {"endpoint_type": "qradar", "url": receiver.url(path)}})
    };
    let activity = caller
        .create(of("rtm_activity", "$title|$type|$user_id", "/activity"))
        .await;
    let waf = caller
        .create(of("waf", "$requestPath $waf_match $blocked", "/waf"))
        .await;
    backend.create_stream("cars", &[("n", "int64")]).await;
    visit(&backend, "/default/api/v1beta2/streams").await;
    let mut got: Vec<(String, String)> = Vec::new();
    while !got
        .iter()
        .any(|(_, body)| body.contains("create stream cars"))
        || !got.iter().any(|(path, _)| path == "/waf")
    {
        let next = receiver.next().await;
        got.push((next.path, next.body));
    }
    let of_waf: Vec<&str> = got
        .iter()
        .filter(|(path, _)| path == "/waf")
        .map(|(_, body)| body.as_str())
        .collect();
    assert_eq!(of_waf.join("\n"), "/default/api/v1beta2/streams 401 1");
    let activities: Vec<&str> = got
        .iter()
        .filter(|(path, _)| path == "/activity")
        .flat_map(|(_, body)| body.lines())
        .collect();
    assert!(
        activities.contains(&"create stream cars|create|admin"),
        "{activities:?}"
    );
    for one in [activity, waf] {
        caller
            .send(streaming::delete(&one.id))
            .await
            .expect("deleted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_kept_and_not_shown() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let made = caller
        .create(json!({
            "name": "splunk", "domain_ids": [4], "template_model": r#"{"p":"$requestPath"}"#,
            "endpoint": {"endpoint_type": "splunk", "url": receiver.url("/services/collector"), "api_key": "hush-1"},
        }))
        .await;
    assert_eq!(made.definition.endpoint.get("api_key"), None);
    visit(&backend, "/dataworks/1").await;
    let got = receiver.next().await;
    assert_eq!(got.body, r#"{"event":{"p":"/dataworks/1"}}"#);
    assert_eq!(got.header("authorization"), "Splunk hush-1");

    let mut after = made.definition.clone();
    after
        .endpoint
        .insert("url".into(), json!(receiver.url("/new")));
    let request = streaming::replace(&made.id, &after).expect("request");
    let body = caller.send(request).await.expect("replaced");
    assert!(!String::from_utf8_lossy(&body).contains("hush"));
    visit(&backend, "/dataworks/2").await;
    let got = receiver.next().await;
    assert_eq!(
        (got.path.as_str(), got.header("authorization")),
        ("/new", "Splunk hush-1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_run_says_so() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let made = caller
        .create(json!({
            "name": "f", "domain_ids": [1], "template_id": 2,
            "endpoint": {"endpoint_type": "aws_kinesis_firehose", "access_key": "a", "secret_key": "s",
                         "stream_name": "n", "region": "r"},
        }))
        .await;
    let delivery = made.delivery.expect("delivery");
    assert_eq!(delivery.state, "not_run");
    assert!(delivery.message.contains("aws_kinesis_firehose"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_type_that_runs_delivers_as_its_server_reads() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::answering(|_, _| r#"{"errors":false}"#.into_response()).await;
    let host = receiver.url("");
    let endpoints = [
        json!({"endpoint_type": "elasticsearch", "url": format!("{host}/logs"), "api_key": "ZWxhc3RpYw=="}),
        json!({"endpoint_type": "datadog", "url": format!("{host}/v1/input"), "api_key": "dog"}),
        json!({"endpoint_type": "s3", "host_url": host, "bucket_name": "bucket", "region": "eu-1",
               "access_key": "AKID", "secret_key": "s3cret", "content_type": "plain/text",
               "object_key_prefix": "weir/"}),
        json!({"endpoint_type": "azure_blob_storage", "storage_account": format!("{host}/account"),
               "container_name": "logs", "blob_sas_token": "sv=1&sig=abc"}),
    ];
    for endpoint in endpoints {
        let kind = endpoint["endpoint_type"].clone();
        let made = caller
            .create(
                json!({"name": kind, "domain_ids": [4], "template_model": r#"{"p":"$requestPath"}"#,
                           "endpoint": endpoint}),
            )
            .await;
        let path = format!("/dataworks/{}", kind.as_str().expect("kind"));
        visit(&backend, &path).await;
        let got = receiver.next().await;
        let record = format!(r#"{{"p":"{path}"}}"#);
        match kind.as_str().expect("kind") {
            "elasticsearch" => {
                assert!(
                    got.path.starts_with("/logs/_bulk?filter_path="),
                    "{}",
                    got.path
                );
                assert_eq!(got.header("authorization"), "ApiKey ZWxhc3RpYw==");
                assert_eq!(got.body, format!("{{\"create\":{{}}}}\n{record}\n"));
            }
            "datadog" => {
                assert_eq!(
                    (got.path.as_str(), got.header("dd-api-key")),
                    ("/v1/input", "dog")
                );
                assert_eq!(got.body, format!("[{record}]"));
            }
            "s3" => {
                assert_eq!(got.method, "PUT");
                assert!(got.path.starts_with("/bucket/weir/"), "{}", got.path);
                let signed = got.header("authorization");
                assert!(
                    signed.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"),
                    "{signed}"
                );
                assert_eq!(got.body, format!("{record}\n"));
            }
            _ => {
                assert_eq!(got.header("x-ms-blob-type"), "BlockBlob");
                assert!(got.path.starts_with("/account/logs/"), "{}", got.path);
                assert!(got.path.ends_with(".log?sv=1&sig=abc"), "{}", got.path);
                assert_eq!(got.body, format!("{record}\n"));
            }
        }
        caller.delivered(&made.id, 1).await;
        caller
            .send(streaming::delete(&made.id))
            .await
            .expect("deleted");
    }
}

/// A broker that is not there is a failure with words, and nothing is lost of what waits.
#[tokio::test(flavor = "multi_thread")]
async fn kafka_without_a_broker_fails_and_says_why() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let closed = Receiver::start().await;
    let address = closed.address;
    drop(closed);
    let made = caller
        .create(
            json!({"name": "k", "domain_ids": [4], "template_model": "$requestPath",
                       "endpoint": {"endpoint_type": "kafka", "kafka_topic": "t",
                                    "bootstrap_servers": address.to_string(), "use_tls": false}}),
        )
        .await;
    visit(&backend, "/dataworks/k").await;
    let limit = std::time::Instant::now() + PATIENCE;
    loop {
        let delivery = caller
            .one(streaming::get(&made.id))
            .await
            .delivery
            .expect("delivery");
        if delivery.state == "failing" {
            assert!(
                delivery.message.contains("Kafka at 127.0.0.1"),
                "{}",
                delivery.message
            );
            break;
        }
        assert!(std::time::Instant::now() < limit, "{delivery:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    caller
        .send(streaming::delete(&made.id))
        .await
        .expect("deleted");
}
