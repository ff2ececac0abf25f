//! The delivery hub: everything that moves data, over all connections, one of them broken.

use serde_json::json;
use weir_e2e::{nginx, receiver::Receiver, run};

use crate::sinks::create_stream;

#[tokio::test]
async fn deliveries_of_all_systems_stand_in_one_table() {
    run("deliveries", |app| async move {
        let receiver = Receiver::start().await?;
        let page = &app.page;
        create_stream(&app, "orders").await?;
        let sink = json!({"name": "orders_out", "type": "http", "query": "SELECT n FROM orders",
            "properties": {"url": receiver.url, "http_method": "POST", "content_type": "application/json", "payload_field": "{{ .n }}"}});
        app.backend.api.post("/v1beta2/sinks", &sink).await?;
        let source = json!({"name": "devices", "type": "websocket", "stream": "orders",
            "properties": {"url": "ws://127.0.0.1:1", "data_type": "json"}});
        app.backend.api.post("/v1beta2/sources", &source).await?;

        app.sign_in().await?;
        // A connection to where nothing answers hides nothing.
        page.expect_log("ERR_CONNECTION_REFUSED");
        app.open("/connections/new").await?;
        page.fill("Name", "Nowhere").await?;
        page.click("radio", "None").await?;
        let dead = format!("http://127.0.0.1:{}", nginx::free_port()?);
        page.fill("Base URL", &dead).await?;
        page.click("button", "Save connection").await?;
        page.heading("Connections").await?;

        page.click("link", "All deliveries").await?;
        page.heading("All deliveries").await?;
        page.find("link", "orders_out").await?;
        page.find("link", "devices").await?;
        page.sees("Nowhere could not be loaded").await?;
        page.screens("deliveries").await?;

        page.choose("State", "stopped").await?;
        page.sees("0 of").await?;
        page.choose("State", "").await?;
        page.fill_role("searchbox", "Search deliveries", "orders_out").await?;
        page.sees("1 of").await?;
        assert!(page.url().await?.query().unwrap_or_default().contains("q=orders_out"));
        page.click("button", "Stop orders_out").await?;
        page.click("button", "Stop").await?;
        page.find("button", "Start orders_out").await?;
        let sinks = app.backend.api.get("/v1beta2/sinks").await?;
        assert_eq!(sinks[0]["status"], "stopped");

        page.click("button", "Create delivery").await?;
        page.choose("Source", "Logs of edge applications").await?;
        page.screens("new-delivery").await?;
        page.click("link", "Create streaming in Embedded Azion").await?;
        page.heading("Create data streaming").await
    })
    .await;
}
