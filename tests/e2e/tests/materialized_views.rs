//! A query that runs all the time: created, seen at work, paused, edited, deleted.

use serde_json::json;
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

#[tokio::test]
async fn materialized_views() {
    run("materialized-views", |app| async move {
        app.sign_in().await?;
        // Wrong queries and a refused deletion.
        app.page.expect_log("400");
        let columns =
            json!([{"name": "id", "type": "int64"}, {"name": "amount", "type": "float64"}]);
        let definition = json!({"name": "orders", "columns": columns});
        app.backend
            .api
            .post("/v1beta2/streams", &definition)
            .await?;
        create(&app).await?;
        at_work(&app).await?;
        pause(&app).await?;
        edit(&app).await?;
        delete(&app).await
    })
    .await;
}

async fn ingest(app: &App, id: i64) -> Result {
    let rows = json!({"columns": ["id", "amount"], "data": [[id, 1.5]]});
    let path = "/v1beta2/streams/orders/ingest?format=compact";
    app.backend.api.post(path, &rows).await?;
    Ok(())
}

async fn kept(app: &App, rows: i64) -> Result {
    wait::until("the rows to be kept", async || {
        let path = "/v1beta2/materialized_views/doubled/stats";
        let stats = app.backend.api.get(path).await?;
        match stats["row_count"] == json!(rows) {
            true => Ok(Some(())),
            false => fail(format!("{stats}")),
        }
    })
    .await
}

async fn create(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Materialized views").await?;
    page.heading("Materialized views").await?;
    page.click("link", "Create materialized view").await?;
    page.heading("Create materialized view").await?;
    page.fill("Name", "doubled").await?;
    page.write_sql("SELECT id, amout FROM orders").await?;
    page.sees("line 1, column 12").await?;
    page.write_sql("SELECT id FROM table(orders)").await?;
    page.sees("ends with the last existing row").await?;
    page.click("button", "Create materialized view").await?;
    page.sees("follows a stream; this query reads history")
        .await?;
    page.write_sql("SELECT id, amount * 2 AS doubled FROM orders")
        .await?;
    page.sees("continues with each new row").await?;
    page.sees("CREATE MATERIALIZED VIEW doubled AS").await?;
    looked_at(page, "materialized-view-create").await?;
    page.click("button", "Create materialized view").await?;
    page.heading("doubled").await?;
    page.sees("running").await?;
    looked_at(page, "materialized-view-schema").await
}

async fn at_work(app: &App) -> Result {
    let page = &app.page;
    ingest(app, 1).await?;
    ingest(app, 2).await?;
    kept(app, 2).await?;
    page.click("tab", "Preview").await?;
    page.live_received(2).await?;
    page.click("tab", "Stats").await?;
    page.find("table", "Nodes").await?;
    page.sees("Rows stored").await?;
    page.sees("up to date").await?;
    looked_at(page, "materialized-view-stats").await?;
    page.click("tab", "Pipeline").await?;
    page.find("table", "Pipeline nodes").await?;
    page.sees("Stream orders").await?;
    looked_at(page, "materialized-view-pipeline").await
}

async fn pause(app: &App) -> Result {
    let page = &app.page;
    page.click("button", "Pause").await?;
    page.click("button", "Pause materialized view").await?;
    page.find("button", "Resume").await?;
    page.sees("paused").await?;
    ingest(app, 3).await?;
    page.click("button", "Resume").await?;
    page.find("button", "Pause").await?;
    kept(app, 3).await?;
    page.click("link", "Materialized views").await?;
    page.heading("Materialized views").await?;
    page.sees("internal stream").await?;
    page.sees("running").await?;
    looked_at(page, "materialized-views").await?;
    page.click("link", "doubled").await?;
    page.heading("doubled").await
}

async fn edit(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Edit").await?;
    page.heading("Edit doubled").await?;
    page.sees("cannot be changed").await?;
    page.fill("Description", "Twice the amount").await?;
    page.sees("ALTER VIEW doubled MODIFY COMMENT 'Twice the amount'")
        .await?;
    looked_at(page, "materialized-view-edit").await?;
    page.click("button", "Save changes").await?;
    page.heading("doubled").await?;
    page.sees("Twice the amount").await
}

async fn delete(app: &App) -> Result {
    let (page, api) = (&app.page, &app.backend.api);
    let reader = json!({"name": "reader", "query": "SELECT id FROM doubled"});
    api.post("/v1beta2/views", &reader).await?;
    page.click("button", "Delete").await?;
    page.click("button", "Delete materialized view").await?;
    page.sees("was not deleted").await?;
    page.sees("reader").await?;
    let drop = json!({"sql": "DROP VIEW reader", "type": "ddl"});
    api.post("/v1beta2/exec", &drop).await?;
    page.click("button", "Delete").await?;
    page.click("button", "Delete materialized view").await?;
    page.heading("Materialized views").await?;
    assert_eq!(api.get("/v1beta2/materialized_views").await?, json!([]));
    Ok(())
}

/// A screenshot, and no barrier in light and dark.
async fn looked_at(page: &Page, name: &str) -> Result {
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{name}, {scheme}: {found:?}");
    }
    page.screens(name).await
}
