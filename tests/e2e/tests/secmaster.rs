//! SecMaster on the embedded backend: deliveries between pipes, data objects, the IAM sign-in.

use serde_json::{Value, json};
use weir_e2e::{App, Result, failure::fail, http::Api, run, wait};

use crate::sinks::{create_stream, ingest};

const DELIVERIES: &str = "/c/local-secmaster/deliveries";
const OBJECTS: &str = "/c/local-secmaster/data-objects";
const IMPORT: &str = "/c/local-secmaster/import-objects";

async fn unfold(app: &App) -> Result {
    let script = "document.querySelectorAll('main details').forEach((d) => { d.open = true })";
    app.page.run(script, vec![]).await?;
    Ok(())
}

/// Rows of a stream, once there are so many.
async fn rows(app: &App, stream: &str, count: i64) -> Result {
    let path = format!("/v1beta2/streams/{stream}/stats");
    wait::until(&format!("{count} rows in {stream}"), async || {
        let stats = app.backend.api.get(&path).await?;
        match stats["row_count"] == count {
            true => Ok(Some(())),
            false => fail(format!("{stats}")),
        }
    })
    .await
}

async fn secmaster(app: &App, workspace: &str) -> Result<Api> {
    let key = app.backend.create_api_key().await?;
    let origin = &app.backend.origin;
    let base = format!("{origin}/secmaster/v1/default/workspaces{workspace}");
    Ok(Api::token(base, &key))
}

#[tokio::test]
async fn a_delivery_from_its_creation_to_its_end() {
    run("secmaster-deliveries", |app| async move {
        for stream in ["orders", "archive", "other"] {
            create_stream(&app, stream).await?;
        }
        app.sign_in().await?;
        app.open(DELIVERIES).await?;
        let page = &app.page;
        page.heading("Deliveries").await?;
        page.sees("No deliveries yet").await?;
        page.click("link", "Create delivery").await?;
        page.heading("Create delivery").await?;
        page.click("button", "Create delivery").await?;
        page.sees("Enter a name").await?;
        page.sees("Choose a pipe").await?;
        page.fill("Name", "copy").await?;
        page.choose("Source data space", "default").await?;
        page.choose("Source pipe", "orders").await?;
        page.choose("Destination data space", "default").await?;
        // What the server refuses lands on its field.
        page.expect_log("400");
        page.choose("Destination pipe", "audit_log").await?;
        page.click("button", "Create delivery").await?;
        page.sees("pipe 'audit_log' is system-defined").await?;
        page.screens("secmaster-create").await?;
        page.choose("Destination pipe", "archive").await?;
        page.click("button", "Create delivery").await?;
        page.heading("copy").await?;
        page.sees("Delivering").await?;
        ingest(&app, "orders", json!([1, "one"])).await?;
        rows(&app, "archive", 1).await?;
        page.screens("secmaster-delivery").await?;
        page.click("button", "Pause").await?;
        page.sees("Delivery copy paused").await?;
        page.sees("Suspended").await?;
        ingest(&app, "orders", json!([2, "two"])).await?;
        page.click("button", "Resume").await?;
        page.sees("Delivery copy resumed").await?;
        rows(&app, "archive", 2).await?;

        // Replacing says what goes and what comes; what is refused is undone.
        page.click("link", "Replace").await?;
        page.heading("Replace copy").await?;
        page.choose("Destination pipe", "audit_log").await?;
        page.click("button", "Review and replace").await?;
        page.sees("Destination: default / default / archive → default / default / audit_log")
            .await?;
        page.screens("secmaster-replace").await?;
        page.click("button", "Replace delivery").await?;
        page.sees("The old delivery was recreated").await?;
        page.choose("Destination pipe", "other").await?;
        page.click("button", "Review and replace").await?;
        page.click("button", "Replace delivery").await?;
        page.heading("copy").await?;
        page.sees("other").await?;
        ingest(&app, "orders", json!([3, "three"])).await?;
        rows(&app, "other", 1).await?;
        rows(&app, "archive", 2).await?;

        let api = secmaster(&app, "/default").await?;
        for name in ["night", "noon"] {
            let definition = json!({
                "shipper_name": name, "consumption_type": 1,
                "shipper_source": {"source_pipe": "orders"},
                "shipper_destination": {"destination_pipe": "archive"},
            });
            api.post("/siem/shippers", &definition).await?;
        }
        app.open(DELIVERIES).await?;
        page.sees("3 deliveries").await?;
        unfold(&app).await?;
        page.screens("secmaster-deliveries").await?;
        page.choose("Consumption", "1").await?;
        page.sees("2 deliveries").await?;
        page.click("checkbox", "Select night").await?;
        page.click("checkbox", "Select noon").await?;
        page.click("button", "Delete selected").await?;
        page.click("button", "Delete 2 deliveries").await?;
        page.sees("No deliveries match the filters").await?;
        page.click("button", "Clear filters").await?;
        // Who reads and writes a pipe is told before it goes.
        app.open("/c/local-secmaster/pipes/orders").await?;
        page.heading("orders").await?;
        page.click("button", "Delete").await?;
        page.sees("1 delivery reads it: copy").await?;
        page.click("button", "Cancel").await?;
        app.open(DELIVERIES).await?;
        page.click("link", "copy").await?;
        page.heading("copy").await?;
        page.click("button", "Delete").await?;
        page.click("button", "Delete delivery").await?;
        page.heading("Deliveries").await?;
        page.sees("No deliveries yet").await
    })
    .await;
}

#[tokio::test]
async fn another_workspace_asks_and_this_one_decides() {
    run("secmaster-authorizations", |app| async move {
        create_stream(&app, "orders").await?;
        let projects = secmaster(&app, "").await?;
        let made = projects.post("", &json!({"name": "branch"})).await?;
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        let branch = secmaster(&app, &format!("/{id}")).await?;
        let space = json!({"dataspace_name": "space", "description": ""});
        let space = branch.post("/siem/dataspaces", &space).await?;
        let pipe = json!({
            "dataspace_id": space["dataspace_id"], "pipe_name": "sales", "shards": 1,
            "storage_period": 7, "mapping": {"n": {"type": "long"}},
        });
        branch.post("/siem/pipes", &pipe).await?;
        let definition = json!({
            "shipper_name": "inwards", "shipper_source": {"source_pipe": "sales"},
            "shipper_destination": {"destination_workspace": "default", "destination_pipe": "orders"},
        });
        branch.post("/siem/shippers", &definition).await?;
        app.sign_in().await?;
        app.open(DELIVERIES).await?;
        let page = &app.page;
        page.click("link", "Authorizations").await?;
        page.heading("Authorizations").await?;
        page.sees("branch / space / sales").await?;
        page.sees("Unauthorized").await?;
        page.screens("secmaster-authorizations").await?;
        page.click("button", "Approve inwards").await?;
        page.sees("Delivery inwards approved").await?;
        page.sees("Delivering").await?;
        page.click("button", "Cancel authorization inwards").await?;
        page.click("button", "Cancel authorization").await?;
        page.sees("Delivery canceled").await
    })
    .await;
}

async fn found(api: &Api, class: &str) -> Result<Value> {
    let search = json!({"limit": 1000, "offset": 0});
    api.post(&format!("/soc/{class}/search"), &search).await
}

#[tokio::test]
async fn data_objects_by_form_by_text_and_by_file() {
    run("secmaster-objects", |app| async move {
        let api = secmaster(&app, "/default").await?;
        app.sign_in().await?;
        app.open(OBJECTS).await?;
        let page = &app.page;
        page.heading("Data objects").await?;
        page.sees("No data objects yet").await?;
        page.click("link", "Create data object").await?;
        page.heading("Create data object").await?;
        page.fill("Count", "many").await?;
        page.click("button", "Create data object").await?;
        page.sees("Title is required").await?;
        page.sees("'many' is not a whole number").await?;
        page.fill("Title", "Strange sign-in").await?;
        page.choose("Severity", "High").await?;
        page.fill("Count", "3").await?;
        page.fill("Labels", "night, abroad").await?;
        page.screens("secmaster-object-create").await?;
        page.click("button", "Create data object").await?;
        page.heading("Strange sign-in").await?;
        page.sees("night, abroad").await?;
        page.click("link", "Edit").await?;
        page.heading("Edit Strange sign-in").await?;
        page.choose("Severity", "Low").await?;
        page.click("button", "Save changes").await?;
        page.heading("Strange sign-in").await?;
        page.sees("version 2").await?;
        page.screens("secmaster-object").await?;

        // What cannot be created is told before anything is sent.
        app.open(IMPORT).await?;
        page.heading("Import objects").await?;
        let csv = "title,severity,count\na,High,1\nb,Huge,2\nc,Low,3\n";
        page.fill("Objects", csv).await?;
        page.sees("Line 3: severity: one of Tips, Low, Medium, High, Fatal")
            .await?;
        page.screens("secmaster-import").await?;
        page.click("button", "Create 2 objects").await?;
        page.sees("2 of 2 objects created").await?;
        assert_eq!(found(&api, "alerts").await?["total"], 3);

        // An answer is lost on the way: nothing is created twice.
        page.click("button", "Create more").await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("alerts.ndjson");
        let lines = (0..250).map(|n| json!({"title": format!("f{n}"), "severity": "Tips"}));
        let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
        std::fs::write(&file, lines.join("\n"))?;
        page.upload("File", &file).await?;
        page.find("button", "Create 250 objects").await?;
        let lose = "const fetch = window.fetch; let sent = 0;
            window.fetch = async (...all) => {
              const answer = await fetch(...all);
              const url = String(all[0].url ?? all[0]);
              if (url.includes('batch-create') && ++sent === 2) throw new TypeError('lost');
              return answer;
            };";
        page.run(lose, vec![]).await?;
        page.click("button", "Create 250 objects").await?;
        page.sees("100 of 250 objects created, 100 unknown").await?;
        page.screens("secmaster-import-break").await?;
        page.click("button", "Resume").await?;
        page.sees("250 of 250 objects created").await?;
        assert_eq!(found(&api, "alerts").await?["total"], 253);

        page.click("link", "Show data objects").await?;
        page.heading("Data objects").await?;
        page.sees("1 to 100 of 253").await?;
        unfold(&app).await?;
        page.click("button", "Add condition").await?;
        page.choose("Condition 1 field", "severity").await?;
        page.fill("Condition 1 value", "Low").await?;
        page.click("button", "Search").await?;
        page.sees("2 data objects").await?;
        page.screens("secmaster-objects").await?;
        page.reload().await?;
        page.sees("2 data objects").await?;
        page.click("checkbox", "Select c").await?;
        page.click("button", "Delete selected").await?;
        page.click("button", "Delete data object").await?;
        page.sees("Data object c deleted").await?;
        assert_eq!(found(&api, "alerts").await?["total"], 252);
        Ok(())
    })
    .await;
}

/// The browser's clock runs ahead by so many minutes.
async fn ahead(app: &App, minutes: u32) -> Result {
    let script = "window.realNow ??= Date.now;
        Date.now = () => window.realNow.call(Date) + arguments[0] * 60000;";
    app.page.run(script, vec![json!(minutes)]).await?;
    Ok(())
}

async fn iam(app: &App, password: &str) -> Result {
    app.page.fill("Account (domain)", "default").await?;
    app.page.fill("IAM user", "admin").await?;
    app.page.fill("Password", password).await?;
    app.page.click("button", "Sign in").await
}

#[tokio::test]
async fn a_token_of_iam_is_renewed_without_losing_what_was_typed() {
    run("secmaster-iam", |app| async move {
        let page = &app.page;
        page.expect_log("401");
        app.open("/connections/new").await?;
        page.fill("Name", "Cloud").await?;
        page.click("radio", "Huawei Cloud SecMaster").await?;
        page.fill("Base URL", "/secmaster").await?;
        page.click("radio", "IAM user and password").await?;
        page.fill("Project id", "default").await?;
        page.fill("Workspace id", "default").await?;
        page.fill("Region", "default").await?;
        page.click("button", "Save connection").await?;
        app.open("/c/cloud/deliveries").await?;
        page.heading("Sign in to Cloud").await?;
        page.screens("secmaster-iam").await?;
        iam(&app, "wrong").await?;
        page.sees("user or password is wrong").await?;
        iam(&app, "end-to-end").await?;
        page.heading("Deliveries").await?;
        page.click("link", "Create delivery").await?;
        page.fill("Name", "half typed").await?;
        ahead(&app, 24 * 60 - 10).await?;
        page.sees("The token of this connection expires in").await?;
        page.screens("secmaster-token-ends").await?;
        ahead(&app, 24 * 60 + 10).await?;
        page.sees("Sign in again").await?;
        ahead(&app, 0).await?;
        iam(&app, "end-to-end").await?;
        wait::until("the dialog to close", async || {
            match page.has_css("dialog[open]").await? {
                false => Ok(Some(())),
                true => fail("it is open".to_owned()),
            }
        })
        .await?;
        let name = page.find("textbox", "Name").await?;
        assert_eq!(name.prop("value").await?.as_deref(), Some("half typed"));
        Ok(())
    })
    .await;
}
