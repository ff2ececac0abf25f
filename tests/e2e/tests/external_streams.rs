//! External streams through the console: a log file and a NATS stream, from the form to the rows.

use std::io::Write;

use weir_e2e::{App, Result, failure::Failure, run, wait};
use weir_services::Nats;

#[tokio::test]
async fn a_log_file_is_previewed_created_followed_and_let_go() {
    run("external-stream-log", |app| async move {
        let logs = app.backend.data().join("logs");
        std::fs::create_dir_all(&logs)?;
        let file = logs.join("app.log");
        std::fs::write(&file, "first line\nsecond line\n")?;
        app.sign_in().await?;
        app.page.expect_log("400");
        let page = &app.page;
        page.click("link", "External streams").await?;
        page.heading("External streams").await?;
        page.click("button", "Create external stream").await?;
        page.heading("Create external stream").await?;
        page.fill("Name", "app_log").await?;
        page.choose("Type", "log").await?;
        page.fill("Files", "app.log").await?;

        // A folder that is not allowed is refused at its field.
        page.fill("Folder", "/etc").await?;
        page.sees("log_dir = '/etc'").await?;
        page.click("button", "Create external stream").await?;
        page.sees("is not in a folder that may be read").await?;

        page.fill("Folder", &logs.to_string_lossy()).await?;
        page.click("button", "Preview").await?;
        page.sees("\"raw\":\"first line\"").await?;
        page.screens("external-stream-create").await?;
        page.click("button", "Create external stream").await?;
        page.heading("app_log").await?;
        page.sees("_tp_time").await?;

        page.click("tab", "Live").await?;
        page.live_state("running").await?;
        let mut file = std::fs::OpenOptions::new().append(true).open(&file)?;
        file.write_all(b"third line\n")?;
        shows(&app, "third line").await?;
        page.click("tab", "Configuration").await?;
        page.sees("CREATE EXTERNAL STREAM app_log").await?;
        page.screens("external-stream").await?;

        page.click("button", "Delete").await?;
        page.click("button", "Delete external stream").await?;
        page.heading("External streams").await?;
        let left = app.backend.api.get("/v1beta2/external_streams").await?;
        assert_eq!(left.as_array().map(Vec::len), Some(0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_nats_stream_is_read_live() {
    run("external-stream-nats", |app| async move {
        let nats = Nats::start().map_err(Failure)?;
        nats.create_stream("orders").map_err(Failure)?;
        app.sign_in().await?;
        app.page.expect_log("400");
        let page = &app.page;
        page.click("link", "External streams").await?;
        page.click("button", "Create external stream").await?;
        page.heading("Create external stream").await?;
        page.fill("Name", "orders").await?;
        page.choose("Type", "nats_jetstream").await?;
        page.fill("Servers", &nats.url).await?;
        page.fill("JetStream stream", "orders").await?;
        page.fill("Subject", "orders.>").await?;
        page.run(
            "document.querySelector('.more-properties').open = true",
            vec![],
        )
        .await?;
        page.choose("Data format", "JSONEachRow").await?;
        page.fill("Columns", "id int64\nitem string").await?;
        page.click("button", "Create external stream").await?;
        page.heading("orders").await?;
        page.click("tab", "Live").await?;
        page.live_state("running").await?;
        nats.publish("orders.new", r#"{"id": 9007199254740993, "item": "boat"}"#)
            .map_err(Failure)?;
        shows(&app, "boat").await?;
        // Digits are shown in groups.
        shows(&app, "9007199254740993").await
    })
    .await;
}

/// Waits until a cell of the grid holds the text, whatever separates its digits.
async fn shows(app: &App, text: &str) -> Result {
    wait::until(&format!("the cell {text}"), async || {
        let cells = app.page.cells().await?;
        let plain = |cell: &String| -> String {
            let kept =
                |c: &char| c.is_ascii_alphanumeric() || *c == ' ' && text.parse::<i64>().is_err();
            cell.chars().filter(kept).collect()
        };
        let found = cells
            .iter()
            .flatten()
            .any(|cell| plain(cell).contains(text));
        Ok(found.then_some(()))
    })
    .await
}
