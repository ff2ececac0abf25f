//! Headless Chromium through ChromeDriver.

use std::{
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
};

use fantoccini::{Client, ClientBuilder, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{Result, backend::root, failure::fail, memory};

pub struct Browser {
    pub page: Page,
    driver: Child,
}

/// The open tab and what a test does with it; see also [`crate::find`].
#[derive(Clone)]
pub struct Page {
    pub client: Client,
    /// Where downloads arrive.
    pub downloads: Arc<TempDir>,
    expected_log: Arc<Mutex<Vec<String>>>,
}

impl Browser {
    pub async fn start() -> Result<Self> {
        let (driver, port) = start_driver().await?;
        let downloads = TempDir::with_prefix("weir-downloads-")?;
        let mut options: Value =
            serde_json::from_slice(&std::fs::read(root().join("webdriver.json"))?)?;
        let chrome = &mut options["goog:chromeOptions"];
        if let Some(args) = chrome["args"].as_array_mut() {
            args.push(json!("--window-size=1440,900"));
            args.push(json!("--force-prefers-reduced-motion"));
        }
        chrome["prefs"] = json!({ "download.default_directory": downloads.path() });
        options["goog:loggingPrefs"] = json!({ "browser": "ALL" });
        let Value::Object(capabilities) = options else {
            return fail("webdriver.json holds no object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        Ok(Self {
            page: Page {
                client,
                downloads: Arc::new(downloads),
                expected_log: Arc::default(),
            },
            driver,
        })
    }

    /// Bytes of memory that only the process of the open page uses; the largest renderer.
    pub fn page_memory(&self) -> Option<u64> {
        memory::of_renderers(self.driver.id()?).into_iter().max()
    }

    /// Ends Chromium too, which a killed driver would leave behind.
    pub async fn close(self) -> Result {
        Ok(self.page.client.close().await?)
    }
}

async fn start_driver() -> Result<(Child, u16)> {
    let spawned = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut driver) = spawned else {
        return fail("chromedriver does not start: run tools/browser.sh");
    };
    let Some(out) = driver.stdout.take() else {
        return fail("chromedriver has no standard output");
    };
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await? {
        let port = line
            .split_once("started successfully on port ")
            .and_then(|(_, rest)| rest.trim_end_matches('.').parse().ok());
        if let Some(port) = port {
            // Reads on, so that the driver never waits for a full pipe.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((driver, port));
        }
    }
    fail("chromedriver ended at its start")
}

impl Page {
    pub async fn open(&self, url: &str) -> Result {
        Ok(self.client.goto(url).await?)
    }

    pub async fn reload(&self) -> Result {
        Ok(self.client.refresh().await?)
    }

    pub async fn url(&self) -> Result<url::Url> {
        Ok(self.client.current_url().await?)
    }

    pub async fn run(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, args).await?)
    }

    /// A command of the Chrome DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": params });
        self.chrome("goog/cdp/execute", body).await
    }

    /// Messages with these words are part of what the test provokes.
    pub fn expect_log(&self, words: &str) {
        self.expected_log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(words.to_string());
    }

    /// Error messages of the browser's console since the last call, without the expected ones.
    pub async fn errors(&self) -> Result<Vec<String>> {
        let entries = self.chrome("se/log", json!({ "type": "browser" })).await?;
        let expected = self
            .expected_log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Ok(entries
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["level"] == "SEVERE")
            .filter_map(|entry| entry["message"].as_str())
            .filter(|message| !expected.iter().any(|words| message.contains(words)))
            .map(str::to_string)
            .collect())
    }

    async fn chrome(&self, path: &'static str, body: Value) -> Result<Value> {
        Ok(self.client.issue_cmd(Extension { path, body }).await?)
    }
}

/// A command that only ChromeDriver knows.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> std::result::Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
