//! The program in a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "correct horse battery";

pub(super) struct Program {
    child: Child,
    pub(super) root: String,
    pub(super) client: Client,
}

/// With its data in `dir`.
pub(super) fn command(dir: &Path) -> Command {
    with_program(dir, Command::new(env!("CARGO_BIN_EXE_weir-backend")))
}

/// Files may not become larger than this many KiB, as on a disk that is full.
pub(super) fn command_on_a_full_disk(dir: &Path, kib: u32) -> Command {
    let mut shell = Command::new("bash");
    // The signal that comes with the limit does not come with a full disk.
    shell.arg("-c").arg(format!(
        "trap '' XFSZ; ulimit -f {kib}; exec {} \"$@\"",
        env!("CARGO_BIN_EXE_weir-backend")
    ));
    shell.arg("weir-backend");
    with_program(dir, shell)
}

pub(super) fn with_program(dir: &Path, mut command: Command) -> Command {
    command
        .current_dir(dir)
        .args(["--data", "data", "--listen", "127.0.0.1:0"])
        .env("WEIR_ADMIN_PASSWORD", PASSWORD)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Exit code and what it said, of a program that is to end by itself.
pub(super) fn refused(mut command: Command) -> (Option<i32>, String) {
    let done = command.output().expect("output");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code(), said)
}

impl Program {
    pub(super) fn start(dir: &Path) -> Self {
        Self::spawn(command(dir))
    }

    pub(super) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("program");
        let mut out = BufReader::new(child.stdout.take().expect("output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("line");
        // Read to its end, so that the program never waits for somebody to read.
        let mut errors = child.stderr.take().expect("errors");
        let reader = std::thread::spawn(move || {
            let mut said = String::new();
            let _ = errors.read_to_string(&mut said);
            said
        });
        let Some(link) = line.trim().strip_prefix("Weir is running. Sign in: ") else {
            let _ = child.wait();
            panic!("{line}{}", reader.join().expect("words"));
        };
        Self {
            root: link.split("/signin").next().expect("root").to_string(),
            child,
            client: Client::new(),
        }
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/default/api/v1beta2{path}", self.root);
        let request = self.client.request(method, url);
        request.basic_auth("admin", Some(PASSWORD))
    }

    /// Status and body. None where no answer came.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Option<(u16, String)> {
        let request = self.request(Method::POST, path).body(body.to_string());
        let answer = request.send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.ok()?))
    }

    /// As [`Self::post`], where there is to be an answer of this status.
    pub(super) async fn done(&self, path: &str, body: &Value, status: u16) -> String {
        let (got, text) = self.post(path, body).await.expect("answer");
        assert_eq!(got, status, "{path}: {text}");
        text
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await;
        let text = answer.expect("answer").text().await.expect("text");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// The rows of a query over history.
    pub(super) async fn rows(&self, sql: &str) -> Value {
        let body = json!({"sql": sql, "type": "historical"});
        let text = self.done("/exec", &body, 200).await;
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        answer["data"].clone()
    }

    pub(super) async fn count(&self, stream: &str) -> u64 {
        let rows = self
            .rows(&format!("SELECT count() FROM table({stream})"))
            .await;
        rows[0][0].as_u64().expect("a count")
    }

    /// As `kill -9` does.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("end");
    }

    /// As a service's manager does; what the log holds is in the database then.
    pub(super) fn terminate(&mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill").success());
        self.child.wait().expect("end");
    }

    /// Connections to its database, as many as there were at most: SQLite keeps the files of those
    /// that are closed for the next ones.
    pub(super) fn connections(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).expect("files");
        let opened = files
            .flatten()
            .filter_map(|file| file.path().read_link().ok());
        opened.filter(|path| path.ends_with("weir.db")).count()
    }

    /// MiB that it holds.
    pub(super) fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().split(' ').next());
        kib.and_then(|kib| kib.parse::<u64>().ok()).expect("a size") / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
