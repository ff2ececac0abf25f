//! A sink from its creation to its end, with a receiver that is really called.

use serde_json::{Value, json};
use weir_e2e::{App, Result, receiver::Receiver, run};

pub(crate) async fn ingest(app: &App, stream: &str, row: Value) -> Result {
    let body = json!({ "columns": ["n", "text"], "data": [row] });
    let path = format!("/v1beta2/streams/{stream}/ingest?format=compact");
    app.backend.api.post(&path, &body).await?;
    Ok(())
}

pub(crate) async fn create_stream(app: &App, stream: &str) -> Result {
    let columns = json!([{ "name": "n", "type": "int64" }, { "name": "text", "type": "string" }]);
    let definition = json!({ "name": stream, "columns": columns });
    app.backend
        .api
        .post("/v1beta2/streams", &definition)
        .await?;
    Ok(())
}

/// Everything that is folded away in a form.
pub(crate) async fn unfold(app: &App) -> Result {
    let script = "document.querySelectorAll('form details').forEach((d) => { d.open = true })";
    app.page.run(script, vec![]).await?;
    Ok(())
}

#[tokio::test]
async fn a_sink_delivers_until_it_is_deleted() {
    run("sinks", |app| async move {
        let receiver = Receiver::start().await?;
        create_stream(&app, "orders").await?;
        ingest(&app, "orders", json!([1, "one"])).await?;
        app.sign_in().await?;
        let page = &app.page;
        page.click("link", "Sinks").await?;
        page.heading("Sinks").await?;
        page.sees("No sinks yet").await?;
        page.click("button", "Create sink").await?;
        page.heading("Create sink").await?;
        page.fill("Name", "out").await?;
        page.write_sql("SELECT n, text FROM orders").await?;
        page.sees("continues with each new row").await?;
        page.fill("URL", &receiver.url).await?;
        unfold(&app).await?;
        page.fill("Body", "{{ .n }}: {{ .nothing }}").await?;
        page.click("button", "Fetch a row").await?;
        page.sees("no column 'nothing'").await?;
        page.fill("Body", "{{ .n }}: {{ .text }}").await?;
        page.sees("1: one").await?;
        page.screens("sink-create").await?;
        page.click("button", "Create sink").await?;
        page.heading("out").await?;
        page.sees("running").await?;

        ingest(&app, "orders", json!([2, "two"])).await?;
        assert_eq!(receiver.next().await?, "2: two");
        page.screens("sink").await?;
        page.click("tab", "Errors").await?;
        page.sees("No errors").await?;
        page.click("tab", "Logs").await?;
        page.sees("started").await?;
        page.click("button", "Stop").await?;
        page.click("button", "Stop sink").await?;
        page.sees("Sink out stopped").await?;
        page.find("button", "Start").await?;

        page.click("link", "Edit").await?;
        page.heading("Edit out").await?;
        page.fill("Description", "To the warehouse").await?;
        unfold(&app).await?;
        page.fill("Body", "<{{ .text }}>").await?;
        page.click("button", "Save changes").await?;
        page.heading("out").await?;
        page.sees("To the warehouse").await?;
        ingest(&app, "orders", json!([3, "three"])).await?;
        page.click("button", "Start").await?;
        assert_eq!(receiver.next().await?, "<three>", "stopped, it waited");

        page.click("button", "Delete").await?;
        page.click("button", "Delete sink").await?;
        page.heading("Sinks").await?;
        page.sees("No sinks yet").await?;
        assert_eq!(app.backend.api.get("/v1beta2/sinks").await?, json!([]));
        Ok(())
    })
    .await;
}
