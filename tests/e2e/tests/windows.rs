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
