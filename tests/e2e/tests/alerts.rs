//! An alert from its creation to its end: it triggers, tells, and is resolved.

use serde_json::{Value, json};
use weir_e2e::{App, Result, receiver::Receiver, run, wait};

use crate::sinks::{create_stream, ingest, unfold};

/// Waits until the alert's instance has this status.
async fn becomes(app: &App, status: &str) -> Result {
    wait::until(&format!("the alert to be {status}"), async || {
        let alerts = app.backend.api.get("/v1beta2/alerts").await?;
        Ok((alerts[0]["instance"]["status"] == status).then_some(()))
    })
    .await
}

fn told(body: &str) -> (Value, Value) {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    (body["status"].clone(), body["row"]["n"].clone())
}

#[tokio::test]
async fn an_alert_triggers_and_is_resolved() {
    run("alerts", |app| async move {
        let receiver = Receiver::start().await?;
        create_stream(&app, "heat").await?;
        app.sign_in().await?;
        let page = &app.page;
        page.click("link", "Alerts").await?;
        page.heading("Alerts").await?;
        page.click("button", "Create alert").await?;
        page.heading("Create alert").await?;
        page.fill("Name", "too hot").await?;
        page.write_sql("SELECT n, text, _tp_time FROM heat WHERE n > 90")
            .await?;
        page.fill(
            "Resolve query",
            "SELECT n, text, _tp_time FROM heat WHERE n < 50",
        )
        .await?;
        page.choose("Action", "http").await?;
        page.fill("URL", &receiver.url).await?;
        unfold(&app).await?;
        page.screens("alert-create").await?;
        page.click("button", "Create alert").await?;
        page.heading("too hot").await?;
        page.sees("No events yet").await?;

        ingest(&app, "heat", json!([95, "press"])).await?;
        assert_eq!(
            told(&receiver.next().await?),
            (json!("triggered"), json!(95))
        );
        becomes(&app, "triggered").await?;
        page.reload().await?;
        page.heading("too hot").await?;
        page.sees("firing").await?;
        page.screens("alert").await?;
        page.click("button", "Resolve").await?;
        page.sees("Alert too hot resolved").await?;
        assert_eq!(
            told(&receiver.next().await?),
            (json!("resolved"), json!(95))
        );
        page.sees("by admin").await?;

        ingest(&app, "heat", json!([99, "press"])).await?;
        assert_eq!(
            told(&receiver.next().await?),
            (json!("triggered"), json!(99))
        );
        ingest(&app, "heat", json!([20, "press"])).await?;
        assert_eq!(
            told(&receiver.next().await?),
            (json!("resolved"), json!(20))
        );

        page.click("link", "Edit").await?;
        page.heading("Edit too hot").await?;
        page.fill("Severity", "3").await?;
        page.click("button", "Save changes").await?;
        page.heading("too hot").await?;
        page.sees("severity 3").await?;
        page.click("button", "Stop").await?;
        page.click("button", "Stop alert").await?;
        page.sees("Alert too hot stopped").await?;
        page.click("link", "Alerts").await?;
        page.heading("Alerts").await?;
        page.sees("stopped").await?;
        page.click("link", "too hot").await?;
        page.heading("too hot").await?;
        page.click("button", "Delete").await?;
        page.click("button", "Delete alert").await?;
        page.heading("Alerts").await?;
        page.sees("No alerts yet").await?;
        Ok(())
    })
    .await;
}
