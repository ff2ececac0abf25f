//! Users and roles: what a reader sees, and what stays shut.

use serde_json::json;
use weir_e2e::{http::Api, run};

const REASON: &str = "Your role read_only cannot make changes.";

#[tokio::test]
async fn a_reader_sees_everything_and_changes_nothing() {
    run("users", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/users").await?;
        page.heading("Users").await?;
        page.click("link", "Create user").await?;
        page.heading("Create user").await?;
        page.fill("Name", "reader").await?;
        page.fill("Password", "just looking").await?;
        page.click("button", "Create user").await?;
        page.heading("reader").await?;
        page.screens("user").await?;
        app.open("/c/local/roles").await?;
        page.find("table", "Roles").await?;
        page.screens("roles").await?;

        // Nobody is signed in for a moment.
        page.expect_log("401");
        page.click("button", "Signed in as admin").await?;
        page.click("button", "Sign out").await?;
        page.fill("User", "reader").await?;
        page.fill("Password", "just looking").await?;
        page.click("button", "Sign in").await?;
        page.find("button", "Signed in as reader").await?;

        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        let create = page.find("button", "Create stream").await?;
        assert_eq!(create.attr("aria-disabled").await?.as_deref(), Some("true"));
        assert_eq!(create.attr("title").await?.as_deref(), Some(REASON));
        page.screens("streams-read-only").await?;
        app.open("/c/local/streams/host_metrics").await?;
        page.heading("host_metrics").await?;
        for name in ["Edit", "Delete"] {
            let button = page.find("button", name).await?;
            assert_eq!(
                button.attr("title").await?.as_deref(),
                Some(REASON),
                "{name}"
            );
        }
        app.open("/c/local/new/stream").await?;
        page.sees(REASON).await?;
        page.screens("form-read-only").await?;

        let api = Api::basic(app.backend.api.base.clone(), "reader", "just looking");
        let body = json!({"name": "mine", "columns": [{"name": "a", "type": "int64"}]});
        assert!(api.post("/v1beta2/streams", &body).await.is_err());
        assert!(api.get("/v1beta2/streams").await.is_ok());
        Ok(())
    })
    .await;
}
