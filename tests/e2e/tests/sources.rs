//! A source from its preview to its end.

use serde_json::json;
use weir_e2e::{App, Result, failure::fail, run, wait};

#[tokio::test]
async fn a_source_is_previewed_created_stopped_changed_and_deleted() {
    run("sources", |app| async move {
        app.sign_in().await?;
        create(&app).await?;
        look(&app).await?;
        stop_and_change(&app).await?;
        delete(&app).await
    })
    .await;
}

async fn create(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Sources").await?;
    page.heading("Sources").await?;
    page.click("link", "Create source").await?;
    page.heading("Create source").await?;
    page.fill("Name", "sensors").await?;
    page.choose("Type", "nats_jetstream").await?;
    page.sees("none is lost").await?;
    page.click("button", "Preview").await?;
    page.sees("Servers is required").await?;
    page.choose("Type", "stream_generator").await?;
    page.choose("Template", "iot").await?;
    page.click("button", "Preview").await?;
    page.find("table", "Preview").await?;
    page.sees("10 events").await?;
    page.fill("Name of the new stream", "readings").await?;
    page.screens("source-create").await?;
    page.click("button", "Create stream").await?;
    page.sees("Stream readings created").await?;
    page.click("button", "Create source").await?;
    page.heading("sensors").await?;
    let made = app.backend.api.get("/v1beta2/sources").await?;
    assert_eq!(made[0]["stream"], json!("readings"));
    assert_eq!(made[0]["properties"]["template"], json!("iot"));
    Ok(())
}

/// Rows really come, and the page shows it.
async fn look(app: &App) -> Result {
    let page = &app.page;
    page.sees("running").await?;
    page.screens("source-overview").await?;
    page.click("tab", "Rows").await?;
    page.live_received(3).await?;
    page.click("tab", "Stats").await?;
    page.sees("Delivered").await?;
    page.screens("source-stats").await?;
    page.click("tab", "Errors").await?;
    page.sees("No errors in this period").await?;
    page.click("tab", "Logs").await?;
    page.sees("generating iot rows").await?;
    page.screens("source-logs").await?;
    page.click("tab", "Configuration").await?;
    page.sees("200ms").await
}

async fn stop_and_change(app: &App) -> Result {
    let page = &app.page;
    page.click("button", "Stop").await?;
    page.click("button", "Stop source").await?;
    page.sees("Source sensors stopped").await?;
    page.find("button", "Start").await?;
    page.click("link", "Edit").await?;
    page.heading("Edit sensors").await?;
    page.fill("Description", "Twenty devices").await?;
    page.screens("source-edit").await?;
    page.click("button", "Save changes").await?;
    page.heading("sensors").await?;
    page.sees("Twenty devices").await?;
    let before = rows(app).await?;
    page.click("button", "Start").await?;
    page.sees("Source sensors started").await?;
    wait::until("rows after the start", async || match rows(app).await? {
        now if now > before => Ok(Some(())),
        now => fail(format!("{now} rows, as before")),
    })
    .await?;
    page.click("link", "Sources").await?;
    page.find("table", "Sources").await?;
    page.screens("sources").await?;
    page.click("link", "sensors").await?;
    page.heading("sensors").await
}

async fn rows(app: &App) -> Result<i64> {
    let stats = app
        .backend
        .api
        .get("/v1beta2/streams/readings/stats")
        .await?;
    Ok(stats["row_count"].as_i64().unwrap_or_default())
}

async fn delete(app: &App) -> Result {
    let page = &app.page;
    page.click("button", "Delete").await?;
    page.sees("Delete source sensors?").await?;
    page.click("button", "Delete source").await?;
    page.heading("Sources").await?;
    page.sees("Source sensors deleted").await?;
    let left = app.backend.api.get("/v1beta2/sources").await?;
    assert_eq!(left, json!([]));
    let stream = app.backend.api.get("/v1beta2/streams/readings").await?;
    assert_eq!(stream["name"], json!("readings"), "the rows stay");
    Ok(())
}
