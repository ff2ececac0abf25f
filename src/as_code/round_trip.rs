//! What a system has comes back as it was, through files, for every kind that it has.

use futures_util::FutureExt;
use serde_json::{Value, json};
use weir_api::{System, capability::Capabilities};
use weir_code::{Form, differences};

use super::{
    gather::{Kind, kinds},
    plan::read,
};

/// One of each kind as its server sends it.
fn samples() -> Vec<(System, &'static str, Value)> {
    let timeplus = [
        (
            "saved query",
            json!({"id": "1", "name": "q", "description": "d", "sql": "SELECT 1", "tags": ["a", "b"]}),
        ),
        (
            "dashboard",
            json!({"id": "1", "name": "d", "description": "x", "panels": [
                {"id": "p", "title": "t", "viz_type": "chart", "viz_content": "SELECT 1.50", "viz_config": {"n": 1.50}}
            ]}),
        ),
        (
            "stream",
            json!({"name": "s", "engine": "MutableStream", "mode": "append", "primary_key": "id",
            "columns": [{"name": "id", "type": "int64"}, {"name": "t", "type": "string", "nullable": true, "default": "'x'", "codec": "ZSTD(1)"},
                {"name": "_tp_time", "type": "datetime64(3, 'UTC')"}],
            "secondary_indexes": [{"name": "i", "columns": ["t"], "unique": true}],
            "logstore_retention_bytes": 1_073_741_824, "logstore_retention_ms": 86_400_000, "ttl_expression": "to_datetime(_tp_time) + INTERVAL 1 DAY"}),
        ),
        (
            "external stream",
            json!({"name": "e", "type": "kafka", "columns": [{"name": "raw", "type": "string"}],
            "settings": [{"key": "type", "value": "kafka"}, {"key": "brokers", "value": "h:9092"}, {"key": "topic", "value": "t"}]}),
        ),
        (
            "external table",
            json!({"name": "x", "type": "clickhouse",
            "settings": [{"key": "type", "value": "clickhouse"}, {"key": "address", "value": "h:9000"}, {"key": "table", "value": "t"}]}),
        ),
        (
            "view",
            json!({"name": "v", "description": "d", "query": "SELECT 1", "create_query": "CREATE VIEW v AS SELECT 1"}),
        ),
        (
            "materialized view",
            json!({"name": "m", "query": "SELECT 1", "target_stream": "t", "status": "running"}),
        ),
        (
            "schema",
            json!({"name": "p", "type": "protobuf", "content": "syntax = \"proto3\"; message A { int32 x = 1; }"}),
        ),
        (
            "function",
            json!({"name": "f", "type": "javascript", "arguments": [{"name": "v", "type": "float64"}],
            "return_type": "float64", "source": "function f(v) { return v }"}),
        ),
        (
            "source",
            json!({"id": "1", "name": "in", "type": "kafka", "stream": "s",
            "properties": {"brokers": "h:9092", "topic": "t", "data_type": "json", "offset": "latest", "tls": {"disable": true}}}),
        ),
        (
            "sink",
            json!({"id": "1", "name": "out", "type": "http", "query": "SELECT 1",
            "properties": {"url": "http://h", "http_header": {"Authorization": "******"}}}),
        ),
        (
            "alert",
            json!({"id": "1", "name": "a", "severity": 2, "action": "slack", "trigger_sql": "SELECT 1", "resolve_sql": "",
            "properties": {"url": "******", "body": "x"}}),
        ),
        (
            "pipeline",
            json!({"id": "1", "name": "p", "nodes_history": [{"nodes": [{"ddl": "CREATE STREAM a (x int)"}]}]}),
        ),
        ("user", json!({"username": "u", "role": "editor"})),
    ];
    let mut all: Vec<_> = timeplus
        .into_iter()
        .map(|(one, value)| (System::Timeplus, one, value))
        .collect();
    all.push((System::Azion, "data streaming", json!({"id": 5, "name": "z", "template_id": 2, "data_source": "http", "active": true,
        "all_domains": true, "domain_ids": [], "endpoint": {"endpoint_type": "standard", "url": "https://h", "log_line_separator": "\\n", "payload_format": "$dataset", "payload_max_size": 1_000_000, "headers": {}}})));
    all
}

fn all(system: System, can: Capabilities) -> Vec<Kind> {
    let kinds = kinds(system, can, |_| true).now_or_never();
    kinds.expect("at hand").expect("kinds")
}

#[test]
fn a_definition_read_back_from_its_file_is_the_same_and_holds_no_mask() {
    let can = Capabilities::all();
    for (system, one, sample) in samples() {
        let kinds = all(system, can);
        let known: Vec<&str> = kinds.iter().map(|kind| kind.list.one).collect();
        let kind = kinds.iter().find(|kind| kind.list.one == one);
        let kind = kind.unwrap_or_else(|| panic!("no {one} in {known:?}"));
        let answer = match system {
            System::Azion => json!({ "results": sample }),
            _ => sample,
        };
        let got = (kind.code.got)(answer.to_string().as_bytes(), can).expect(one);
        let definition = got
            .definition
            .unwrap_or_else(|wrong| panic!("{one}: {wrong:?}"));
        let value = definition.value().expect(one);
        let again = read(kind, &value, can).unwrap_or_else(|words| panic!("{one}: {words}"));
        assert_eq!(differences(&value, &again), [], "{one}: {value}");
        for form in Form::ALL {
            let text = definition.write(form, "http://h").unwrap_or_default();
            assert!(!text.contains("******"), "{one} {}: {text}", form.label());
        }
    }
}

#[test]
fn a_secret_that_a_server_never_tells_is_asked_for() {
    let can = Capabilities::all();
    let kinds = all(System::Timeplus, can);
    let alerts = kinds.iter().find(|kind| kind.list.one == "alert");
    let alerts = alerts.expect("alerts");
    let sent = json!([{"id": "7", "name": "hot", "severity": 2, "action": "slack", "properties": {}, "trigger_sql": "SELECT 1"}]);
    let listed = (alerts.code.listed)(&[sent.to_string().into_bytes()], can).expect("alerts");
    let definition = listed[0].definition.as_ref().expect("a definition");
    assert_eq!(definition.secrets, ["ALERT_HOT_PROPERTIES_URL"]);
    let files = weir_code::write(std::slice::from_ref(definition), "http://h");
    let entries = weir_code::read(files).expect("entries");
    let value = &entries[0].definition;
    assert!((alerts.code.requests)(value, None, can).is_err());
    let mut given = value.clone();
    given["properties"]["url"] = json!("https://example.com/hook");
    let made = (alerts.code.requests)(&given, None, can).expect("a request");
    let body: Value =
        serde_json::from_slice(&made[0].body.as_ref().expect("a body").bytes).expect("JSON");
    assert_eq!(body["properties"]["url"], "https://example.com/hook");
}

#[test]
fn what_materializes_is_no_view_beside_itself() {
    let can = Capabilities::all();
    let kinds = all(System::Timeplus, can);
    let views = kinds.iter().find(|kind| kind.list.one == "view");
    let views = views.expect("views");
    let sent = json!([
        {"name": "v", "query": "SELECT 1"},
        {"name": "m", "query": "SELECT 1", "materialized": true}
    ]);
    let listed = (views.code.listed)(&[sent.to_string().into_bytes()], can).expect("views");
    let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["v"]);
}

#[test]
fn what_is_made_from_a_file_has_the_secrets_given_and_none_is_forgotten() {
    let can = Capabilities::all();
    let kinds = all(System::Timeplus, can);
    let user = kinds
        .iter()
        .find(|kind| kind.list.one == "user")
        .expect("users");
    let file = |password: &str| json!({"username": "u", "role": "editor", "password": password});
    assert!((user.code.requests)(&file("${USER_U_PASSWORD}"), None, can).is_err());
    assert!((user.code.requests)(&json!({"username": "u"}), None, can).is_err());
    let made = (user.code.requests)(&file("long enough"), None, can).expect("a request");
    let body = made[0].body.as_ref().expect("a body");
    let body: Value = serde_json::from_slice(&body.bytes).expect("JSON");
    assert_eq!(body["password"], "long enough");
}
