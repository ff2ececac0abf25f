//! Who did what, with what it was, and back.

use serde_json::json;
use weir_e2e::run;

#[tokio::test]
async fn a_deleted_view_is_found_in_the_activity_and_brought_back() {
    run("activity", |app| async move {
        let api = &app.backend.api;
        let view = json!({ "name": "lost", "query": "SELECT cpu_percent FROM host_metrics", "description": "first" });
        api.post("/v1beta2/views", &view).await?;
        api.patch("/v1beta2/views/lost", &json!({ "description": "second" })).await?;
        api.delete("/v1beta2/views/lost").await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/activity?kind=view").await?;
        page.heading("Activity").await?;
        page.sees("3 events").await?;
        page.run("for (const it of document.querySelectorAll('.activity [aria-expanded=false]')) it.click()", Vec::new())
            .await?;
        page.sees("PATCH /default/api/v1beta2/views/lost").await?;
        page.sees("second").await?;
        page.screens("activity").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.choose("Action", "delete").await?;
        page.sees("1 event").await?;
        page.click("button", "Restore").await?;
        page.heading("Import").await?;
        page.find("checkbox", "Create view lost").await?;
        page.click("button", "Apply 1 change").await?;
        page.run("document.querySelector('dialog[open] [type=submit]').click()", Vec::new())
            .await?;
        page.sees("All changes applied").await?;
        let view = api.get("/v1beta2/views/lost").await?;
        assert_eq!(view["description"], "second");
        Ok(())
    })
    .await;
}
