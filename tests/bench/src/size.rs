//! What a first visit loads, as the browser saw it arrive.

use std::path::Path;

use serde_json::Value;
use weir_e2e::{Browser, Page, Result, backend::Backend, failure::fail};

use crate::table::Table;

/// Path and compressed size of everything that came from the console's own server.
const LOADED: &str = "
const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
return all
  .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize])
  .filter(([path]) => !path.startsWith('/default/') && !path.startsWith('/api/'));
";

pub(crate) async fn measure(program: &Path, console: &Path, table: &mut Table) -> Result {
    println!("==> first load … (20 s)");
    let console = console.canonicalize()?;
    let backend = Backend::start_program(program, &console, &[]).await?;
    let browser = Browser::start().await?;
    let page = &browser.page;
    page.open(&format!("{}/c/local/sign-in", backend.origin))
        .await?;
    page.find("button", "Sign in").await?;
    let (first, _) = loaded(page).await?;
    table.add(
        "first load, sign-in page (brotli)",
        kilobytes(first),
        "≤ 250 KB",
    );

    browser.close().await?;
    let browser = Browser::start().await?;
    let page = &browser.page;
    page.open(&backend.sign_in).await?;
    page.find("textbox", "SQL editor").await?;
    let (first, later) = loaded(page).await?;
    table.add(
        "first load, SQL workspace (brotli)",
        kilobytes(first),
        "≤ 250 KB",
    );
    table.add("loaded on demand there: the editor", kilobytes(later), "");
    browser.close().await
}

/// Bytes of the bundle itself, and of what is loaded on demand from `/js/`.
async fn loaded(page: &Page) -> Result<(u64, u64)> {
    let entries = page.run(LOADED, vec![]).await?;
    let (mut first, mut later) = (0, 0);
    for entry in entries.as_array().into_iter().flatten() {
        let (Some(path), Some(bytes)) = (entry[0].as_str(), entry[1].as_u64()) else {
            return fail(format!("not a resource: {entry}"));
        };
        match path.starts_with("/js/") {
            true => later += bytes,
            false => first += bytes,
        }
    }
    match entries {
        Value::Array(all) if all.len() > 1 => Ok((first, later)),
        other => fail(format!("the browser loaded only {other}")),
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1000.0)
}
