//! What the console is for, from the printed link to a canceled query.

use serde_json::json;
use weir_e2e::{App, Result, failure::fail, run, sample, wait};

#[tokio::test]
async fn main_job() {
    run("main-job", |app| async move {
        app.sign_in().await?;
        live_rows(&app).await?;
        create_stream(&app).await?;
        ingest_file(&app).await?;
        window_query(&app).await?;
        cancel(&app).await
    })
    .await;
}

/// Rows of this machine's load arrive, and go on arriving.
async fn live_rows(app: &App) -> Result {
    app.page.write_sql("select * from host_metrics").await?;
    app.page.click("button", "Run").await?;
    let first = app.page.live_received(1).await?;
    app.page.live_received(first + 2).await?;
    app.page.find("grid", "Results").await?;
    app.page.screens("workspace").await?;
    app.page.click("button", "Cancel").await?;
    app.page.live_state("canceled").await
}

async fn create_stream(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Streams").await?;
    page.heading("Streams").await?;
    page.click("button", "Create stream").await?;
    page.heading("Create stream").await?;
    page.fill("Name", "files").await?;
    page.fill("Description", "Files below /usr").await?;
    let columns = [
        ("path", "string"),
        ("size", "uint64"),
        ("changed", "datetime64(3)"),
    ];
    for (number, (name, data_type)) in columns.iter().enumerate() {
        let number = number + 1;
        if !page
            .has("textbox", &format!("Column {number} name"))
            .await?
        {
            page.click("button", "Add column").await?;
        }
        page.fill(&format!("Column {number} name"), name).await?;
        page.fill(&format!("Column {number} type"), data_type)
            .await?;
    }
    page.screens("stream-create").await?;
    page.click("button", "Create stream").await?;
    page.heading("files").await?;

    let stream = app.backend.api.get("/v1beta2/streams/files").await?;
    let made: Vec<_> = stream["columns"].as_array().into_iter().flatten().collect();
    for (column, (name, data_type)) in made.iter().zip(columns) {
        assert_eq!(
            (&column["name"], &column["type"]),
            (&json!(name), &json!(data_type))
        );
    }
    Ok(())
}

async fn ingest_file(app: &App) -> Result {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("files.csv");
    sample::file_list(&file).await?;
    let page = &app.page;
    page.click("tab", "Ingest").await?;
    page.upload("File", &file).await?;
    page.click("button", "Ingest").await?;
    wait::until("every row to be stored", async || {
        let stats = app.backend.api.get("/v1beta2/streams/files/stats").await?;
        match stats["row_count"] == json!(sample::FILES) {
            true => Ok(Some(())),
            false => fail(format!("{} rows", stats["row_count"])),
        }
    })
    .await?;
    page.sees("rows ingested · ").await?;
    page.screens("stream-ingested").await?;

    page.click("link", "SQL workspace").await?;
    page.heading("SQL workspace").await?;
    page.write_sql("select count() as n from table(files)")
        .await?;
    page.click("button", "Run").await?;
    page.live_state("finished").await?;
    let shown = sample::FILES.to_string();
    wait::until("the count of rows", async || {
        let cells = page.cells().await?;
        let counted = |cell: &String| cell.chars().filter(char::is_ascii_digit).eq(shown.chars());
        match cells.iter().flatten().any(counted) {
            true => Ok(Some(())),
            false => fail(format!("the grid shows {cells:?}")),
        }
    })
    .await
}

const WINDOWS: &str =
    "select window_start, count(*) as n from tumble(host_metrics, 1s) group by window_start";

/// A window closes each second; the address of the workspace brings the statement back.
async fn window_query(app: &App) -> Result {
    let page = &app.page;
    page.write_sql(WINDOWS).await?;
    page.click("button", "Run").await?;
    let first = page.live_received(1).await?;
    page.live_received(first + 2).await?;
    page.live_state("running").await?;
    page.reload().await?;
    page.heading("SQL workspace").await?;
    wait::until("the statement after the reload", async || {
        let text = page
            .run(
                "return document.querySelector('.cm-content')?.textContent ?? ''",
                vec![],
            )
            .await?;
        Ok(text
            .as_str()
            .is_some_and(|text| text.contains("tumble(host_metrics, 1s)"))
            .then_some(()))
    })
    .await
}

async fn cancel(app: &App) -> Result {
    let page = &app.page;
    let sql = "select _tp_time from host_metrics";
    page.write_sql(sql).await?;
    page.click("button", "Run").await?;
    page.live_received(1).await?;
    assert_eq!(
        app.backend.query_status(sql).await?.as_deref(),
        Some("running")
    );
    page.click("button", "Cancel").await?;
    page.live_state("canceled").await?;
    wait::until("the server to end the query", async || {
        match app.backend.query_status(sql).await?.as_deref() {
            Some("canceled") => Ok(Some(())),
            other => fail(format!("its status is {other:?}")),
        }
    })
    .await
}
