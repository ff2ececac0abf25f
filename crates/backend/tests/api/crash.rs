//! The real program: its output, its refusals, and `kill -9`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::Client;

use super::common::PASSWORD;

struct Program {
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

    fn start(dir: &Path) -> Self {
        let mut child = Self::command(dir, "127.0.0.1:0").spawn().expect("program");
        let mut out = BufReader::new(child.stdout.take().expect("output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("line");
        let link = line.trim().strip_prefix("Weir is running. Sign in: ");
        let link = link.unwrap_or_else(|| panic!("{line}")).to_string();
        let root = link.split("/signin").next().expect("root").to_string();
        Self { child, root, link }
    }

    async fn post(&self, client: &Client, path: &str, body: &str) -> u16 {
        let request = client.post(format!("{}/default/api{path}", self.root));
        let request = request
            .basic_auth("admin", Some(PASSWORD))
            .body(body.to_string());
        request.send().await.expect("answer").status().as_u16()
    }

    async fn get(&self, client: &Client, path: &str) -> serde_json::Value {
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
        .header("Accept", "application/json")
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
    program.child.kill().expect("SIGKILL");
    program.child.wait().expect("end");

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
