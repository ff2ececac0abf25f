//! The real program: its output, its refusals, and `kill -9`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use axum::{http::StatusCode, response::IntoResponse};
use reqwest::Client;

use super::{common::PASSWORD, receiver::Receiver};

pub(super) struct Program {
    child: Child,
    root: String,
    link: String,
}

impl Program {
    fn command(dir: &Path, listen: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir-backend"));
        command
            .current_dir(dir)
            .args(["--data", "data", "--listen", listen])
            .env("WEIR_ADMIN_PASSWORD", PASSWORD)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(super) fn start(dir: &Path) -> Self {
        let mut child = Self::command(dir, "127.0.0.1:0").spawn().expect("program");
        let mut out = BufReader::new(child.stdout.take().expect("output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("line");
        let link = line.trim().strip_prefix("Weir is running. Sign in: ");
        let link = link.unwrap_or_else(|| panic!("{line}")).to_string();
        let root = link.split("/signin").next().expect("root").to_string();
        Self { child, root, link }
    }

    pub(super) async fn post(&self, client: &Client, path: &str, body: &str) -> u16 {
        let request = client.post(format!("{}/default/api{path}", self.root));
        let request = request
            .basic_auth("admin", Some(PASSWORD))
            .body(body.to_string());
        request.send().await.expect("answer").status().as_u16()
    }

    pub(super) async fn get(&self, client: &Client, path: &str) -> serde_json::Value {
        let request = client.get(format!("{}/default/api{path}", self.root));
        let request = request.basic_auth("admin", Some(PASSWORD));
        let text = request
            .send()
            .await
            .expect("answer")
            .text()
            .await
            .expect("text");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Program {
    /// Host and port.
    pub(super) fn address(&self) -> String {
        self.root.trim_start_matches("http://").to_string()
    }

    /// As `kill -9` does.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("end");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn an_acknowledged_ingest_survives_kill_9() {
    let dir = tempfile::tempdir().expect("folder");
    let client = Client::new();
    let mut program = Program::start(dir.path());
    let stream = r#"{"name":"s","columns":[{"name":"n","type":"int64"}]}"#;
    assert_eq!(program.post(&client, "/v1beta2/streams", stream).await, 201);
    let query = client
        .post(format!("{}/default/api/v1beta2/queries", program.root))
        .basic_auth("admin", Some(PASSWORD))
        .header("Prefer", "respond-async")
        .body(r#"{"sql":"SELECT n FROM s"}"#);
    let query = query
        .send()
        .await
        .expect("answer")
        .text()
        .await
        .expect("text");
    let query: serde_json::Value = serde_json::from_str(&query).expect("JSON");
    for n in 0..20 {
        let body = format!(r#"{{"columns":["n"],"data":[[{n}],[{n}]]}}"#);
        assert_eq!(
            program
                .post(&client, "/v1beta2/streams/s/ingest", &body)
                .await,
            200
        );
    }
    program.kill();

    let program = Program::start(dir.path());
    let stats = program.get(&client, "/v1beta2/streams/s/stats").await;
    assert_eq!(stats["row_count"], 40);
    let path = format!("/v1beta2/queries/{}", query["id"].as_str().expect("id"));
    let after = program.get(&client, &path).await;
    assert_eq!(after["status"], "failed");
    assert_eq!(after["message"], "the backend stopped");
    let signed_in = client.get(&program.link).send().await.expect("answer");
    assert_eq!(
        signed_in.url().path(),
        "/",
        "the printed link signs in and leads on"
    );
}

/// Rows that are unlike each other, ten to a second of event time, until the program is gone.
async fn ingest_until_gone(url: String, first: i64) {
    let client = Client::new();
    for n in first..first + 100_000 {
        let at = 1_700_000_000_000 + n * 100;
        let body = format!(r#"{{"columns":["n","_tp_time"],"data":[[{n},{at}]]}}"#);
        let request = client
            .post(&url)
            .basic_auth("admin", Some(PASSWORD))
            .body(body);
        if request.send().await.is_err() {
            return;
        }
    }
}

impl Program {
    /// Answer to a query over history.
    async fn history(&self, client: &Client, sql: &str) -> serde_json::Value {
        let body = serde_json::json!({"sql": sql, "type": "historical"});
        let request = client
            .post(format!("{}/default/api/v1beta2/exec", self.root))
            .basic_auth("admin", Some(PASSWORD))
            .body(body.to_string());
        let text = request.send().await.expect("answer").text().await;
        let answer: serde_json::Value = serde_json::from_str(&text.expect("text")).expect("JSON");
        assert!(answer["data"].is_array(), "{sql}: {answer}");
        answer["data"].clone()
    }

    /// Waits until the second query has at least as many rows as the first, then compares.
    async fn agree(&self, client: &Client, expected: &str, actual: &str) -> usize {
        loop {
            let wanted = self.history(client, expected).await;
            let found = self.history(client, actual).await;
            let (wanted, found) = (
                wanted.as_array().expect("rows"),
                found.as_array().expect("rows"),
            );
            if found.len() >= wanted.len() {
                assert_eq!(found, wanted, "{actual}");
                return found.len();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn materialized_views_neither_lose_nor_double_rows_when_killed() {
    let dir = tempfile::tempdir().expect("folder");
    let client = Client::new();
    let mut program = Program::start(dir.path());
    for definition in [
        "CREATE STREAM s (n int64)",
        "CREATE STREAM t (n int64, kind string)",
        "CREATE MATERIALIZED VIEW plain AS SELECT n, n * 2 AS twice, _tp_time FROM s",
        "CREATE MATERIALIZED VIEW chained INTO t AS SELECT twice AS n, 'even' AS kind FROM plain",
        "CREATE MATERIALIZED VIEW windows AS SELECT window_start, count() AS c, sum(n) AS total \
         FROM tumble(s, 1s) GROUP BY window_start",
    ] {
        let body = serde_json::json!({"sql": definition, "type": "ddl"}).to_string();
        let status = program.post(&client, "/v1beta2/exec", &body);
        assert_eq!(status.await, 204, "{definition}");
    }
    let mut rows = 0;
    for round in 0..4 {
        let url = format!("{}/default/api/v1beta2/streams/s/ingest", program.root);
        let ingest = tokio::spawn(ingest_until_gone(url, round * 1_000_000));
        // Killed at another place of the work each time.
        let enough = rows + 40 + 25 * usize::try_from(round).expect("small");
        while program
            .history(&client, "SELECT n FROM table(s)")
            .await
            .as_array()
            .map_or(0, Vec::len)
            < enough
        {}
        program.child.kill().expect("SIGKILL");
        program.child.wait().expect("end");
        ingest.await.expect("ingest");
        program = Program::start(dir.path());
        rows = program
            .agree(
                &client,
                "SELECT n, n * 2 AS twice, _tp_time FROM table(s) ORDER BY n",
                "SELECT n, twice, _tp_time FROM table(plain) ORDER BY n",
            )
            .await;
        assert!(rows >= enough);
    }
    program
        .agree(
            &client,
            "SELECT n * 2 AS n, 'even' AS kind FROM table(s) ORDER BY n",
            "SELECT n, kind FROM table(t) ORDER BY n",
        )
        .await;
    // The newest window is still open.
    let windows = "SELECT window_start, count() AS c, sum(n) AS total FROM tumble(table(s), 1s) \
                   GROUP BY window_start";
    let closed = format!(
        "SELECT * FROM ({windows}) WHERE window_start < \
         (SELECT max(window_start) FROM ({windows})) ORDER BY window_start"
    );
    let closed = program
        .agree(
            &client,
            &closed,
            "SELECT window_start, c, total FROM table(windows) ORDER BY window_start",
        )
        .await;
    assert!(closed > 10, "{closed} windows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_loses_and_repeats_nothing_at_kill_9() {
    let dir = tempfile::tempdir().expect("folder");
    let client = Client::new();
    let mut receiver = Receiver::gated(5, |_, _| StatusCode::OK.into_response()).await;
    let mut program = Program::start(dir.path());
    let stream = r#"{"name":"s","columns":[{"name":"n","type":"int64"}]}"#;
    assert_eq!(program.post(&client, "/v1beta2/streams", stream).await, 201);
    let sink = serde_json::json!({
        "name": "out", "type": "http", "query": "SELECT n FROM s",
        "properties": {"url": receiver.url("/"), "payload_field": "{{ .n }}"},
    })
    .to_string();
    assert_eq!(program.post(&client, "/v1beta2/sinks", &sink).await, 201);
    let body = r#"{"columns":["n"],"data":[[0],[1],[2],[3],[4],[5],[6],[7]]}"#;
    let path = "/v1beta2/streams/s/ingest";
    assert_eq!(program.post(&client, path, body).await, 200);
    // Five are answered; the sixth is on its way when the program is killed.
    assert_eq!(receiver.bodies(6).await, ["0", "1", "2", "3", "4", "5"]);
    program.child.kill().expect("SIGKILL");
    program.child.wait().expect("end");

    receiver.allow(100);
    let program = Program::start(dir.path());
    assert_eq!(receiver.bodies(3).await, ["5", "6", "7"]);
    let body = r#"{"columns":["n"],"data":[[8]]}"#;
    assert_eq!(program.post(&client, path, body).await, 200);
    assert_eq!(receiver.next().await.body, "8");
    let sinks = program.get(&client, "/v1beta2/sinks").await;
    let id = sinks[0]["id"].as_str().expect("id");
    let path = format!("/v1beta2/sinks/{id}/stats");
    while program.get(&client, &path).await["success_count"] != 9.0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.rest(), []);
}

#[test]
fn a_port_in_use_is_said_plainly() {
    let dir = tempfile::tempdir().expect("folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let address = taken.local_addr().expect("address").to_string();
    let done = Program::command(dir.path(), &address)
        .output()
        .expect("output");
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("is in use; choose another with --listen"),
        "{said}"
    );
}

#[test]
fn two_programs_do_not_share_data() {
    let dir = tempfile::tempdir().expect("folder");
    let _first = Program::start(dir.path());
    let second = Program::command(dir.path(), "127.0.0.1:0")
        .output()
        .expect("output");
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(
        said.contains("is in use by another running backend"),
        "{said}"
    );
}
