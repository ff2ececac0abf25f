//! What a page loads when it is opened first, as the browser saw it arrive.

use std::{path::Path, time::Duration};

use serde_json::json;
use weir_e2e::{
    Browser, Page, Result,
    backend::{Backend, PASSWORD},
    failure::fail,
    wait,
};

use crate::table::{Goal, Table};

/// Bytes over the wire and number of answers of everything from the console's own server that is
/// part of the console.
const LOADED: &str = "
const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((entry) => !/^\\/(default\\/)?(api|azion|secmaster|dataworks)\\//.test(new URL(entry.name).pathname));
return [all.reduce((sum, entry) => sum + entry.encodedBodySize, 0), all.length];
";

/// Nothing more came for this long.
const IDLE: Duration = Duration::from_millis(1_500);

/// Name, path, bytes that it may load.
const PAGES: &[(&str, &str, u64)] = &[
    ("sign-in", "/c/local/sign-in", 250_000),
    ("SQL workspace", "/c/local/sql", 450_000),
    ("connections", "/connections", 500_000),
    ("deliveries", "/deliveries", 500_000),
    ("streams", "/c/local/streams", 500_000),
    ("create a sink", "/c/local/new/sink", 500_000),
    ("dashboards", "/c/local/dashboards", 500_000),
    ("topology", "/c/local/topology", 500_000),
    ("Azion", "/c/local-azion", 500_000),
    ("SecMaster", "/c/local-secmaster", 500_000),
    ("DataWorks", "/c/local-dataworks", 500_000),
];
const REQUESTS: u64 = 30;
const WHOLE: u64 = 1_000_000;

pub(crate) async fn measure(program: &Path, console: &Path, table: &mut Table) -> Result {
    println!("==> first load … (1 minute)");
    let console = console.canonicalize()?;
    let backend = Backend::start_program(program, &console).await?;
    for (name, path, most) in PAGES {
        // A browser of its own: nothing is in its cache.
        let browser = Browser::start().await?;
        if !path.ends_with("/sign-in") {
            sign_in(&browser.page, &backend).await?;
        }
        browser
            .page
            .open(&format!("{}{path}", backend.origin))
            .await?;
        let (bytes, requests) = loaded(&browser.page).await?;
        browser.close().await?;
        let goal = format!("≤ {} in ≤ {REQUESTS} requests", kilobytes(*most));
        table.add(
            format!("opened first: {name} (brotli, until nothing more comes)"),
            format!("{} in {requests} requests", kilobytes(bytes)),
            Goal::new(goal, bytes <= *most && requests <= REQUESTS),
        );
    }
    let whole = size_of(&console)?;
    let goal = Goal::new(format!("≤ {}", kilobytes(WHOLE)), whole <= WHOLE);
    table.add("the whole console (brotli)", kilobytes(whole), goal);
    Ok(())
}

/// By password, from a page that loads nothing of the console.
async fn sign_in(page: &Page, backend: &Backend) -> Result {
    page.open(&format!("{}/favicon.svg", backend.origin))
        .await?;
    let script = "
        const body = JSON.stringify({ user: 'admin', password: arguments[0] });
        const headers = { 'Content-Type': 'application/json' };
        return fetch('/api/session', { method: 'POST', headers, body }).then((answer) => answer.status);
    ";
    let status = page.run(script, vec![json!(PASSWORD)]).await?;
    match status.as_u64() {
        Some(200..300) => Ok(()),
        _ => fail(format!("signing in by password: {status}")),
    }
}

/// Bytes and requests, once nothing more comes.
async fn loaded(page: &Page) -> Result<(u64, u64)> {
    let mut last = (0, 0);
    wait::until("the page to have loaded", async || {
        tokio::time::sleep(IDLE).await;
        let entries = page.run(LOADED, vec![]).await?;
        let (Some(bytes), Some(requests)) = (entries[0].as_u64(), entries[1].as_u64()) else {
            return fail(format!("no figures: {entries}"));
        };
        let now = (bytes, requests);
        let settled = now == last && requests > 1;
        last = now;
        Ok(settled.then_some(now))
    })
    .await
}

/// Of each file its smallest form.
fn size_of(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            sum += size_of(&path)?;
        } else if !name.ends_with(".gz") && !Path::new(&format!("{name}.br")).exists() {
            sum += path.metadata()?.len();
        }
    }
    Ok(sum)
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}
