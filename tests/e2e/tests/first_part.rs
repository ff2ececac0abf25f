//! The release bundle comes in two parts; the first screens need only the first.

use serde_json::json;
use weir_e2e::{Page, Result, run};

#[tokio::test]
async fn the_first_screens_are_whole_before_the_rest_has_come() {
    run("first-part", |app| async move {
        let page = &app.page;
        let sign_in = format!("{}/c/local/sign-in", app.backend.origin);
        page.open(&sign_in).await?;
        page.find("button", "Sign in").await?;
        let whole = words(page).await?;

        page.expect_log("ERR_BLOCKED_BY_CLIENT");
        page.devtools("Network.enable", json!({})).await?;
        let blocked = json!({ "urls": ["*weir-rest-*"] });
        page.devtools("Network.setBlockedURLs", blocked).await?;
        page.open(&sign_in).await?;
        page.find("button", "Sign in").await?;
        assert_eq!(words(page).await?, whole);
        page.open(&app.backend.sign_in).await?;
        page.heading("SQL workspace").await?;
        page.sees("host_metrics").await?;
        page.screenshot("first-part").await
    })
    .await;
}

async fn words(page: &Page) -> Result<String> {
    let text = page.run("return document.body.innerText", vec![]).await?;
    Ok(text.as_str().unwrap_or_default().to_string())
}
