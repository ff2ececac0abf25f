//! Signing in, writing, running and canceling without a pointer.

use fantoccini::key::Key;
use weir_e2e::{run, wait};

#[tokio::test]
async fn the_workspace_needs_no_pointer() {
    run("keyboard", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        // The skip link is the first stop and leads past the navigation.
        page.run(
            "document.activeElement?.blur(); window.scrollTo(0, 0)",
            vec![],
        )
        .await?;
        page.tab_to("SQL editor", 120).await?;
        page.press_control("a").await?;
        page.press("select _tp_time from host_metrics").await?;
        // Closes the list of completions, where one is open.
        page.press(&char::from(Key::Escape).to_string()).await?;
        page.press_control(&char::from(Key::Enter).to_string())
            .await?;
        page.live_received(2).await?;

        // Tab inserts nothing: it leaves the editor (Escape first, as the editor announces).
        page.press(&char::from(Key::Escape).to_string()).await?;
        page.tab_to("Cancel", 120).await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.live_state("canceled").await?;
        wait::until("the server to end the query", async || {
            let status = app
                .backend
                .query_status("select _tp_time from host_metrics")
                .await?;
            Ok((status.as_deref() == Some("canceled")).then_some(()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn a_dialog_keeps_the_focus_and_gives_it_back() {
    run("dialog", |app| async move {
        app.sign_in().await?;
        let definition = serde_json::json!({
            "name": "gone", "columns": [{ "name": "n", "type": "int32" }]
        });
        app.backend
            .api
            .post("/v1beta2/streams", &definition)
            .await?;
        let page = &app.page;
        app.open("/c/local/streams/gone").await?;
        page.heading("gone").await?;
        let delete = page.find("button", "Delete").await?;
        page.run("arguments[0].focus()", vec![serde_json::to_value(&delete)?])
            .await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.find("button", "Delete stream").await?;
        page.press(&char::from(Key::Escape).to_string()).await?;
        wait::until("the focus to return", async || {
            Ok((page.focused().await? == "Delete").then_some(()))
        })
        .await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.click("button", "Delete stream").await?;
        page.heading("Streams").await?;
        let streams = app.backend.api.get("/v1beta2/streams").await?;
        let left: Vec<_> = streams
            .as_array()
            .into_iter()
            .flatten()
            .map(|s| &s["name"])
            .collect();
        assert!(!left.contains(&&serde_json::json!("gone")), "{left:?}");
        Ok(())
    })
    .await;
}
