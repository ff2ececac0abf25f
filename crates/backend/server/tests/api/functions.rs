//! `/v1beta2/udfs` and functions of people in queries.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::common::{Answer, Backend, answer};
use weir_backend::config::Revision;

const SOURCE: &str = "function double(values) {\n  return values.map(v => v * 2);\n}";

fn double() -> Value {
    json!({
        "name": "double", "type": "javascript", "description": "twice as much",
        "arguments": [{"name": "x", "type": "float64"}], "return_type": "float64", "source": SOURCE,
    })
}

fn second() -> Value {
    json!({
        "name": "second_largest", "type": "javascript", "is_aggregation": true,
        "arguments": [{"name": "x", "type": "float64"}], "return_type": "float64",
        "source": "{
            initialize() { this.top = []; },
            process(values) { this.top = [...this.top, ...values].sort((a, b) => b - a).slice(0, 2); },
            finalize() { return this.top[1] ?? 0; },
        }",
    })
}

async fn put(backend: &Backend, path: &str, body: Value) -> Answer {
    answer(backend.request(Method::PUT, path).body(body.to_string())).await
}

async fn exec(backend: &Backend, sql: &str, kind: &str) -> Answer {
    let body = json!({"sql": sql, "type": kind});
    backend.post("/v1beta2/exec", body).await
}

async fn history(backend: &Backend, sql: &str) -> Value {
    exec(backend, sql, "historical").await.expect(200).json()["data"].clone()
}

async fn sensors(backend: &Backend) {
    backend
        .create_stream("sensors", &[("id", "int64"), ("x", "float64")])
        .await;
    backend
        .ingest("sensors", r#"["id","x"]"#, "[[1,1.5],[2,2.0],[3,4.0]]")
        .await;
}

#[tokio::test]
async fn a_function_from_creation_to_deletion() {
    let backend = Backend::start().await;
    let before = backend.get("/v1beta2/udfs").await.expect(200).json();
    assert_eq!(before, json!([]));
    let made = backend
        .post("/v1beta2/udfs", double())
        .await
        .expect(201)
        .json();
    assert_eq!(
        (&made["source"], &made["created_by"]["name"]),
        (&json!(SOURCE), &json!("admin"))
    );
    let twice = backend
        .post("/v1beta2/udfs", double())
        .await
        .expect(400)
        .json();
    assert_eq!(twice["fields"][0]["field"], "name");

    sensors(&backend).await;
    let sql = "SELECT double(x) FROM table(sensors)";
    assert_eq!(history(&backend, sql).await, json!([[3.0], [4.0], [8.0]]));
    let mut changed = double();
    changed["source"] = json!("function double(values) { return values.map(v => v + v + 1); }");
    put(&backend, "/v1beta2/udfs/double", changed.clone())
        .await
        .expect(200);
    put(&backend, "/v1beta2/udfs/triple", changed.clone())
        .await
        .expect(404);
    changed["name"] = json!("triple");
    put(&backend, "/v1beta2/udfs/double", changed)
        .await
        .expect(400);

    let backend = backend.restart().await;
    assert_eq!(history(&backend, sql).await, json!([[4.0], [5.0], [9.0]]));
    let audit = backend.get("/v1beta2/udfs/double").await.expect(200).json();
    assert_eq!(audit["created_at"], made["created_at"]);
    backend.delete("/v1beta2/udfs/double").await.expect(204);
    backend.delete("/v1beta2/udfs/double").await.expect(404);
    backend.get("/v1beta2/udfs/double").await.expect(404);
    let gone = exec(&backend, sql, "historical")
        .await
        .expect(400)
        .message();
    assert!(gone.contains("unknown function 'double'"), "{gone}");
}

#[tokio::test]
async fn mistakes_land_on_their_fields() {
    let backend = Backend::start().await;
    for (part, value, field, words) in [
        ("name", json!("2x"), "name", "not a name"),
        ("name", json!("Sum_If"), "name", "the engine has"),
        (
            "return_type",
            json!("number"),
            "return_type",
            "not a known type",
        ),
        ("arguments", json!([]), "arguments", "at least one"),
        (
            "arguments",
            json!([{"name": "x", "type": "many"}]),
            "arguments[0].type",
            "many",
        ),
        ("type", json!("python"), "type", "javascript, remote or sql"),
        (
            "source",
            json!("function double(values) {\n  return }}"),
            "source",
            "line 2",
        ),
        (
            "source",
            json!("function half(values) { return values; }"),
            "source",
            "no function",
        ),
        (
            "source",
            json!("for (;;) {}"),
            "source",
            "more than 5 seconds",
        ),
    ] {
        let mut body = double();
        body[part] = value;
        let refused = backend.post("/v1beta2/udfs", body).await.expect(400).json();
        assert_eq!(refused["fields"][0]["field"], field, "{refused}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let remote = json!({
        "name": "f", "type": "remote", "arguments": [{"name": "x", "type": "string"}],
        "return_type": "string", "url": "ftp://x", "auth_method": "none",
    });
    let refused = backend
        .post("/v1beta2/udfs", &remote)
        .await
        .expect(400)
        .json();
    assert_eq!(refused["fields"][0]["field"], "url");
}

#[tokio::test]
async fn a_function_that_views_call_stays() {
    let backend = Backend::start().await;
    sensors(&backend).await;
    backend.post("/v1beta2/udfs", double()).await.expect(201);
    exec(
        &backend,
        "CREATE VIEW twice AS SELECT double(x) AS y FROM sensors",
        "ddl",
    )
    .await
    .expect(204);
    exec(
        &backend,
        "CREATE VIEW more AS SELECT y FROM twice WHERE y > 1",
        "ddl",
    )
    .await
    .expect(204);
    let used = backend.get("/v1beta2/udfs/double").await.expect(200).json();
    assert_eq!(used["used_by"], json!(["more", "twice"]));
    let refused = backend
        .delete("/v1beta2/udfs/double")
        .await
        .expect(400)
        .message();
    assert_eq!(refused, "function 'double' is used by more, twice");
    let mut two = double();
    two["arguments"] = json!([{"name": "x", "type": "float64"}, {"name": "y", "type": "float64"}]);
    let refused = put(&backend, "/v1beta2/udfs/double", two)
        .await
        .expect(400)
        .message();
    assert!(refused.contains("more, twice"), "{refused}");
    assert_eq!(
        history(&backend, "SELECT y FROM table(more)").await,
        json!([[3.0], [4.0], [8.0]])
    );
}

#[tokio::test]
async fn functions_are_made_with_sql_and_followed_live() {
    let backend = Backend::start_with(|config| config.revision = Revision::Y2026).await;
    backend.post("/v1beta2/udfs", double()).await.expect(405);
    let sql = format!(
        "CREATE FUNCTION double(x float64) RETURNS float64 LANGUAGE JAVASCRIPT AS $$\n{SOURCE}\n$$"
    );
    exec(&backend, &sql, "ddl").await.expect(204);
    exec(&backend, &sql, "ddl").await.expect(400);
    exec(
        &backend,
        &sql.replacen("CREATE", "CREATE OR REPLACE", 1),
        "ddl",
    )
    .await
    .expect(204);
    let source = second()["source"].as_str().expect("source").to_string();
    let aggregate = format!(
        "CREATE AGGREGATE FUNCTION second_largest(x float64) RETURNS float64 LANGUAGE JAVASCRIPT AS $${source}$$"
    );
    exec(&backend, &aggregate, "ddl").await.expect(204);
    let stored = backend.get("/v1beta2/udfs/double").await.expect(200).json();
    assert_eq!(
        (&stored["source"], &stored["created_by"]),
        (&json!(SOURCE), &json!("admin"))
    );
    assert!(stored["last_modified_at"].is_i64(), "{stored}");

    exec(&backend, "CREATE STREAM s (x float64)", "ddl")
        .await
        .expect(204);
    let mut rows = backend
        .query("SELECT double(x) FROM s WHERE double(x) > 3")
        .await;
    let mut windows = backend
        .query("SELECT second_largest(double(x)) FROM tumble(s, 10s) GROUP BY window_start")
        .await;
    let data = r#"[[1,"2024-01-01T00:00:01Z"],[2,"2024-01-01T00:00:02Z"],[5,"2024-01-01T00:00:03Z"],[9,"2024-01-01T00:00:13Z"]]"#;
    backend.ingest("s", r#"["x","_tp_time"]"#, data).await;
    assert_eq!(
        rows.rows(3).await,
        [json!([4.0]), json!([10.0]), json!([18.0])]
    );
    assert_eq!(windows.rows(1).await, [json!([4.0])]);
    drop((rows, windows));
    exec(&backend, "DROP FUNCTION second_largest", "ddl")
        .await
        .expect(204);
    exec(&backend, "DROP FUNCTION second_largest", "ddl")
        .await
        .expect(400);
    exec(&backend, "DROP FUNCTION IF EXISTS second_largest", "ddl")
        .await
        .expect(204);
}

/// Answers with the texts in capitals, and keeps the requests.
async fn shouting() -> (String, Arc<Mutex<Vec<(String, usize)>>>) {
    type Calls = Arc<Mutex<Vec<(String, usize)>>>;
    async fn shout(State(calls): State<Calls>, headers: HeaderMap, body: String) -> String {
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let words = body["word"].as_array().expect("words").clone();
        let key = headers
            .get("x-key")
            .map(|v| v.to_str().expect("text").to_string());
        calls
            .lock()
            .expect("calls")
            .push((key.unwrap_or_default(), words.len()));
        let loud: Vec<String> = words
            .iter()
            .map(|word| word.as_str().expect("text").to_uppercase())
            .collect();
        json!({"result": loud}).to_string()
    }
    let calls = Calls::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let url = format!("http://{}/shout", listener.local_addr().expect("address"));
    let router = Router::new()
        .route("/shout", post(shout))
        .with_state(calls.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, calls)
}

#[tokio::test]
async fn a_remote_function_is_called_in_batches_and_its_secret_is_kept() {
    let backend = Backend::start().await;
    let (url, calls) = shouting().await;
    let remote = json!({
        "name": "shout", "type": "remote", "arguments": [{"name": "word", "type": "string"}],
        "return_type": "string", "url": url, "auth_method": "auth_header",
        "auth_context": {"key_name": "X-Key", "key_value": "s3cret"},
    });
    let made = backend.post("/v1beta2/udfs", &remote).await.expect(201);
    assert!(!made.body.contains("s3cret"), "{}", made.body);
    assert_eq!(made.json()["auth_context"], json!({"key_name": "X-Key"}));
    backend
        .create_stream("words", &[("n", "int64"), ("word", "string")])
        .await;
    let rows: Vec<Value> = (0..2500)
        .map(|n| json!([n, format!("w{}", n % 1500)]))
        .collect();
    backend
        .ingest("words", r#"["n","word"]"#, &json!(rows).to_string())
        .await;

    let sql = "SELECT count(), min(shout(word)) FROM table(words) WHERE shout(word) LIKE 'W%'";
    assert_eq!(history(&backend, sql).await, json!([[2500, "W0"]]));
    let taken = std::mem::take(&mut *calls.lock().expect("calls"));
    // 1,500 different words of 2,500 rows.
    assert_eq!(
        taken,
        [("s3cret".to_string(), 1000), ("s3cret".to_string(), 500)]
    );

    // A change that leaves the secret out keeps it.
    let mut changed = remote.clone();
    changed["description"] = json!("louder");
    changed["auth_context"] = json!({"key_name": "X-Key"});
    put(&backend, "/v1beta2/udfs/shout", changed)
        .await
        .expect(200);
    let backend = backend.restart().await;
    let mut live = backend.query("SELECT shout(word) FROM words").await;
    backend
        .ingest("words", r#"["n","word"]"#, r#"[[1,"a"],[2,"b"],[3,"a"]]"#)
        .await;
    assert_eq!(
        live.rows(3).await,
        [json!(["A"]), json!(["B"]), json!(["A"])]
    );
    let taken = std::mem::take(&mut *calls.lock().expect("calls"));
    assert_eq!(taken, [("s3cret".to_string(), 2)]);

    let closed = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let mut broken = remote;
    broken["url"] = json!(format!("http://{}", closed.local_addr().expect("address")));
    drop(closed);
    put(&backend, "/v1beta2/udfs/shout", broken)
        .await
        .expect(200);
    let failed = exec(&backend, "SELECT shout('a')", "historical").await;
    let words = failed.message();
    assert!(words.contains("function 'shout': its server"), "{words}");
}

#[tokio::test]
async fn a_function_is_tried_before_it_is_saved() {
    let backend = Backend::start().await;
    let test = async |function: Value, rows: &str| {
        let body = format!(r#"{{"function":{function},"rows":{rows}}}"#);
        backend.post("/v1beta2/udfs/test", body).await
    };
    let tried = test(double(), "[[1.5],[2]]").await.expect(200).json();
    assert_eq!(tried["result"], json!([3.0, 4.0]));
    assert!(tried["duration_ms"].as_f64().expect("time") >= 0.0);
    let tried = test(second(), "[[1],[5],[3]]").await.expect(200).json();
    assert_eq!(tried["result"], json!([3.0]));
    let failed = test(double(), r#"[[1],["a"]]"#).await.expect(400).message();
    assert_eq!(failed, "row 2: x: 'a' is not a valid float64");
    let mut thrown = double();
    thrown["source"] = json!("function double(v) {\n  throw new Error('no');\n}");
    let failed = test(thrown, "[[1]]").await.expect(400).message();
    assert_eq!(failed, "function 'double': Error: no (line 2)");
    let exact = json!({
        "name": "same", "type": "javascript", "arguments": [{"name": "x", "type": "uint64"}],
        "return_type": "uint64", "source": "function same(v) { console.log(typeof v[0]); return v; }",
    });
    let tried = test(exact, "[[18446744073709551615]]").await.expect(200);
    assert!(
        tried.body.contains("[18446744073709551615]"),
        "{}",
        tried.body
    );
    assert_eq!(tried.json()["logs"], json!(["bigint"]));
    assert_eq!(backend.get("/v1beta2/udfs").await.json(), json!([]));
    backend.post("/v1beta2/udfs/other", "{}").await.expect(400);
}
