//! Two windows of one connection at the same time.

use fantoccini::wd::WindowHandle;
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

const EDITOR: &str = "return [...document.querySelectorAll('.cm-content')].find((e) => e.offsetParent)?.textContent ?? ''";
const TABS: &str =
    "return [...document.querySelectorAll('[role=tab]')].map((e) => e.textContent).join('|')";

async fn write(page: &Page, sql: &str) -> Result {
    page.click("textbox", "SQL editor").await?;
    page.devtools("Input.insertText", serde_json::json!({ "text": sql }))
        .await?;
    shows(page, EDITOR, sql).await
}

async fn shows(page: &Page, script: &str, words: &str) -> Result {
    wait::until(&format!("\"{words}\""), async || {
        let text = page.run(script, vec![]).await?;
        match text.as_str().unwrap_or_default().contains(words) {
            true => Ok(Some(())),
            false => fail(format!("there is {text}")),
        }
    })
    .await
}

async fn second_window(app: &App, path: &str) -> Result<(WindowHandle, WindowHandle)> {
    let client = &app.page.client;
    let first = client.window().await?;
    let second = client.new_window(false).await?.handle;
    client.switch_to_window(second.clone()).await?;
    app.open(path).await?;
    Ok((first, second))
}

#[tokio::test]
async fn neither_window_loses_what_the_other_one_writes() {
    run("windows-tabs", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/sql").await?;
        page.find("textbox", "SQL editor").await?;
        let (first, second) = second_window(&app, "/c/local/sql").await?;
        page.find("textbox", "SQL editor").await?;
        page.client.switch_to_window(first.clone()).await?;
        write(page, "select 11 as first").await?;
        page.client.switch_to_window(second.clone()).await?;
        shows(page, TABS, "select 11 as first").await?;
        write(page, "select 22 as second").await?;
        page.press_control(&char::from(fantoccini::key::Key::Enter).to_string())
            .await?;
        page.live_state("finished").await?;
        page.client.switch_to_window(first).await?;
        shows(page, TABS, "select 22 as second").await?;
        shows(page, EDITOR, "select 11 as first").await?;
        page.press_control(&char::from(fantoccini::key::Key::Enter).to_string())
            .await?;
        page.live_state("finished").await?;
        page.client.close_window().await?;
        page.client.switch_to_window(second).await?;
        page.reload().await?;
        for sql in ["select 11 as first", "select 22 as second"] {
            shows(page, TABS, sql).await?;
        }
        page.click("tab", "History").await?;
        for sql in ["select 11 as first", "select 22 as second"] {
            let entries = "return document.querySelector('.history')?.textContent ?? ''";
            shows(page, entries, sql).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn signing_out_in_one_window_ends_what_the_others_read() {
    run("windows-signed-out", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        let (first, second) = second_window(&app, "/c/local/new/stream").await?;
        page.heading("Create stream").await?;
        page.fill("Name", "half").await?;
        page.client.switch_to_window(first.clone()).await?;
        // Nobody is signed in for a moment.
        page.expect_log("401");
        page.click("button", "Signed in as admin").await?;
        page.click("button", "Sign out").await?;
        page.heading("Sign in to Embedded backend").await?;
        wait::until("no query that runs", async || {
            let all = app.backend.api.get("/v1beta2/queries").await?;
            Ok((!all.to_string().contains("\"status\":\"running\"")).then_some(()))
        })
        .await?;
        page.client.switch_to_window(second).await?;
        page.heading("Sign in to Embedded backend").await?;
        page.sees("You signed out in another tab.").await?;
        page.screens("signed-out-elsewhere").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    })
    .await;
}

const STATE: &str = "return [...document.querySelectorAll('[data-live=state]')].find((e) => e.offsetParent)?.textContent ?? ''";

/// Browsers keep six connections to a server for all their windows together.
#[tokio::test]
async fn six_windows_that_follow_leave_room_for_a_page() {
    run("windows-seats", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        // What else a statement reads does not make it end, nor do its comments.
        let sources = [
            "host_metrics",
            "host_metrics -- not table(host_metrics)",
            "host_metrics as h join table(http_access) as a on h._tp_time = a._tp_time",
            "(select * from host_metrics)",
            "host_metrics where cpu_percent >= 0 /* not table(s) */",
            "host_metrics as m",
        ];
        for (at, source) in sources.iter().enumerate() {
            if at > 0 {
                let window = page.client.new_window(true).await?.handle;
                page.client.switch_to_window(window).await?;
            }
            let sql = format!("select {at} as n from {source}");
            let query: String = url::form_urlencoded::byte_serialize(sql.as_bytes()).collect();
            let query = query.replace('+', "%20");
            app.open(&format!("/c/local/sql?q={query}")).await?;
            shows(page, EDITOR, &format!("select {at} as n")).await?;
            page.click("button", "Run").await?;
            shows(page, STATE, if at < 4 { "Running" } else { "Waiting" }).await?;
        }
        let window = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(window).await?;
        app.open("/c/local/streams").await?;
        page.click("link", "host_metrics").await?;
        page.heading("host_metrics").await
    })
    .await;
}
