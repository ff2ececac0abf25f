//! API keys: made, shown once, used, deleted.

use weir_e2e::{http::Api, run, wait};

#[tokio::test]
async fn a_key_is_shown_once_works_and_is_deleted() {
    run("api-keys", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/api-keys").await?;
        page.heading("API keys").await?;
        page.click("link", "Create API key").await?;
        page.heading("Create API key").await?;
        page.fill("Name", "robot").await?;
        page.screens("api-key-form").await?;
        page.click("button", "Create API key").await?;
        page.sees("This is shown once.").await?;
        let secret = page.find("status", "API key").await?.text().await?;
        page.screens("api-key-created").await?;
        let api = Api::key(app.backend.api.base.clone(), &secret);
        assert!(api.get("/v1beta2/streams").await.is_ok());

        page.click("link", "Done").await?;
        page.heading("API keys").await?;
        let name = format!(
            "robot ({}****{})",
            &secret[..4],
            &secret[secret.len() - 4..]
        );
        page.sees(&name).await?;
        page.screens("api-keys").await?;
        page.click("button", &format!("Delete {name}")).await?;
        page.click("button", "Delete API key").await?;
        wait::until("the key to be refused", async || {
            Ok(api.get("/v1beta2/streams").await.is_err().then_some(()))
        })
        .await
    })
    .await;
}
