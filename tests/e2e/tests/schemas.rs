//! Schemas through the console: a mistake is shown at its place, then it is mended, changed and
//! deleted.

use serde_json::json;
use weir_e2e::{App, Result, run, wait};

const WRONG: &str = "syntax = \"proto3\";\nmessage Order {\n  Nope id = 1;\n}";
const RIGHT: &str = "syntax = \"proto3\";\nmessage Order {\n  int64 id = 1;\n}";
const MORE: &str = "syntax = \"proto3\";\nmessage Order {\n  int64 id = 1;\n  string item = 2;\n}";

#[tokio::test]
async fn a_schema_is_mended_created_changed_and_deleted() {
    run("schema", |app| async move {
        app.sign_in().await?;
        app.page.expect_log("400");
        let page = &app.page;
        page.click("link", "Schemas").await?;
        page.heading("Schemas").await?;
        page.click("button", "Create schema").await?;
        page.heading("Create schema").await?;
        page.fill("Name", "orders").await?;
        write(&app, WRONG).await?;
        page.click("button", "Create schema").await?;
        page.sees("at line 3, column 3").await?;
        marked(&app, "Nope").await?;
        page.screens("schema-create").await?;
        write(&app, RIGHT).await?;
        page.sees("CREATE FORMAT SCHEMA orders").await?;
        page.click("button", "Create schema").await?;
        page.heading("orders").await?;
        page.sees("int64 id = 1;").await?;

        page.click("link", "Edit").await?;
        page.heading("Edit orders").await?;
        write(&app, MORE).await?;
        page.click("button", "Save changes").await?;
        page.heading("orders").await?;
        page.sees("string item = 2;").await?;
        let stored = app.backend.api.get("/v1beta2/schemas/orders").await?;
        assert_eq!(stored["content"], json!(MORE));

        page.click("button", "Delete").await?;
        page.click("button", "Delete schema").await?;
        page.heading("Schemas").await
    })
    .await;
}

/// Puts text into the editor in place of what is there.
async fn write(app: &App, text: &str) -> Result {
    const SHOWN: &str =
        "return [...document.querySelectorAll('.cm-line')].map((l) => l.textContent).join('\\n')";
    let page = &app.page;
    wait::until("the editor to hold the schema", async || {
        page.click("textbox", "Content").await?;
        page.press_control("a").await?;
        page.devtools("Input.insertText", json!({ "text": text }))
            .await?;
        Ok((page.run(SHOWN, vec![]).await? == text).then_some(()))
    })
    .await
}

/// Waits until the editor underlines this word.
async fn marked(app: &App, word: &str) -> Result {
    const MARKED: &str = "return document.querySelector('.cm-lintRange-error')?.textContent ?? ''";
    wait::until("the mark in the editor", async || {
        Ok((app.page.run(MARKED, vec![]).await? == word).then_some(()))
    })
    .await
}
