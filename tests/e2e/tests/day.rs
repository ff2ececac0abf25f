//! What an administrator does between two connections, and before something breaks.

use serde_json::json;
use weir_e2e::{App, Result, backend::Backend, run, wait};

/// Offers the other backend as a production connection, looked at only or not, and signs in to it.
async fn production(app: &App, other: &Backend, look_only: bool) -> Result {
    let connection = json!([{
        "id": "production", "name": "Production", "system": "timeplus", "workspace": "default",
        "url": other.origin, "auth": "api_key", "production": true, "look_only": look_only,
    }]);
    let page = &app.page;
    page.run(
        "localStorage.setItem('weir.connections', arguments[0])",
        vec![json!(connection.to_string())],
    )
    .await?;
    let key = other.create_api_key().await?;
    app.open("/c/production").await?;
    page.fill("API key", &key).await?;
    page.click("button", "Sign in").await?;
    page.heading("Production").await
}

async fn other(app: &App) -> Result<Backend> {
    Backend::start(&["--cors-origin".into(), app.backend.origin.clone()]).await
}

#[tokio::test]
async fn what_staging_has_that_production_has_not_is_planned_and_applied() {
    run("two-connections", |app| async move {
        let stream = json!({ "name": "orders", "columns": [{ "name": "n", "type": "int32" }] });
        app.backend.api.post("/v1beta2/streams", &stream).await?;
        let view = json!({ "name": "large", "query": "SELECT n FROM orders WHERE n > 5" });
        app.backend.api.post("/v1beta2/views", &view).await?;
        app.sign_in().await?;
        let other = other(&app).await?;
        production(&app, &other, false).await?;
        let page = &app.page;
        page.click("link", "Import").await?;
        page.heading("Import").await?;
        page.choose("Or copy from another connection", "local")
            .await?;
        page.find("checkbox", "Create stream orders").await?;
        page.find("checkbox", "Create view large").await?;
        page.sees("No difference:").await?;
        page.screens("two-connections").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.click("button", "Apply 2 changes").await?;
        page.sees("2 resources are created.").await?;
        page.run(
            "document.querySelector('dialog[open] [type=submit]').click()",
            Vec::new(),
        )
        .await?;
        page.sees("All changes applied").await?;
        let made = other.api.get("/v1beta2/views/large").await?;
        assert_eq!(made["name"], "large");
        // Applied once more it is nothing.
        page.choose("Or copy from another connection", "").await?;
        page.choose("Or copy from another connection", "local")
            .await?;
        page.sees("No changes").await
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_is_looked_at_only_changes_nothing() {
    run("look-only", |app| async move {
        app.sign_in().await?;
        let other = other(&app).await?;
        let stream = json!({ "name": "orders", "columns": [{ "name": "n", "type": "int32" }] });
        other.api.post("/v1beta2/streams", &stream).await?;
        production(&app, &other, true).await?;
        let page = &app.page;
        page.click("link", "Streams").await?;
        page.heading("Streams").await?;
        let create = page.find("button", "Create stream").await?;
        assert_eq!(create.attr("aria-disabled").await?.as_deref(), Some("true"));
        page.click("link", "orders").await?;
        page.heading("orders").await?;
        let delete = page.find("button", "Delete").await?;
        assert_eq!(delete.attr("aria-disabled").await?.as_deref(), Some("true"));
        // Nor does the palette offer it.
        page.press_control("k").await?;
        page.find("combobox", "Page, resource or action").await?;
        page.press(">").await?;
        page.find("option", "Copy orders as SQL Action").await?;
        assert!(!page.has("option", "Delete orders Action").await?);
        page.screens("look-only").await?;
        let there = other.api.get("/v1beta2/streams/orders").await?;
        assert_eq!(there["name"], "orders");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_overview_says_what_helps_and_the_palette_does_what_can_be_done() {
    run("what-helps", |app| async move {
        let api = &app.backend.api;
        let stream = json!({ "name": "orders", "columns": [{ "name": "n", "type": "int32" }] });
        api.post("/v1beta2/streams", &stream).await?;
        let alert = json!({
            "name": "many", "severity": 1, "action": "http", "trigger_sql": "SELECT n, _tp_time FROM orders",
            "properties": { "url": "http://127.0.0.1:9/" }
        });
        api.post("/v1beta2/alerts", &alert).await?;
        let rows = json!({ "columns": ["n"], "data": [[1]] });
        wait::until("the alert to fire", async || {
            api.post("/v1beta2/streams/orders/ingest", &rows).await?;
            let alerts = api.get("/v1beta2/alerts").await?;
            Ok((alerts.to_string().contains("triggered")).then_some(()))
        })
        .await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local").await?;
        page.heading("Embedded backend").await?;
        // An alert that fires is seen from every page, and what ends it stands beside it.
        page.sees("1 firing alert").await?;
        page.screens("what-helps").await?;
        page.click("button", "Resolve Alert many").await?;
        page.sees("Alert many resolved").await?;

        app.open("/c/local/streams/orders").await?;
        page.heading("orders").await?;
        page.press_control("k").await?;
        page.find("combobox", "Page, resource or action").await?;
        page.press("# n").await?;
        page.find("option", "n Column of stream orders").await?;
        page.press_control("a").await?;
        page.press("> delete").await?;
        page.find("option", "Delete orders Action").await?;
        page.press(&char::from(fantoccini::key::Key::Enter).to_string())
            .await?;
        page.sees("Delete stream orders?").await?;
        page.sees("1 alert reads it: many").await?;
        page.click("button", "Delete stream").await?;
        page.heading("Streams").await
    })
    .await;
}

#[tokio::test]
async fn one_nodes_flow_is_shown_alone_at_its_own_address() {
    run("neighbourhood", |app| async move {
        let api = &app.backend.api;
        for name in ["orders", "clicks"] {
            let stream = json!({ "name": name, "columns": [{ "name": "n", "type": "int32" }] });
            api.post("/v1beta2/streams", &stream).await?;
            let view =
                json!({ "name": format!("{name}_view"), "query": format!("SELECT n FROM {name}") });
            api.post("/v1beta2/views", &view).await?;
        }
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/topology?tab=graph").await?;
        page.heading("Topology").await?;
        page.sees("Not connected:").await?;
        page.click("button", "Show flow of orders_view only")
            .await?;
        page.sees("2 of ").await?;
        assert!(!page.has("link", "clicks_view view").await?);
        page.screens("neighbourhood").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.reload().await?;
        page.heading("Topology").await?;
        page.sees("2 of ").await?;
        page.click("button", "Flow of orders_view: show everything")
            .await?;
        page.sees("clicks_view").await
    })
    .await;
}
