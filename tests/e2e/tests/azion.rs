//! A data streaming from its creation to its end, with a receiver that is really called.

use fantoccini::key::Key;
use weir_e2e::{App, Page, Result, receiver::Receiver, run::run_with};

use crate::sinks::unfold;

const LIST: &str = "/c/local-azion/streamings";

/// A request to the part of the backend whose records are sent.
async fn visit(app: &App, path: &str) -> Result {
    let mut api = app.backend.api.clone();
    api.base = app.backend.origin.clone();
    // What it answers does not matter.
    let _ = api.get(path).await;
    Ok(())
}

/// Axe finds nothing in light and dark; and a screenshot.
async fn checked(page: &Page, name: &str) -> Result {
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{name}, {scheme}: {}", found.join("\n"));
    }
    page.screens(name).await
}

#[tokio::test]
async fn a_streaming_delivers_until_it_is_deleted() {
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("weir.toml");
    std::fs::write(&config, "[azion]\nbatch_wait = \"500ms\"\n").expect("config");
    let config = config.display().to_string();
    run_with("azion", &["--config", &config], |app| async move {
        let receiver = Receiver::start().await?;
        app.sign_in().await?;
        app.open(LIST).await?;
        let page = &app.page;
        page.heading("Data streamings").await?;
        page.sees("No data streamings yet").await?;
        page.click("link", "Templates").await?;
        page.heading("Templates").await?;
        page.sees("Edge Applications, event collector").await?;
        checked(page, "azion-templates").await?;
        app.open(LIST).await?;
        page.click("link", "Create data streaming").await?;
        page.heading("Create data streaming").await?;

        // What is wrong is said where it is wrong.
        page.click("button", "Create data streaming").await?;
        page.sees("Enter a name").await?;
        page.sees("Choose a template").await?;
        page.sees("Choose at least one domain, or all").await?;
        page.sees("URL is required").await?;
        page.fill("Name", "out").await?;
        page.choose("Template", "2").await?;
        page.sees("The line is JSON.").await?;
        page.choose("Template", "custom").await?;
        page.write_code("Custom template", r#"{"p":"$requestPat"}"#).await?;
        page.sees("Edge Applications has no variable $requestPat (line 1, column 7); did you mean $requestPath?").await?;
        checked(page, "azion-unknown-variable").await?;
        page.write_code("Custom template", "").await?;
        page.press("$waf_b").await?;
        page.find("option", "$waf_block").await?;
        page.press(&char::from(Key::Escape).to_string()).await?;
        page.write_code("Custom template", r#"{"m":"$request_method","p":"$requestPath"}"#)
            .await?;
        page.sees(r#"{"m":"GET","p":"/v1"}"#).await?;
        page.click("checkbox", "DataWorks API").await?;
        page.fill("URL", &receiver.url).await?;
        unfold(&app).await?;
        page.fill("Headers", "X-Team: blue").await?;
        page.fill("Payload format", "[]").await?;
        page.click("button", "Create data streaming").await?;
        page.sees("$dataset").await?;
        page.fill("Payload format", "[$dataset]").await?;
        checked(page, "azion-create").await?;
        page.click("button", "Create data streaming").await?;
        page.heading("out").await?;
        page.sees("active").await?;

        visit(&app, "/dataworks/one").await?;
        assert_eq!(receiver.next().await?, r#"[{"m":"GET","p":"/dataworks/one"}]"#);
        page.sees("Delivered\n1").await?;
        checked(page, "azion-streaming").await?;
        page.click("tab", "Configuration").await?;
        page.sees("[$dataset]").await?;
        page.click("button", "Deactivate").await?;
        page.click("button", "Deactivate data streaming").await?;
        page.sees("Data streaming out deactivated").await?;
        page.sees("inactive").await?;

        page.click("link", "Edit").await?;
        page.heading("Edit out").await?;
        page.fill("Name", "out again").await?;
        page.write_code("Custom template", "$requestPath").await?;
        page.click("checkbox", "Active").await?;
        page.click("button", "Save changes").await?;
        page.heading("out again").await?;
        page.find("button", "Deactivate").await?;
        visit(&app, "/dataworks/two").await?;
        assert_eq!(receiver.next().await?, "[/dataworks/two]");

        // Splunk keeps its token, which is never shown.
        page.click("link", "Edit").await?;
        page.heading("Edit out again").await?;
        page.choose("Endpoint type", "splunk").await?;
        page.fill("Token", "hush").await?;
        page.click("checkbox", "Replace (PUT)").await?;
        page.click("button", "Save changes").await?;
        page.heading("out again").await?;
        visit(&app, "/dataworks/three").await?;
        assert_eq!(receiver.next().await?, r#"{"event":"/dataworks/three"}"#);
        page.click("tab", "Configuration").await?;
        page.sees("splunk").await?;
        app.open(LIST).await?;
        page.sees("Splunk").await?;
        checked(page, "azion-streamings").await?;
        page.click("link", "out again").await?;
        page.heading("out again").await?;
        let html = page.run("return document.documentElement.outerHTML", vec![]).await?;
        assert!(!html.as_str().unwrap_or_default().contains("hush"));

        page.click("button", "Delete").await?;
        page.click("button", "Delete data streaming").await?;
        page.heading("Data streamings").await?;
        page.sees("No data streamings yet").await?;
        Ok(())
    })
    .await;
}
