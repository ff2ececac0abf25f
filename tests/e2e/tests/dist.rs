//! The bundle on another origin than the backend.

use serde_json::json;
use weir_e2e::{
    failure::fail,
    nginx::{self, Nginx},
    run::run_with_origins,
    wait,
};

#[tokio::test]
async fn the_bundle_runs_a_live_query_across_origins() {
    let port = nginx::free_port().expect("a free port");
    let origins = [format!("http://127.0.0.1:{port}")];
    run_with_origins("dist", &origins, move |app| async move {
        let config = json!({ "connections": [{
            "id": "far",
            "name": "Far backend",
            "url": app.backend.origin,
            "workspace": "default",
            "auth": "api_key",
            "colour": "amber",
            "production": true,
        }] });
        let nginx = Nginx::serve(port, &config.to_string()).await?;
        let key = app.backend.create_api_key().await?;
        let page = &app.page;

        // The server knows no such file; the page asks for the key and then goes on to it.
        page.expect_log("401");
        page.open(&format!("{}/c/far/streams/host_metrics", nginx.origin))
            .await?;
        page.fill("API key", &key).await?;
        page.screens("sign-in-api-key").await?;
        page.click("button", "Sign in").await?;
        page.heading("host_metrics").await?;
        assert_eq!(page.url().await?.path(), "/c/far/streams/host_metrics");

        page.click("link", "SQL workspace").await?;
        page.heading("SQL workspace").await?;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let first = page.live_received(1).await?;
        page.live_received(first + 2).await?;
        wait::until("rows in the grid", async || {
            match page.cells().await?.len() {
                0 => fail("the grid is empty"),
                _ => Ok(Some(())),
            }
        })
        .await?;
        // Chosen in config.json: the whole page says that this is production.
        page.sees("production").await?;
        page.screens("workspace-production").await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}
