//! A query with a name, from its creation to its end.

use serde_json::json;
use weir_e2e::{Page, Result, run};

#[tokio::test]
async fn views() {
    run("views", |app| async move {
        app.sign_in().await?;
        // Wrong queries and a refused deletion.
        app.page.expect_log("400");
        let (page, api) = (&app.page, &app.backend.api);
        let definition = json!({"name": "orders", "columns": [{"name": "id", "type": "int64"}]});
        api.post("/v1beta2/streams", &definition).await?;

        page.click("link", "Views").await?;
        page.heading("Views").await?;
        page.click("link", "Create view").await?;
        page.heading("Create view").await?;
        page.fill("Name", "large").await?;
        page.write_sql("SELECT idd FROM orders").await?;
        page.sees("did you mean 'id'?").await?;
        page.write_sql("SELECT id, id * 2 AS twice FROM orders WHERE id > 9")
            .await?;
        page.sees("continues with each new row").await?;
        page.find("list", "Columns of the result").await?;
        page.sees("CREATE VIEW large AS").await?;
        looked_at(page, "view-create").await?;
        page.click("button", "Create view").await?;
        page.heading("large").await?;
        page.sees("twice").await?;
        looked_at(page, "view-schema").await?;

        let rows = json!({"columns": ["id"], "data": [[1], [10], [11]]});
        let path = "/v1beta2/streams/orders/ingest?format=compact";
        api.post(path, &rows).await?;
        page.click("tab", "Preview").await?;
        page.live_received(2).await?;

        page.click("link", "Edit").await?;
        page.heading("Edit large").await?;
        page.fill("Description", "Orders from ten").await?;
        page.write_sql("SELECT id FROM orders WHERE id > 9").await?;
        page.sees("CREATE OR REPLACE VIEW large AS").await?;
        page.click("button", "Save changes").await?;
        page.heading("large").await?;
        page.sees("Orders from ten").await?;
        let view = api.get("/v1beta2/views/large").await?;
        assert_eq!(view["query"], "SELECT id FROM orders WHERE id > 9");

        delete_after_its_reader(&app).await
    })
    .await;
}

async fn delete_after_its_reader(app: &weir_e2e::App) -> Result {
    let (page, api) = (&app.page, &app.backend.api);
    let reader = json!({"name": "reader", "query": "SELECT id FROM large"});
    api.post("/v1beta2/views", &reader).await?;
    page.click("button", "Delete").await?;
    page.click("button", "Delete view").await?;
    page.sees("reader").await?;
    page.sees("was not deleted").await?;
    let drop = json!({"sql": "DROP VIEW reader", "type": "ddl"});
    api.post("/v1beta2/exec", &drop).await?;
    page.click("button", "Delete").await?;
    page.click("button", "Delete view").await?;
    page.heading("Views").await?;
    assert_eq!(api.get("/v1beta2/views").await?, json!([]));
    Ok(())
}

/// A screenshot, and no barrier in light and dark.
async fn looked_at(page: &Page, name: &str) -> Result {
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{name}, {scheme}: {found:?}");
    }
    page.screens(name).await
}
