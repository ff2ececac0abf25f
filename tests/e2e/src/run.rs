//! One test: its backend, its browser, and what is left behind when it fails.

use std::sync::Arc;

use tokio::task::LocalSet;

use crate::{Browser, Page, Result, backend::Backend, wire::Wire};

/// What a test works with.
#[derive(Clone)]
pub struct App {
    pub backend: Arc<Backend>,
    pub page: Page,
}

impl App {
    /// Opens a path of the console as the backend serves it.
    pub async fn open(&self, path: &str) -> Result {
        let url = format!("{}{path}", self.backend.origin);
        self.page.open(&url).await
    }

    /// Signs in by the one-time link, which leads to the overview, and opens the workspace.
    pub async fn sign_in(&self) -> Result {
        self.page.open(&self.backend.sign_in).await?;
        self.page.heading("Embedded backend").await?;
        self.open("/c/local/sql").await?;
        self.page.heading("SQL workspace").await
    }

    /// Host and port of the backend, to which a wire leads.
    pub fn address(&self) -> &str {
        self.backend.origin.trim_start_matches("http://")
    }

    /// Like [`App::sign_in`], over a wire that the test is going to cut.
    pub async fn sign_in_over(&self, wire: &Wire) -> Result {
        let link = self
            .backend
            .sign_in
            .replace(&self.backend.origin, &wire.origin);
        self.page.open(&link).await?;
        self.page.heading("Embedded backend").await?;
        self.page
            .open(&format!("{}/c/local/sql", wire.origin))
            .await?;
        self.page.heading("SQL workspace").await?;
        self.page.expect_log("net::ERR");
        // Of parts that are fetched ahead.
        self.page.expect_log("Failed to fetch");
        Ok(())
    }
}

/// Runs a test with a fresh backend.
///
/// # Panics
/// When the test fails, panics, or left error messages in the browser's console; after leaving
/// `screens/failed-{name}.png` in the target folder and the logs on standard error.
pub async fn run<F>(name: &str, test: impl FnOnce(App) -> F)
where
    F: Future<Output = Result> + 'static,
{
    run_with(name, &[], test).await;
}

/// Like [`run`], with a backend that pages of these origins may call.
pub async fn run_with_origins<F>(name: &str, cors_origins: &[String], test: impl FnOnce(App) -> F)
where
    F: Future<Output = Result> + 'static,
{
    let each = cors_origins.iter();
    let arguments: Vec<&str> = each.flat_map(|one| ["--cors-origin", one]).collect();
    run_with(name, &arguments, test).await;
}

/// Like [`run`], with a backend that is started with these arguments as well.
pub async fn run_with<F>(name: &str, arguments: &[&str], test: impl FnOnce(App) -> F)
where
    F: Future<Output = Result> + 'static,
{
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let backend = match Backend::start(&arguments).await {
        Ok(backend) => Arc::new(backend),
        Err(failure) => panic!("{failure:?}"),
    };
    let browser = match Browser::start().await {
        Ok(browser) => browser,
        Err(failure) => panic!("{failure:?}"),
    };
    let page = browser.page.clone();
    let app = App {
        backend: backend.clone(),
        page: page.clone(),
    };
    // A task of its own, so that a failed assertion is seen here; local, because waiting with a
    // borrowing closure is not provably `Send`.
    let task = test(app);
    let ended = LocalSet::new()
        .run_until(async { tokio::task::spawn_local(task).await })
        .await;
    let failure = match ended {
        Ok(Ok(())) => match page.errors().await {
            Ok(errors) if errors.is_empty() => None,
            Ok(errors) => Some(format!("the browser's console: {}", errors.join("\n"))),
            Err(failure) => Some(format!("{failure:?}")),
        },
        Ok(Err(failure)) => Some(format!("{failure:?}")),
        Err(panic) => Some(format!("{panic}, see above")),
    };
    if failure.is_some() {
        leave_traces(name, &page, &backend).await;
    }
    // The session may be what failed.
    let _ = browser.close().await;
    if let Some(failure) = failure {
        panic!("{name}: {failure}");
    }
}

async fn leave_traces(name: &str, page: &Page, backend: &Backend) {
    let _ = page.screenshot(&format!("failed-{name}")).await;
    if let Ok(url) = page.url().await {
        eprintln!("--- {name}: at {url}, screens/failed-{name}.png");
    }
    for error in page.errors().await.unwrap_or_default() {
        eprintln!("--- browser: {error}");
    }
    let log = backend.log.text();
    let lines: Vec<&str> = log.lines().collect();
    let tail = lines.len().saturating_sub(40);
    eprintln!("--- backend:\n{}", lines[tail..].join("\n"));
}
