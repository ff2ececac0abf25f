//! What somebody else changed while a form was open is not overwritten without a word.

use serde_json::{Value, json};
use weir_e2e::{App, Result, run, wait};

const QUESTION: &str = "This was changed since you opened it";

async fn query(app: &App) -> Result<Value> {
    let view = app.backend.api.get("/v1beta2/views/busy").await?;
    Ok(view["query"].clone())
}

async fn change_elsewhere(app: &App, sql: &str) -> Result {
    let api = &app.backend.api;
    api.delete("/v1beta2/views/busy").await?;
    let view = json!({ "name": "busy", "query": sql });
    api.post("/v1beta2/views", &view).await.map(drop)
}

#[tokio::test]
async fn a_change_of_somebody_else_is_told_before_it_is_overwritten() {
    run("meanwhile", |app| async move {
        let api = &app.backend.api;
        let view = json!({ "name": "busy", "query": "select cpu_percent from host_metrics" });
        api.post("/v1beta2/views", &view).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/views/busy/edit").await?;
        page.heading("Edit busy").await?;
        let mine = "select cpu_percent from host_metrics where cpu_percent > 90";
        page.write_sql(mine).await?;

        let theirs = "select cpu_percent, processes from host_metrics";
        change_elsewhere(&app, theirs).await?;
        page.click("button", "Save changes").await?;
        page.sees(QUESTION).await?;
        page.sees("processes").await?;
        page.screens("changed-meanwhile").await?;
        page.click("button", "Cancel").await?;
        assert_eq!(query(&app).await?, json!(theirs));
        // What was typed is still there, and can be saved on purpose.
        page.click("button", "Save changes").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Overwrite").await?;
        page.heading("busy").await?;
        wait::until("the own query", async || {
            Ok((query(&app).await? == json!(mine)).then_some(()))
        })
        .await?;

        // Nobody is asked where nothing changed.
        app.open("/c/local/views/busy/edit").await?;
        page.heading("Edit busy").await?;
        page.write_sql("select cpu_percent from host_metrics limit 5")
            .await?;
        page.click("button", "Save changes").await?;
        page.sees("View busy changed").await
    })
    .await;
}
