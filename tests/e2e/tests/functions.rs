//! A function from its form to a query and away again.

use serde_json::json;
use weir_e2e::{App, Result, failure::fail, run, wait};

#[tokio::test]
async fn functions() {
    run("functions", |app| async move {
        app.sign_in().await?;
        create(&app).await?;
        query(&app).await?;
        change(&app).await?;
        delete(&app).await
    })
    .await;
}

/// The template is tried on sample rows before it is saved.
async fn create(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Functions").await?;
    page.heading("Functions").await?;
    page.click("button", "Create function").await?;
    page.heading("Create function").await?;
    page.fill("Name", "add_up").await?;
    page.click("radio", "JavaScript aggregate: a value for a group of rows")
        .await?;
    page.fill("Sample rows", "[1.5]\n[2]\n[38.5]").await?;
    page.click("button", "Run test").await?;
    page.sees("Result: 42").await?;
    page.sees("CREATE AGGREGATE FUNCTION add_up(value float64)")
        .await?;
    page.screens("function-create").await?;
    page.click("button", "Create function").await?;
    page.heading("add_up").await?;
    let made = app.backend.api.get("/v1beta2/udfs/add_up").await?;
    assert_eq!(made["is_aggregation"], json!(true));
    page.screens("function").await
}

async fn query(app: &App) -> Result {
    let page = &app.page;
    let sql = "CREATE VIEW loads AS SELECT add_up(cpu_percent) AS load FROM tumble(host_metrics, 1s) GROUP BY window_start";
    app.backend
        .api
        .post("/v1beta2/exec", &json!({"sql": sql, "type": "ddl"}))
        .await?;
    page.click("link", "SQL workspace").await?;
    page.heading("SQL workspace").await?;
    page.write_sql("select * from loads").await?;
    page.click("button", "Run").await?;
    page.live_received(1).await?;
    page.click("button", "Cancel").await?;
    page.live_state("canceled").await
}

/// Views that call it are named, and keep it.
async fn change(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Functions").await?;
    page.click("link", "add_up").await?;
    page.heading("add_up").await?;
    page.click("tab", "Usage").await?;
    page.sees("loads").await?;
    page.click("link", "Edit").await?;
    page.fill("Description", "Adds the values up").await?;
    page.click("button", "Save changes").await?;
    page.heading("add_up").await?;
    wait::until("the description to be stored", async || {
        let stored = app.backend.api.get("/v1beta2/udfs/add_up").await?;
        match stored["description"] == "Adds the values up" {
            true => Ok(Some(())),
            false => fail(stored.to_string()),
        }
    })
    .await
}

async fn delete(app: &App) -> Result {
    let page = &app.page;
    let drop = json!({"sql": "DROP VIEW loads", "type": "ddl"});
    app.backend.api.post("/v1beta2/exec", &drop).await?;
    page.click("button", "Delete").await?;
    page.click("button", "Delete function").await?;
    page.heading("Functions").await?;
    page.sees("Function add_up deleted").await?;
    let left = app.backend.api.get("/v1beta2/udfs").await?;
    assert_eq!(left, json!([]));
    Ok(())
}
