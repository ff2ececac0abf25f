//! What is typed and not sent yet is asked about, whichever way a page is left.

use weir_e2e::{Page, Result, failure::fail, run, wait};

const QUESTION: &str = "Leave without saving?";

#[tokio::test]
async fn links_and_the_browsers_back_ask_before_input_is_lost() {
    run("leaving", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        page.click("link", "Create stream").await?;
        page.heading("Create stream").await?;
        page.fill("Name", "half").await?;
        let address = page.url().await?;

        page.click("link", "Sinks").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Cancel").await?;
        page.run("history.back()", vec![]).await?;
        page.sees(QUESTION).await?;
        assert_eq!(page.url().await?, address);
        page.click("button", "Cancel").await?;
        value(page, "Name", "half").await?;
        page.run("history.back()", vec![]).await?;
        page.sees(QUESTION).await?;
        page.click("button", "Leave").await?;
        page.heading("Streams").await?;

        // Another tab of the page is looked at meanwhile.
        app.open("/c/local/streams/host_metrics?tab=ingest").await?;
        page.heading("host_metrics").await?;
        page.fill("Data", "half a row").await?;
        page.click("tab", "Schema").await?;
        page.click("tab", "Ingest").await?;
        value(page, "Data", "half a row").await?;
        page.click("link", "Sinks").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Leave").await?;
        page.heading("Sinks").await
    })
    .await;
}

async fn value(page: &Page, label: &str, expected: &str) -> Result {
    wait::until(&format!("{expected} in {label}"), async || {
        let found = page.find("textbox", label).await?;
        let value = found.prop("value").await?.unwrap_or_default();
        match value == expected {
            true => Ok(Some(())),
            false => fail(format!("it holds {value}")),
        }
    })
    .await
}
