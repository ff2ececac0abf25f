//! What is done with rows of a result: copied in three forms, and edited and ingested again.

use fantoccini::key::Key;
use serde_json::json;
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

const WIDE: &str = "18446744073709551615";

#[tokio::test]
async fn rows_are_copied_and_ingested_again() {
    run("row-actions", |app| async move {
        let columns = json!([{ "name": "n", "type": "uint64" }, { "name": "s", "type": "string" }]);
        let definition = json!({ "name": "readings", "columns": columns });
        let api = &app.backend.api;
        api.post("/v1beta2/streams", &definition).await?;
        let data = json!([[u64::MAX, "it's, \"so\""], [2, "two"], [3, "three"]]);
        let body = json!({ "columns": ["n", "s"], "data": data });
        let path = "/v1beta2/streams/readings/ingest?format=compact";
        api.post(path, &body).await?;
        app.sign_in().await?;
        let page = &app.page;
        let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        page.devtools("Browser.grantPermissions", grant).await?;
        rows(page, "select n, s from table(readings)").await?;

        select(page, 2).await?;
        page.screens("row-menu").await?;
        page.click("menuitem", "Copy 2 rows as JSON").await?;
        copied(
            page,
            &format!("{{\"n\":{WIDE},\"s\":\"it's, \\\"so\\\"\"}}\n{{\"n\":2,\"s\":\"two\"}}\n"),
        )
        .await?;
        select(page, 2).await?;
        page.click("menuitem", "Copy 2 rows as CSV").await?;
        copied(
            page,
            &format!("n,s\r\n{WIDE},\"it's, \"\"so\"\"\"\r\n2,two\r\n"),
        )
        .await?;
        select(page, 1).await?;
        page.click("menuitem", "Copy row as INSERT").await?;
        let insert = clipboard(page, |text| text.starts_with("INSERT")).await?;
        // What was copied is a statement that does it.
        page.write_sql(insert.trim()).await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        count(&app, 4).await?;

        rows(page, "select n, s from table(readings) order by n limit 3").await?;
        select(page, 2).await?;
        page.click("menuitem", "Edit and ingest 2 rows again …")
            .await?;
        let label = "Rows, one JSON object per line";
        page.fill(label, "{\"n\":20,\"s\":\"twenty\"}\n[30]")
            .await?;
        page.screens("ingest-again").await?;
        page.click("button", "Ingest").await?;
        page.sees("Line 2 is not a JSON object").await?;
        page.fill(
            label,
            "{\"n\":20,\"s\":\"twenty\"}\n{\"n\":30,\"s\":\"thirty\"}",
        )
        .await?;
        page.click("button", "Ingest").await?;
        page.sees("2 rows ingested into readings").await?;
        count(&app, 6).await?;

        select(page, 1).await?;
        page.click("menuitem", "Edit and ingest row again …")
            .await?;
        page.click("button", "Ingest").await?;
        page.sees("1 row ingested into readings").await?;
        count(&app, 7).await
    })
    .await;
}

async fn rows(page: &Page, sql: &str) -> Result {
    page.write_sql(sql).await?;
    page.click("button", "Run").await?;
    wait::until("three rows", async || {
        let cells = page.cells().await?;
        match cells.len() == 3 {
            true => Ok(Some(())),
            false => fail(format!("{cells:?}")),
        }
    })
    .await?;
    page.live_state("finished").await
}

/// The first rows, by keyboard, and what can be done with them.
async fn select(page: &Page, count: u64) -> Result {
    page.run("document.querySelector('[role=grid]').focus()", vec![])
        .await?;
    page.press_control(&char::from(Key::Home).to_string())
        .await?;
    page.press(&char::from(Key::Home).to_string()).await?;
    let held = |key: Key| {
        let [shift, key, release] = [Key::Shift, key, Key::Null].map(char::from);
        format!("{shift}{key}{release}")
    };
    for _ in 1..count {
        page.press(&held(Key::Down)).await?;
    }
    page.press(&held(Key::F10)).await
}

async fn clipboard(page: &Page, wanted: impl Fn(&str) -> bool) -> Result<String> {
    const READ: &str = "const done = arguments[0]; \
         navigator.clipboard.readText().then(done, (error) => done(`${error}`))";
    wait::until("the clipboard", async || {
        let text = page.client.execute_async(READ, vec![]).await?;
        match text.as_str() {
            Some(text) if wanted(text) => Ok(Some(text.to_string())),
            _ => fail(format!("it holds {text}")),
        }
    })
    .await
}

async fn copied(page: &Page, text: &str) -> Result {
    clipboard(page, |held| held == text).await.map(drop)
}

async fn count(app: &App, rows: u64) -> Result {
    wait::until(&format!("{rows} rows in the stream"), async || {
        let stats = app
            .backend
            .api
            .get("/v1beta2/streams/readings/stats")
            .await?;
        match stats["row_count"] == json!(rows) {
            true => Ok(Some(())),
            false => fail(format!("{}", stats["row_count"])),
        }
    })
    .await
}
