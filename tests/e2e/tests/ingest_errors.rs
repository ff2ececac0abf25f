//! Rows that do not fit are named, and nothing of a refused batch is kept by accident.

use serde_json::json;
use weir_e2e::{App, Result, run};

async fn open_ingest(app: &App) -> Result {
    let columns = json!([{ "name": "n", "type": "uint8" }]);
    let definition = json!({ "name": "small", "columns": columns });
    app.backend
        .api
        .post("/v1beta2/streams", &definition)
        .await?;
    app.sign_in().await?;
    app.page.expect_log("400");
    app.open("/c/local/streams/small?tab=ingest").await?;
    app.page.heading("small").await
}

async fn rows(app: &App) -> Result<serde_json::Value> {
    let stats = app.backend.api.get("/v1beta2/streams/small/stats").await?;
    Ok(stats["row_count"].clone())
}

#[tokio::test]
async fn pasted_rows_are_stored_all_or_not_at_all() {
    run("ingest-pasted", |app| async move {
        open_ingest(&app).await?;
        let page = &app.page;
        page.choose("Format", "streaming").await?;
        page.fill("Data", "{\"n\":1}\n{\"n\":300}").await?;
        page.click("button", "Ingest").await?;
        page.sees("300").await?;
        page.sees("rejected these rows").await?;
        page.screens("ingest-refused").await?;
        assert_eq!(rows(&app).await?, json!(0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_file_tells_the_line_and_column_of_each_bad_row() {
    run("ingest-file", |app| async move {
        open_ingest(&app).await?;
        let page = &app.page;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("rows.ndjson");
        std::fs::write(&file, "{\"n\":1}\n{\"n\":300}\n{\"n\":3}\n")?;
        page.upload("File", &file).await?;
        page.click("button", "Ingest").await?;
        let table = page.find("table", "Rejected rows").await?;
        page.sees("2 rows ingested, 1 rejected").await?;
        let text = table.text().await?;
        assert!(text.contains("2 n ") && text.contains("300"), "{text}");
        page.screens("ingest-bad-line").await?;
        assert_eq!(rows(&app).await?, json!(2));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_pasted_is_named_before_it_becomes_rows_of_nothing() {
    run("ingest-other", |app| async move {
        open_ingest(&app).await?;
        let page = &app.page;
        page.choose("Format", "streaming").await?;
        page.fill("Data", "{\"columns\":[\"n\"],\"data\":[[1]]}")
            .await?;
        page.click("button", "Ingest").await?;
        page.sees("This is the format “compact”").await?;
        page.fill("Data", "{\"m\":1}").await?;
        page.click("button", "Ingest").await?;
        page.sees("None of its fields is a column of the stream")
            .await?;
        assert_eq!(rows(&app).await?, json!(0));
        // Cells as a spreadsheet copies them.
        page.fill("Data", "").await?;
        let paste = "const field = document.activeElement; field.value = arguments[0]; \
             field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
        page.run(paste, vec![json!("n\tnote\n7\ta\n8\tb")]).await?;
        page.click("button", "Read as CSV").await?;
        page.sees("pasted.csv").await?;
        page.screens("ingest-cells").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.click("button", "Ingest").await?;
        page.sees("2 rows ingested").await?;
        assert_eq!(rows(&app).await?, json!(2));
        Ok(())
    })
    .await;
}
