//! A backend of its own for each test, with a fresh data folder and a free port.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::oneshot,
};

use crate::{Result, failure::fail, http::Api};

/// Of user `admin`.
pub const PASSWORD: &str = "end-to-end";
const READY: &str = "Weir is running. Sign in: ";

pub struct Backend {
    /// `http://127.0.0.1:1234`.
    pub origin: String,
    /// The one-time link it printed.
    pub sign_in: String,
    pub api: Api,
    pub log: Log,
    /// Ends with the value.
    _process: Child,
    data: TempDir,
}

/// What the process printed so far.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<String>>);

impl Log {
    pub fn text(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, line: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
    }
}

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where cargo writes; the programs under test and the screenshots are there.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => folder.into(),
        None => root().join("target"),
    }
}

/// The bundle under test: `dist/`, or what `E2E_CONSOLE` names, as the one of `make run`, which is
/// built in a tenth of the time.
pub fn console() -> PathBuf {
    match std::env::var_os("E2E_CONSOLE") {
        Some(folder) => folder.into(),
        None => root().join("dist"),
    }
}

impl Backend {
    /// The development build that `tools/build.sh backend` made, serving `console()`.
    pub async fn start(arguments: &[String]) -> Result<Self> {
        Self::start_in(&[], arguments).await
    }

    /// Like [`Self::start`], with these variables set.
    pub async fn start_in(environment: &[(&str, &str)], arguments: &[String]) -> Result<Self> {
        let program = target().join("debug/weir-backend");
        let mut command = Command::new(&program);
        command.envs(environment.iter().copied()).args(arguments);
        Self::started(command, &program, &console()).await
    }

    pub async fn start_program(program: &Path, console: &Path) -> Result<Self> {
        Self::started(Command::new(program), program, console).await
    }

    async fn started(mut command: Command, program: &Path, console: &Path) -> Result<Self> {
        let data = TempDir::with_prefix("weir-")?;
        command
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .arg("--console")
            .arg(console)
            .current_dir(data.path())
            .env("WEIR_ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let Ok(mut process) = command.spawn() else {
            return fail(format!(
                "{} does not start: run tools/build.sh backend",
                program.display()
            ));
        };
        let log = Log::default();
        let (ready, link) = oneshot::channel();
        follow(process.stdout.take(), log.clone(), Some(ready));
        follow(process.stderr.take(), log.clone(), None);
        let Ok(sign_in) = link.await else {
            return fail(format!("the backend ended at its start:\n{}", log.text()));
        };
        let origin = url::Url::parse(&sign_in)?.origin().ascii_serialization();
        Ok(Self {
            api: Api::basic(format!("{origin}/default/api"), "admin", PASSWORD),
            origin,
            sign_in,
            log,
            _process: process,
            data,
        })
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub async fn create_api_key(&self) -> Result<String> {
        let created = self
            .api
            .post("/v1beta2/auth/api_keys", &json!({ "name": "test" }))
            .await?;
        match created["api_key"].as_str() {
            Some(key) => Ok(key.to_string()),
            None => fail(format!("no api_key in {created}")),
        }
    }

    /// Status word of the newest query with this SQL; `None` while the server does not know it.
    pub async fn query_status(&self, sql: &str) -> Result<Option<String>> {
        let queries = self.api.get("/v1beta2/queries").await?;
        let mine = queries.as_array().into_iter().flatten();
        Ok(mine
            .filter(|query| query["sql"].as_str().map(str::trim) == Some(sql))
            .max_by_key(|query| query["start_time"].as_i64())
            .and_then(|query| query["status"].as_str())
            .map(str::to_string))
    }
}

/// Copies lines to the log; the one with the sign-in link is also handed to `ready`.
fn follow(
    pipe: Option<impl AsyncRead + Unpin + Send + 'static>,
    log: Log,
    mut ready: Option<oneshot::Sender<String>>,
) {
    let Some(pipe) = pipe else { return };
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            log.add(&line);
            if let Some(link) = line.strip_prefix(READY)
                && let Some(ready) = ready.take()
            {
                // The test may have ended already.
                let _ = ready.send(link.to_string());
            }
        }
    });
}
