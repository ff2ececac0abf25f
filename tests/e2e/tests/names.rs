//! Names with every character that means something in an address: each leads to itself, after a
//! reload too, and what is deleted is what was opened.

use serde_json::json;
use weir_e2e::run;

const NAMES: [&str; 10] = [
    "A", "%41", "a/b", "a%2Fb", "a\\b", "a b", "ü?#&=+", "{id}", "new", "\"q\"",
];

#[tokio::test]
async fn every_name_leads_to_itself() {
    run("names", |app| async move {
        let api = &app.backend.api;
        for username in NAMES {
            let user = json!({ "username": username, "password": "correct horse" });
            api.post("/v1beta2/users", &user).await?;
        }
        app.sign_in().await?;
        let page = &app.page;
        for name in NAMES {
            app.open("/c/local/users").await?;
            page.heading("Users").await?;
            page.click("link", name).await?;
            page.heading(name).await?;
            let address = page.url().await?;
            page.reload().await?;
            page.heading(name).await?;
            assert_eq!(page.url().await?, address, "{name}");
        }

        app.open("/c/local/users").await?;
        page.click("link", "%41").await?;
        page.heading("%41").await?;
        page.click("button", "Delete").await?;
        page.sees("Delete user %41?").await?;
        page.click("button", "Delete user").await?;
        page.heading("Users").await?;
        let left = api.get("/v1beta2/users").await?.to_string();
        assert!(
            !left.contains("\"%41\"") && left.contains("\"A\""),
            "{left}"
        );
        Ok(())
    })
    .await;
}
