//! Every address restores its page.

use weir_e2e::{run, wait};

#[tokio::test]
async fn reloading_restores_each_page() {
    run("deep-links", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        for (path, heading) in [
            ("/c/local/streams/host_metrics", "host_metrics"),
            ("/c/local/streams/host_metrics?tab=stats", "host_metrics"),
            ("/c/local/streams", "Streams"),
            ("/c/local/new/stream", "Create stream"),
            ("/c/local/queries", "Queries"),
            ("/c/local/sql", "SQL workspace"),
            ("/connections", "Connections"),
        ] {
            app.open(path).await?;
            page.heading(heading).await?;
            page.reload().await?;
            page.heading(heading).await?;
            let url = page.url().await?;
            let now = match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_string(),
            };
            assert!(now.starts_with(path), "{path} became {now}");
        }
        app.open("/c/local/nowhere").await?;
        page.heading("Page not found").await
    })
    .await;
}

#[tokio::test]
async fn a_running_query_opens_in_another_tab() {
    run("attach", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select _tp_time from host_metrics").await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;

        let first = page.client.window().await?;
        let tab = page.client.new_window(true).await?;
        page.client.switch_to_window(tab.handle).await?;
        app.open("/c/local/queries").await?;
        page.heading("Queries").await?;
        page.sees("running").await?;
        page.screens("queries").await?;
        page.click("link", "Open live results").await?;
        // `EventSource`, so the rows are those of the query that runs already.
        let seen = page.live_received(1).await?;
        page.live_received(seen + 2).await?;
        page.click("tab", "Pipeline").await?;
        page.find("table", "Pipeline nodes").await?;
        page.screens("query-pipeline").await?;
        let queries = app.backend.api.get("/v1beta2/queries").await?;
        assert_eq!(queries.as_array().map(Vec::len), Some(1), "{queries}");

        app.open("/c/local/queries").await?;
        page.heading("Queries").await?;
        page.click("button", "Cancel query").await?;
        wait::until("the query to end", async || {
            let status = app
                .backend
                .query_status("select _tp_time from host_metrics")
                .await?;
            Ok((status.as_deref() == Some("canceled")).then_some(()))
        })
        .await?;
        page.client.switch_to_window(first).await?;
        page.live_state("cancel").await
    })
    .await;
}
