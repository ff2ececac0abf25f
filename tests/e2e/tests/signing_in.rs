//! Wrong sign-ins say what is wrong, and the right one leads on.

use fantoccini::Locator;
use serde_json::json;
use weir_e2e::{run, run::run_with};
use weir_services::OpenId;

#[tokio::test]
async fn a_wrong_password_is_told_and_the_right_one_leads_on() {
    run("signing-in", |app| async move {
        let page = &app.page;
        page.expect_log("401");
        app.open("/c/local/streams/host_metrics").await?;
        page.fill("User", "admin").await?;
        page.fill("Password", "wrong").await?;
        page.click("button", "Sign in").await?;
        page.sees("password").await?;
        page.screens("sign-in-refused").await?;
        page.fill("Password", "end-to-end").await?;
        page.click("button", "Sign in").await?;
        page.heading("host_metrics").await
    })
    .await;
}

#[tokio::test]
async fn a_link_works_once() {
    run("link-once", |app| async move {
        app.sign_in().await?;
        app.page.client.delete_all_cookies().await?;
        app.page.expect_log("401");
        app.page.expect_log("410");
        app.page.expect_log("403");
        // The page that says so is not the console: it names no icon.
        app.page.expect_log("favicon.ico");
        app.page.open(&app.backend.sign_in).await?;
        app.page.sees("sign-in link").await
    })
    .await;
}

#[tokio::test]
async fn a_provider_signs_in_and_leads_back_to_the_page() {
    let Some(provider) = OpenId::start().expect("a provider") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    let (id, secret) = OpenId::CLIENT;
    let settings = format!(
        "[oidc]\nname = \"Example ID\"\nissuer = \"{}\"\nclient_id = \"{id}\"\n\
         client_secret = \"{secret}\"\nroles = {{ weir-admins = \"admin\" }}\n",
        provider.issuer
    );
    std::fs::write(&file, settings).expect("settings");
    let config = file.to_str().expect("text").to_string();
    run_with("provider", &["--config", &config], |app| async move {
        let callback = format!("{}/signin/oidc/callback", app.backend.origin);
        let client = json!({"redirect_uris": [callback]});
        provider.register(&client).expect("registered");
        let page = &app.page;
        page.expect_log("401");
        // The provider's pages name no icon.
        page.expect_log("favicon.ico");
        page.expect_log("fonts.googleapis.com");
        app.open("/c/local/streams/host_metrics").await?;
        page.click("link", "Sign in with Example ID").await?;
        let field = |name: &str| format!("input[name={name}]");
        for (name, value) in [("login", "17-ann"), ("password", "any")] {
            let selector = field(name);
            let wait = page.client.wait();
            let input = wait.for_element(Locator::Css(&selector)).await?;
            input.send_keys(value).await?;
        }
        let submit = Locator::Css("button[type=submit]");
        page.client.find(submit).await?.click().await?;
        let agree = "input[name=prompt][value=consent]";
        page.client.wait().for_element(Locator::Css(agree)).await?;
        page.client.find(submit).await?.click().await?;
        page.heading("host_metrics").await?;
        app.open("/c/local/account").await?;
        page.sees("You sign in with Example ID").await
    })
    .await;
}
