//! Sources, endpoints and their secrets.

use std::time::Duration;

use axum::response::IntoResponse;
use serde_json::json;
use weir_api::azion::streaming;

use super::{
    super::{common::PATIENCE, receiver::Receiver},
    client::Caller,
    quick, visit,
};

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

    // The key stays with the address that it was entered for.
    let mut after = made.definition.clone();
    let other = json!(receiver.url("/new"));
    after.endpoint.insert("url".into(), other);
    let request = streaming::replace(&made.id, &after).expect("request");
    let refused = caller.send(request).await.expect_err("another address");
    assert!(
        format!("{refused:?}").contains("enter it again"),
        "{refused:?}"
    );
    after.endpoint.insert("api_key".into(), json!("hush-1"));
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
