//! The console on a server of 2026: what is gone is not offered, and definitions are SQL.

use serde_json::json;
use weir_e2e::{App, Result, failure::fail, run::run_with, wait};

/// What the console asks for to find out that it is missing.
const ASKED: [&str; 4] = ["/alerts", "/auth/api_keys", "/invitations", "/subscription"];

#[tokio::test]
async fn revisions() {
    run_with("revisions", &["--revision", "2026"], |app| async move {
        for path in ASKED {
            app.page.expect_log(path);
        }
        app.sign_in().await?;
        sections(&app).await?;
        create(&app).await?;
        edit(&app).await?;
        delete(&app).await?;
        newer(&app).await
    })
    .await;
}

async fn sections(app: &App) -> Result {
    let page = &app.page;
    page.find("link", "Databases").await?;
    page.click("button", "Administration").await?;
    page.find("link", "Cluster").await?;
    for gone in ["Alerts", "API keys", "Invitations", "Subscription"] {
        assert!(!page.has("link", gone).await?, "{gone} is offered");
    }
    app.open("/c/local/alerts").await?;
    page.heading("Alerts").await?;
    page.sees("has no alerts").await?;
    page.sees("CREATE ALERT").await?;
    page.screens("revisions-missing").await
}

async fn create(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Streams").await?;
    page.heading("Streams").await?;
    page.click("link", "Create stream").await?;
    page.heading("Create stream").await?;
    page.fill("Name", "orders").await?;
    page.fill("Description", "it's \"new\"").await?;
    page.fill("Column 1 name", "id").await?;
    page.fill("Column 1 type", "int64").await?;
    page.sees("CREATE STREAM orders").await?;
    page.click("button", "Create stream").await?;
    page.heading("orders").await?;
    let stream = app.backend.api.get("/v1beta2/streams/orders").await?;
    assert_eq!(stream["description"], json!("it's \"new\""));
    assert_eq!(stream["columns"][0]["type"], json!("int64"));
    Ok(())
}

async fn edit(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Edit").await?;
    page.heading("Edit orders").await?;
    page.sees("No changes.").await?;
    page.fill("Description", "old").await?;
    page.fill("TTL expression", "to_datetime(_tp_time) + INTERVAL 7 DAY")
        .await?;
    page.sees("ALTER STREAM orders MODIFY COMMENT 'old';")
        .await?;
    page.sees("ALTER STREAM orders MODIFY TTL to_datetime(_tp_time) + INTERVAL 7 DAY;")
        .await?;
    page.screens("revisions-edit").await?;
    page.click("button", "Save changes").await?;
    page.heading("orders").await?;
    wait::until("both statements to have run", async || {
        let stream = app.backend.api.get("/v1beta2/streams/orders").await?;
        let ttl = stream["ttl_expression"].as_str().unwrap_or_default();
        match stream["description"] == "old" && ttl.contains("INTERVAL 7 DAY") {
            true => Ok(Some(())),
            false => fail(stream.to_string()),
        }
    })
    .await
}

async fn delete(app: &App) -> Result {
    let page = &app.page;
    page.click("button", "Delete").await?;
    page.click("button", "Delete stream").await?;
    page.heading("Streams").await?;
    page.sees("Stream orders deleted").await
}

async fn newer(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Databases").await?;
    page.heading("Databases").await?;
    page.sees("4 streams").await?;
    page.screens("revisions-databases").await?;
    page.click("link", "Cluster").await?;
    page.heading("Cluster").await?;
    page.sees("Online").await?;
    page.click("link", "License").await?;
    page.heading("License").await?;
    page.sees("needs no license").await?;
    page.click("link", "Dictionaries").await?;
    page.heading("Dictionaries").await?;
    page.sees("No dictionaries yet").await?;

    page.click("link", "Pipelines").await?;
    page.heading("Pipelines").await?;
    page.click("link", "Create pipeline").await?;
    page.heading("Create pipeline").await?;
    page.fill("Name", "intake").await?;
    page.fill(
        "SQL",
        "CREATE STREAM a (x int64); CREATE VIEW b AS SELECT x FROM a;",
    )
    .await?;
    page.click("button", "Check statements").await?;
    page.sees("2. view b").await?;
    page.click("button", "Create pipeline").await?;
    page.heading("intake").await?;
    page.sees("CREATE VIEW b AS SELECT x FROM a").await?;
    let view = app.backend.api.get("/v1beta2/views/b").await?;
    assert_eq!(view["name"], json!("b"));
    page.screens("revisions-pipeline").await
}
