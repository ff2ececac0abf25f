//! The first page of a connection, and getting anywhere in two keys.

use fantoccini::key::Key;
use serde_json::json;
use weir_e2e::{run, wait};

#[tokio::test]
async fn what_failed_stands_before_any_figure() {
    run("overview", |app| async move {
        let receiver_gone = json!({
            "name": "to_nowhere", "type": "http", "query": "SELECT cpu_percent FROM host_metrics",
            "properties": { "url": "http://127.0.0.1:9/" }
        });
        app.sign_in().await?;
        let page = &app.page;
        app.backend
            .api
            .post("/v1beta2/sinks", &receiver_gone)
            .await?;
        let stream = json!({ "name": "orders", "columns": [{ "name": "n", "type": "int32" }] });
        app.backend.api.post("/v1beta2/streams", &stream).await?;

        app.open("/c/local").await?;
        page.heading("Embedded backend").await?;
        page.find("table", "Resources by kind and state").await?;
        page.find("table", "Recent changes").await?;
        page.screens("overview").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.click("link", "Sinks").await?;
        page.heading("Sinks").await
    })
    .await;
}

#[tokio::test]
async fn a_resource_is_two_keys_and_its_name_away() {
    run("palette", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        for name in ["orders", "orders_archive"] {
            let stream = json!({ "name": name, "columns": [{ "name": "n", "type": "int32" }] });
            app.backend.api.post("/v1beta2/streams", &stream).await?;
        }
        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        page.press_control("k").await?;
        page.find("combobox", "Page, resource or action").await?;
        page.press("orders").await?;
        page.find("option", "orders Stream").await?;
        page.screens("palette").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.heading("orders").await?;

        // What can be done with the thing at hand.
        page.press_control("k").await?;
        page.find("combobox", "Page, resource or action").await?;
        page.press("> edit").await?;
        page.find("option", "Edit orders Action").await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.heading("Edit orders").await?;

        // Other systems' resources are offered on request, after their connection was opened.
        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        page.press("?").await?;
        page.sees("Open the command palette").await?;
        page.press(&char::from(Key::Escape).to_string()).await?;
        wait::until("the keys to close", async || {
            let open = page.has("dialog", "Keyboard shortcuts").await?;
            Ok((!open).then_some(()))
        })
        .await
    })
    .await;
}
