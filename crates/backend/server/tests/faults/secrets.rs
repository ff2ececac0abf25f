//! The key of the secrets, and the hosts that may be connected to, with the real program.

use std::fs;

use reqwest::Method;
use serde_json::json;

use super::program::{Program, command, refused};

fn sink() -> serde_json::Value {
    json!({
        "name": "out", "type": "http", "query": "SELECT n FROM s",
        "properties": {"url": "http://127.0.0.1:1/", "http_header": {"Authorization": "hush-9f2c"}},
    })
}

#[tokio::test]
async fn the_key_is_changed_by_the_program_and_moved_to_the_environment() {
    let dir = tempfile::tempdir().expect("folder");
    let mut program = Program::start(dir.path());
    let stream = json!({"name": "s", "columns": [{"name": "n", "type": "int64"}]});
    program.done("/streams", &stream, 201).await;
    program.done("/sinks", &sink(), 201).await;
    let rotate = |variable: Option<(&str, &str)>| {
        let mut command = command(dir.path());
        command.arg("rotate-key").envs(variable);
        command.output().expect("output")
    };
    let busy = rotate(None);
    assert!(!busy.status.success(), "it runs");
    program.kill();
    let file = dir.path().join("data/secrets.key");
    let before = fs::read_to_string(&file).expect("key");
    let done = rotate(None);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.contains("new key"), "{said}");
    assert_ne!(fs::read_to_string(&file).expect("key"), before);
    let mut program = Program::start(dir.path());
    let sinks = program.get("/sinks").await;
    assert_eq!(sinks[0]["name"], "out");
    program.kill();

    let key = "5a".repeat(32);
    let wrong = rotate(Some(("WEIR_NEW_SECRET_KEY", "short")));
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("WEIR_NEW_SECRET_KEY"), "{said}");
    assert!(rotate(Some(("WEIR_NEW_SECRET_KEY", &key))).status.success());
    assert!(!file.exists());
    let (code, said) = refused(command(dir.path()));
    assert_eq!(code, Some(1));
    assert!(said.contains("WEIR_SECRET_KEY"), "{said}");
    let mut with_key = command(dir.path());
    with_key.env("WEIR_SECRET_KEY", &key);
    let program = Program::spawn(with_key);
    assert_eq!(program.get("/sinks").await[0]["name"], "out");
}

#[tokio::test]
async fn only_hosts_of_the_settings_are_connected_to() {
    let dir = tempfile::tempdir().expect("folder");
    let inside = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    inside.set_nonblocking(true).expect("nonblocking");
    let address = inside.local_addr().expect("address");
    let settings = "[outbound]\nhosts = [\"*.example\", \"127.0.0.1:1\"]\n";
    fs::write(dir.path().join("weir.toml"), settings).expect("settings");
    let program = Program::start(dir.path());
    let stream = json!({"name": "s", "columns": [{"name": "raw", "type": "string"}]});
    program.done("/streams", &stream, 201).await;
    let preview = |settings: &[(&str, &str)]| {
        let settings: Vec<_> = settings
            .iter()
            .map(|(key, value)| json!({"key": key, "value": value}))
            .collect();
        json!({"settings": settings})
    };
    let there = address.to_string();
    let nats = format!("nats://{there}");
    let externals = [
        (
            "/external_streams/preview",
            preview(&[
                ("type", "nats_jetstream"),
                ("url", &nats),
                ("stream_name", "a"),
                ("subject", "a"),
            ]),
        ),
        (
            "/external_streams/preview",
            preview(&[("type", "kafka"), ("brokers", &there), ("topic", "a")]),
        ),
        (
            "/source/preview",
            json!({"type": "websocket", "size": 1,
            "properties": {"url": format!("ws://{there}/"), "data_type": "json"}}),
        ),
        (
            "/source/preview",
            json!({"type": "nats", "size": 1,
            "properties": {"url": [nats], "subject": "a", "data_type": "text",
                "tls": {"disable": true}}}),
        ),
    ];
    for (path, body) in externals {
        let (status, text) = program.post(path, &body).await.expect("answer");
        assert!(status >= 400, "{body}: {text}");
        assert!(text.contains("outbound.hosts"), "{body}: {text}");
    }
    for kind in ["postgresql", "mysql"] {
        let table = json!({"name": "t", "settings": preview(&[
            ("type", kind), ("address", &there), ("user", "u"), ("password", "p"),
            ("database", "d"), ("table", "t"), ("secure", "false"),
        ])["settings"]});
        let text = program.done("/external_tables", &table, 400).await;
        assert!(text.contains("outbound.hosts"), "{kind}: {text}");
    }
    let mut out = sink();
    out["query"] = "SELECT raw FROM s".into();
    out["properties"]["url"] = format!("http://{there}/").into();
    let made = program.done("/sinks", &out, 201).await;
    let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
    let rows = json!({"columns": ["raw"], "data": [["x"]]});
    program.done("/streams/s/ingest", &rows, 200).await;
    let path = format!("/sinks/{}/logs", made["id"].as_str().expect("id"));
    let mut said = String::new();
    for _ in 0..600 {
        let answer = program.request(Method::GET, &path).send().await;
        said = answer.expect("answer").text().await.expect("text");
        if said.contains("outbound.hosts") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(said.contains("outbound.hosts"), "the sink says why");
    assert!(inside.accept().is_err(), "somebody connected");
}
