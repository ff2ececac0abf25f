//! The release bundle comes in parts: a page's own is fetched when the page is opened.

use serde_json::json;
use weir_e2e::{Page, Result, run};

#[tokio::test]
async fn a_part_that_does_not_come_says_so_and_can_be_tried_again() {
    run("parts", |app| async move {
        let page = &app.page;
        app.sign_in().await?;
        page.expect_log("ERR_BLOCKED_BY_CLIENT");
        page.expect_log("Failed to fetch");
        page.devtools("Network.enable", json!({})).await?;
        block(page, &["*/part-*"]).await?;
        page.click("link", "Sources").await?;
        page.sees("This page could not be loaded").await?;
        page.screens("part-failed").await?;

        block(page, &[]).await?;
        page.click("button", "Retry").await?;
        page.heading("Sources").await?;

        // It is also tried again by itself.
        block(page, &["*/part-*"]).await?;
        page.click("link", "Topology").await?;
        page.sees("This page could not be loaded").await?;
        block(page, &[]).await?;
        page.heading("Topology").await
    })
    .await;
}

async fn block(page: &Page, urls: &[&str]) -> Result {
    page.devtools("Network.setBlockedURLs", json!({ "urls": urls }))
        .await?;
    Ok(())
}
