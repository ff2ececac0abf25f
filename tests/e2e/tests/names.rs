//! Names with every character that means something in an address, and with some that cannot be
//! seen: each leads to itself, after a reload too, and what is deleted is what was opened.

use serde_json::json;
use weir_e2e::run;

/// The name and how it is shown.
const NAMES: [(&str, &str); 12] = [
    ("A", "A"),
    ("%41", "%41"),
    ("a/b", "a/b"),
    ("a%2Fb", "a%2Fb"),
    ("a\\b", "a\\b"),
    ("a b", "a b"),
    ("ü?#&=+", "ü?#&=+"),
    ("{id}", "{id}"),
    ("new", "new"),
    ("\"q\"", "\"q\""),
    ("a\u{200b}b", "a‹200B›b"),
    ("a\u{202e}b", "a‹202E›b"),
];

#[tokio::test]
async fn every_name_leads_to_itself() {
    run("names", |app| async move {
        let api = &app.backend.api;
        for (username, _) in NAMES {
            let user = json!({ "username": username, "password": "correct horse" });
            api.post("/v1beta2/users", &user).await?;
        }
        app.sign_in().await?;
        let page = &app.page;
        for (name, shown) in NAMES {
            app.open("/c/local/users").await?;
            page.heading("Users").await?;
            page.click("link", shown).await?;
            page.heading(shown).await?;
            let address = page.url().await?;
            page.reload().await?;
            page.heading(shown).await?;
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
