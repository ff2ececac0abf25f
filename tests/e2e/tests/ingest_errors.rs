//! Rows that do not fit are named, and nothing of them is kept by accident.

use serde_json::json;
use weir_e2e::run;

#[tokio::test]
async fn a_bad_row_is_named_with_its_column() {
    run("ingest-errors", |app| async move {
        let definition = json!({ "name": "small", "columns": [{ "name": "n", "type": "uint8" }] });
        app.backend
            .api
            .post("/v1beta2/streams", &definition)
            .await?;
        app.sign_in().await?;
        let page = &app.page;
        page.expect_log("400");
        app.open("/c/local/streams/small?tab=ingest").await?;
        page.heading("small").await?;
        page.choose("Format", "NDJSON").await?;
        page.fill("Data", "{\"n\":1}\n{\"n\":300}").await?;
        page.click("button", "Ingest").await?;
        page.sees("row 2").await?;
        page.screens("ingest-error").await
    })
    .await;
}
