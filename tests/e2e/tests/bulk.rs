//! Many at once: a plan, a result for each, and lists as files.

use fantoccini::key::Key;
use serde_json::json;
use weir_e2e::{run, wait};

#[tokio::test]
async fn many_are_deleted_in_an_order_that_works_and_what_cannot_is_told() {
    run("bulk", |app| async move {
        let api = &app.backend.api;
        for at in 0..40 {
            let stream = json!({ "name": format!("part_{at:02}"), "columns": [{ "name": "n", "type": "int32" }] });
            api.post("/v1beta2/streams", &stream).await?;
        }
        let view = json!({ "name": "reads", "query": "SELECT n FROM part_07" });
        api.post("/v1beta2/views", &view).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams?q=part_").await?;
        page.sees("40 of").await?;
        // The whole length, also what is not on the screen.
        page.click("checkbox", "Select all rows found").await?;
        page.sees("40 streams selected").await?;
        page.click("button", "Delete selected").await?;
        page.sees("1 view reads them: reads").await?;
        page.screens("bulk-plan").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        // The one that a view reads is refused.
        page.expect_log("400 (Bad Request)");
        page.click("button", "Delete 40 streams").await?;
        page.sees("39 of 40 deleted, 1 failed").await?;
        page.screens("bulk-result").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        api.delete("/v1beta2/views/reads").await?;
        page.click("button", "Retry").await?;
        page.sees("40 streams deleted").await
    })
    .await;
}

#[tokio::test]
async fn sinks_are_stopped_and_started_together_by_keyboard() {
    run("bulk-states", |app| async move {
        let api = &app.backend.api;
        for name in ["one", "two"] {
            let sink = json!({
                "name": name, "type": "http", "query": "SELECT cpu_percent FROM host_metrics",
                "properties": { "url": "http://127.0.0.1:9/" }
            });
            api.post("/v1beta2/sinks", &sink).await?;
        }
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/sinks").await?;
        page.heading("Sinks").await?;
        page.find("checkbox", "Select one").await?;
        page.tab_to("Select all rows found", 60).await?;
        page.press(" ").await?;
        page.sees("2 sinks selected").await?;
        page.click("button", "Stop selected").await?;
        page.sees("Delivery stops").await?;
        page.tab_to("Stop 2 sinks", 10).await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.sees("2 sinks stopped").await?;
        // The bar with the button is gone, the keyboard is not.
        wait::until("something to have the focus", async || {
            let at = page
                .run("return document.activeElement.tagName", Vec::new())
                .await?;
            Ok((at != "BODY").then_some(()))
        })
        .await?;
        wait::until("both to be stopped", async || {
            let sinks = api.get("/v1beta2/sinks").await?;
            let all = sinks.as_array().cloned().unwrap_or_default();
            Ok(all
                .iter()
                .all(|sink| sink["status"] != "running")
                .then_some(()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn columns_are_chosen_in_the_address_and_the_list_is_a_file() {
    run("list-files", |app| async move {
        let api = &app.backend.api;
        let view = json!({ "name": "v", "query": "SELECT 1 AS one", "description": "a, b" });
        api.post("/v1beta2/views", &view).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams?columns=name,kind").await?;
        page.heading("Streams").await?;
        page.find("link", "host_metrics").await?;
        let shown = "return [...document.querySelectorAll('th[scope=col]')].filter(th => th.offsetWidth > 0).map(th => th.innerText.trim()).join('|')";
        let heads = page.run(shown, Vec::new()).await?;
        assert!(!heads.as_str().unwrap_or_default().contains("Retention"), "{heads}");
        app.open("/c/local/views").await?;
        page.find("link", "v").await?;
        page.click("button", "Columns and downloads").await?;
        page.click("button", "Download CSV").await?;
        let text = page.download(".csv").await?;
        assert!(text.starts_with("Name,"), "{text}");
        Ok(())
    })
    .await;
}
