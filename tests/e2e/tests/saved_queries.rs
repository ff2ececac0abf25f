//! Saving a statement, finding it by its tag, running it again, changing and deleting it.

use weir_e2e::{failure::fail, run, wait};

#[tokio::test]
async fn saved_queries() {
    run("saved-queries", |app| async move {
        app.sign_in().await?;
        app.page.expect_log("400");
        let page = &app.page;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        page.click("button", "Save query").await?;
        page.fill("Name", "CPU").await?;
        page.fill("Tags", "ops, live").await?;
        page.click("button", "Save").await?;
        page.sees("Saved query CPU created").await?;

        page.click("link", "Saved queries").await?;
        page.heading("Saved queries").await?;
        page.find("table", "Saved queries").await?;
        page.click("button", "Create saved query").await?;
        page.heading("Create saved query").await?;
        page.fill("Name", "CPU").await?;
        page.write_sql("select 1").await?;
        page.click("button", "Create saved query").await?;
        // The name is taken, and that is said at the field.
        page.sees("saved query 'CPU' exists").await?;
        page.fill("Name", "One").await?;
        page.click("button", "Create saved query").await?;
        page.heading("One").await?;

        page.click("link", "Saved queries").await?;
        page.heading("Saved queries").await?;
        page.find("link", "One").await?;
        page.click("button", "ops").await?;
        wait::until("only what is tagged", async || {
            Ok((!page.has("link", "One").await?).then_some(()))
        })
        .await?;
        page.screens("saved-queries").await?;
        page.click("link", "CPU").await?;
        page.heading("CPU").await?;
        page.screens("saved-query").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.click("link", "Edit").await?;
        page.heading("Edit CPU").await?;
        page.fill("Description", "How busy").await?;
        page.click("button", "Save changes").await?;
        page.heading("CPU").await?;
        page.sees("How busy").await?;
        page.click("link", "Open in SQL workspace").await?;
        page.heading("SQL workspace").await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        page.click("button", "Cancel").await?;

        page.click("link", "Saved queries").await?;
        page.click("link", "CPU").await?;
        page.heading("CPU").await?;
        page.click("button", "Delete").await?;
        page.click("button", "Delete saved query").await?;
        page.heading("Saved queries").await?;
        let left = app.backend.api.get("/v1beta2/savedqueries").await?;
        match left.as_array().map(Vec::len) {
            Some(1) => Ok(()),
            _ => fail(format!("left: {left}")),
        }
    })
    .await;
}
