//! What a first visit loads, as the browser saw it arrive.

use std::path::Path;

use serde_json::Value;
use weir_e2e::{Browser, Page, Result, backend::Backend, failure::fail};

use crate::table::{Goal, Table};

/// Path, bytes as they came over the wire, and whether the page had been painted before they were
/// asked for; of everything from the console's own server that did not come from the cache.
const LOADED: &str = "
const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity;
const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
return all
  .filter((entry) => entry.transferSize > 0)
  .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize, entry.startTime > paint])
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
    let (first, later) = loaded(page).await?;
    add(table, "sign-in page", first, later);

    browser.close().await?;
    let browser = Browser::start().await?;
    let page = &browser.page;
    page.open(&backend.sign_in).await?;
    page.find("textbox", "SQL editor").await?;
    let (first, later) = loaded(page).await?;
    add(table, "SQL workspace", first, later);
    browser.close().await
}

fn add(table: &mut Table, page: &str, first: u64, later: u64) {
    let what = format!("first load, {page}: until the first paint (brotli)");
    let goal = Goal::new("≤ 250 KiB", first <= 250 * 1024);
    table.add(what, kilobytes(first), goal);
    let what = format!("first load, {page}: after the first paint");
    table.add(what, kilobytes(later), None);
}

/// Bytes asked for before the first paint, and after it.
async fn loaded(page: &Page) -> Result<(u64, u64)> {
    let entries = page.run(LOADED, vec![]).await?;
    let (mut first, mut later) = (0, 0);
    for entry in entries.as_array().into_iter().flatten() {
        let (Some(bytes), Some(painted)) = (entry[1].as_u64(), entry[2].as_bool()) else {
            return fail(format!("not a resource: {entry}"));
        };
        match painted {
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
