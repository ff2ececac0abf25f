//! The connection test tells four different mistakes apart.

use weir_e2e::{
    App, Result,
    nginx::{self, Nginx},
    run,
};

#[tokio::test]
async fn the_connection_test_names_the_mistake() {
    run("connection-test", |app| async move {
        let page = &app.page;
        for provoked in ["ERR_CONNECTION_REFUSED", "ERR_FAILED", "401", "404", "CORS"] {
            page.expect_log(provoked);
        }
        app.open("/connections/new").await?;
        page.fill("Name", "Elsewhere").await?;

        let nobody = nginx::free_port()?;
        says(
            &app,
            &format!("http://127.0.0.1:{nobody}"),
            "default",
            "No response",
        )
        .await?;

        // A web server, but not this API, and then this API with another page's origin.
        let config = r#"{"connections":[]}"#;
        let nginx = Nginx::serve(nginx::free_port()?, config).await?;
        says(
            &app,
            &nginx.origin,
            "default",
            "rejects requests from this page",
        )
        .await?;

        page.click("radio", "API key").await?;
        page.fill("API key", "wrong").await?;
        says(&app, &app.backend.origin, "default", "credential").await?;

        let key = app.backend.create_api_key().await?;
        page.fill("API key", &key).await?;
        says(&app, &app.backend.origin, "elsewhere", "workspace").await?;
        page.screens("connection-test").await?;
        says(&app, &app.backend.origin, "default", "works").await?;

        page.click("button", "Save connection").await?;
        page.heading("Connections").await?;
        page.sees("Elsewhere").await
    })
    .await;
}

async fn says(app: &App, url: &str, workspace: &str, words: &str) -> Result {
    app.page.fill("Base URL", url).await?;
    app.page.fill("Workspace", workspace).await?;
    app.page.click("button", "Test connection").await?;
    app.page.sees(words).await
}
