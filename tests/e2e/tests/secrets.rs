//! A credential stays where it belongs, also when it is kept on the device and goes through the
//! relay.

use http::Method;
use serde_json::json;
use weir_e2e::{App, Result, run::run_with};

/// Everything a page could have left a secret in.
const TRACES: &str = "
    const urls = performance.getEntriesByType('resource').map((entry) => entry.name);
    return JSON.stringify([location.href, document.cookie, urls, { ...localStorage },
        { ...sessionStorage }, document.documentElement.outerHTML]);
";

#[tokio::test]
async fn no_secret_is_left_in_an_address_a_log_or_storage() {
    let settings = tempfile::NamedTempFile::new().expect("file");
    let text = "[relay.vendor]\nupstream = 'http://127.0.0.1:1'\n\
                [relay.vendor.credential]\nkind = 'azion_token'\ntoken = 'held-by-the-relay'\n";
    std::fs::write(settings.path(), text).expect("settings");
    let path = settings.path().to_string_lossy().into_owned();
    run_with("secrets", &["--config", &path], |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        for expected in ["401", "502", "403"] {
            page.expect_log(expected);
        }
        let key = app.backend.create_api_key().await?;
        app.open("/connections/new").await?;
        page.fill("Name", "Edge").await?;
        page.click("radio", "Azion Data Streaming").await?;
        page.fill("Base URL", "/azion").await?;
        page.fill("Token", &key).await?;
        page.click("button", "Test connection").await?;
        page.sees("The connection works").await?;
        page.screens("connection-azion").await?;
        page.click("button", "Save connection").await?;
        page.heading("Connections").await?;
        // A new visit asks for the credential, and keeps it encrypted.
        app.open("/c/edge/streamings").await?;
        page.fill("Token", &key).await?;
        page.click("checkbox", "Keep on this device, encrypted")
            .await?;
        page.click("button", "Sign in").await?;
        page.heading("Data streamings").await?;
        app.open("/c/edge/streamings").await?;
        page.heading("Data streamings").await?;
        holds_none(&app, &key).await?;

        // What the relay holds never comes here, not even where the upstream is down.
        app.open("/connections/new").await?;
        page.fill("Name", "Relayed").await?;
        page.click("radio", "Azion Data Streaming").await?;
        page.click("radio", "None (the relay adds the credential)")
            .await?;
        page.fill("Base URL", "/relay/vendor").await?;
        page.click("button", "Test connection").await?;
        page.sees("cannot be reached").await?;
        holds_none(&app, "held-by-the-relay").await
    })
    .await;
}

async fn holds_none(app: &App, secret: &str) -> Result {
    let traces = app.page.run(TRACES, vec![]).await?.to_string();
    assert!(!traces.contains(secret), "the page holds the secret");
    assert!(
        !app.backend.log.text().contains(secret),
        "the log holds the secret"
    );
    for stream in ["http_access", "audit_log"] {
        let sql = format!("SELECT * FROM table({stream})");
        let body = serde_json::to_vec(&json!({ "sql": sql }))?.into();
        let api = &app.backend.api;
        let asked = api.send(Method::POST, "/v1beta2/queries", "application/json", body);
        let (status, rows) = asked.await?;
        let rows = String::from_utf8_lossy(&rows);
        assert!(status.is_success() && rows.contains("admin"), "{rows}");
        assert!(!rows.contains(secret), "{stream} holds the secret");
    }
    Ok(())
}
