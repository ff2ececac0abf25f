//! Definitions as code: looked at, exported, planned and applied.

use serde_json::json;
use weir_e2e::{App, Result, failure::fail, run};

#[tokio::test]
async fn a_resource_is_shown_as_code_without_its_secret() {
    run("code", |app| async move {
        let api = &app.backend.api;
        let stream = json!({ "name": "orders", "columns": [{ "name": "n", "type": "int32" }] });
        api.post("/v1beta2/streams", &stream).await?;
        let sink = json!({
            "name": "out", "type": "http", "query": "SELECT n FROM orders",
            "properties": { "url": "http://127.0.0.1:9/", "http_header": { "Authorization": "Bearer s3cret" } }
        });
        let made = api.post("/v1beta2/sinks", &sink).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams/orders").await?;
        page.heading("orders").await?;
        page.click("button", "Code").await?;
        page.sees("CREATE STREAM orders").await?;
        page.screens("code").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.click("button", "Terraform").await?;
        page.sees("resource \"timeplus_stream\" \"orders\"").await?;

        let id = made["id"].as_str().unwrap_or_default();
        app.open(&format!("/c/local/sinks/{id}")).await?;
        page.heading("out").await?;
        page.click("button", "Code").await?;
        page.click("button", "JSON").await?;
        page.sees("${SINK_OUT_PROPERTIES_HTTP_HEADER_AUTHORIZATION}").await?;
        let text = page.run("return document.body.innerText", Vec::new()).await?;
        match text.as_str().unwrap_or_default().contains("s3cret") {
            true => fail("the secret is on the page"),
            false => Ok(()),
        }
    })
    .await;
}

#[tokio::test]
async fn a_definition_is_planned_applied_and_then_no_difference() {
    run("import", |app| async move {
        let api = &app.backend.api;
        let stream = json!({ "name": "kept", "columns": [{ "name": "n", "type": "int32" }] });
        api.post("/v1beta2/streams", &stream).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/export").await?;
        page.heading("Export as code").await?;
        page.find("checkbox", "Streams").await?;
        page.screens("export").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");

        let view = json!({ "name": "big", "query": "SELECT n FROM kept WHERE n > 5" });
        plan(&app, "view", "big", &view).await?;
        page.find("checkbox", "Create view big").await?;
        page.screens("import-plan").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.click("button", "Apply 1 change").await?;
        page.sees("1 resource is created.").await?;
        app.page
            .press(&char::from(fantoccini::key::Key::Tab).to_string())
            .await?;
        page.run(
            "document.querySelector('dialog[open] [type=submit]').click()",
            Vec::new(),
        )
        .await?;
        page.sees("All changes applied").await?;
        let made = api.get("/v1beta2/views/big").await?;
        assert_eq!(made["name"], "big");

        plan(&app, "view", "big", &view).await?;
        page.sees("No changes").await?;
        let other = json!({ "name": "big", "query": "SELECT n FROM kept WHERE n > 6" });
        plan(&app, "view", "big", &other).await?;
        page.find("checkbox", "Change view big").await?;
        page.sees("SELECT n FROM kept WHERE n > 6").await
    })
    .await;
}

/// Gives the page a file with one definition.
async fn plan(app: &App, kind: &str, name: &str, definition: &serde_json::Value) -> Result {
    let file = app.backend.data().join("definition.json");
    let entry = json!({ "kind": kind, "name": name, "definition": definition });
    std::fs::write(&file, entry.to_string())?;
    app.open("/c/local/import").await?;
    app.page.heading("Import").await?;
    app.page.upload("Files", &file).await
}
