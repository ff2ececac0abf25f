//! A DataWorks API from its creation to a call of its path.

use serde_json::json;
use weir_e2e::{
    App, Result,
    http::Api,
    run::{run, run_with},
};

use crate::sinks::{create_stream, ingest};

async fn create_group(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "API groups").await?;
    page.heading("API groups").await?;
    page.click("link", "Create API group").await?;
    page.heading("Create API group").await?;
    page.fill("Name", "shop").await?;
    page.fill("API Gateway group", "gw-1").await?;
    page.click("button", "Create API group").await?;
    page.heading("shop").await
}

#[tokio::test]
async fn a_script_api_is_created_tested_published_and_called() {
    run("dataworks", |app| async move {
        create_stream(&app, "orders").await?;
        ingest(&app, "orders", json!([1, "one"])).await?;
        ingest(&app, "orders", json!([2, "x' OR '1'='1"])).await?;
        app.sign_in().await?;
        app.open("/c/local-dataworks/data-apis").await?;
        let page = &app.page;
        page.heading("APIs").await?;
        page.sees("No APIs yet").await?;
        create_group(&app).await?;
        page.click("link", "API folders").await?;
        page.click("link", "Create API folder").await?;
        page.heading("Create API folder").await?;
        page.choose("Group", "ds_10001").await?;
        page.fill("Name", "reports").await?;
        page.click("button", "Create API folder").await?;
        page.heading("reports").await?;

        page.click("link", "APIs").await?;
        page.heading("APIs").await?;
        page.click("link", "Create API").await?;
        page.heading("Create API").await?;
        page.fill("Name", "1st").await?;
        page.click("button", "Create API").await?;
        page.sees("must have 4 to 50 characters").await?;
        page.fill("Name", "orders_by_text").await?;
        page.fill("Description", "Orders that have a text").await?;
        page.choose("Group", "ds_10001").await?;
        page.choose("Folder", "10002").await?;
        page.fill("Path", "/orders/by-text").await?;
        page.choose("Data source", "1").await?;
        page.write_sql("select n, text from orders where text = ${text}")
            .await?;
        page.click("button", "Copy from script").await?;
        page.find("textbox", "Request parameter 1 name").await?;
        page.screens("dataworks-create").await?;
        page.click("button", "Create API").await?;
        page.heading("orders_by_text").await?;
        page.sees("unpublished").await?;
        page.screens("dataworks-api").await?;

        page.click("tab", "Test").await?;
        page.fill("text", "x' OR '1'='1").await?;
        page.click("button", "Run test").await?;
        page.sees("succeeded").await?;
        page.sees("\"n\": 2").await?;
        page.screens("dataworks-test").await?;

        page.expect_log("400");
        page.click("button", "Publish").await?;
        page.sees("was not submitted yet").await?;
        page.click("button", "Submit").await?;
        page.sees("this version can be published").await?;
        page.click("button", "Publish").await?;
        page.sees("API orders_by_text published").await?;
        page.click("tab", "Published version").await?;
        page.sees("The published version is up to date").await?;

        let key = app.backend.create_api_key().await?;
        let api = Api::key(format!("{}/dataworks/api", app.backend.origin), &key);
        let answer = api.get("/orders/by-text?text=one").await?;
        assert_eq!(answer["data"], json!([{ "n": 1, "text": "one" }]));
        let answer = api.get("/orders/by-text?text=x'%20OR%20'1'='1").await?;
        assert_eq!(answer["data"].as_array().map(Vec::len), Some(1));

        page.click("link", "Edit").await?;
        page.heading("Edit orders_by_text").await?;
        page.sees("DataWorks cannot change these").await?;
        page.fill("Description", "Changed").await?;
        page.screens("dataworks-edit").await?;
        page.click("button", "Save changes").await?;
        page.heading("orders_by_text").await?;
        page.click("tab", "Published version").await?;
        page.sees("Changed since publication: description").await?;

        page.click("button", "Unpublish").await?;
        page.click("button", "Unpublish API").await?;
        page.sees("API orders_by_text unpublished").await?;
        assert!(api.get("/orders/by-text?text=one").await.is_err());
        page.click("button", "Delete").await?;
        page.click("button", "Delete API").await?;
        page.heading("APIs").await?;
        page.sees("No APIs yet").await
    })
    .await;
}

#[tokio::test]
async fn workspaces_are_authorized_and_applications_have_their_secrets() {
    run("dataworks_access", |app| async move {
        app.sign_in().await?;
        app.open("/c/local-dataworks/api-groups").await?;
        create_group(&app).await?;
        let page = &app.page;
        page.click("link", "APIs").await?;
        page.click("link", "Create API").await?;
        page.heading("Create API").await?;
        page.fill("Name", "shared_api").await?;
        page.fill("Description", "For others").await?;
        page.choose("Group", "ds_10001").await?;
        page.choose("Data source", "1").await?;
        page.fill("Path", "/shared").await?;
        page.write_sql("select 1 as one").await?;
        page.click("button", "Create API").await?;
        page.heading("shared_api").await?;
        page.click("link", "Authorizations").await?;
        page.heading("Authorizations").await?;
        page.click("button", "Authorize workspace…").await?;
        page.choose("API", "10002").await?;
        page.fill("Workspace id", "2").await?;
        page.click("button", "Authorize").await?;
        page.sees("Workspace 2 is authorized").await?;
        page.find("table", "Granted").await?;
        page.screens("dataworks-authorizations").await?;
        page.click("button", "Revoke shared_api of workspace 2")
            .await?;
        page.click("button", "Revoke").await?;
        page.sees("No other workspace is authorized").await?;
        page.click("tab", "Applications").await?;
        page.click("button", "Show secrets of application 1")
            .await?;
        page.find("button", "Copy code").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn too_many_calls_are_repeated_and_the_page_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("weir.toml");
    std::fs::write(&config, "[dataworks]\ncalls_per_second = 1\n").expect("config");
    let config = config.to_string_lossy().into_owned();
    run_with(
        "dataworks_throttled",
        &["--config", &config],
        |app| async move {
            app.sign_in().await?;
            app.page.expect_log("429");
            app.open("/c/local-dataworks/new/data-api").await?;
            let page = &app.page;
            page.heading("Create API").await?;
            page.sees("limits the request rate").await?;
            // All of the form's choices come in the end.
            page.sees("weir (weir)").await
        },
    )
    .await;
}
