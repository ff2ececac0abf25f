//! Watching a stream: a break and what comes after it, following a flood, a view sent to somebody
//! else.

use serde_json::{Value, json};
use weir_e2e::{App, Page, Result, failure::fail, run, wait, wire::Wire};

#[tokio::test]
async fn a_break_is_a_line_and_the_query_is_taken_up_again() {
    run("break", |app| async move {
        let wire = Wire::to(app.backend.origin.trim_start_matches("http://")).await?;
        let page = &app.page;
        let link = app
            .backend
            .sign_in
            .replace(&app.backend.origin, &wire.origin);
        page.open(&link).await?;
        page.heading("SQL workspace").await?;
        page.expect_log("net::ERR");
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(2).await?;
        wire.cut();
        page.live_state("disconnected").await?;
        page.sees("The connection broke while the query was running")
            .await?;
        page.sees("Attaching again in").await?;
        note(page, "Disconnected since").await?;
        page.screens("break").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.prefer("light").await?;
        wire.mend();
        page.click("button", "Attach now").await?;
        page.live_state("running").await?;
        page.live_received(before + 3).await?;
        // What was sent meanwhile is there, and the line tells when it was.
        note(page, "Disconnected from").await?;
        assert!(page.has("button", "Cancel").await?);
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}

async fn note(page: &Page, words: &str) -> Result {
    const NOTES: &str =
        "return [...document.querySelectorAll('.grid-note')].map((e) => e.textContent)";
    wait::until(
        &format!("a line of the grid that says {words}"),
        async || {
            let notes = page.run(NOTES, vec![]).await?;
            let has = |note: &Value| note.as_str().is_some_and(|note| note.contains(words));
            match notes.as_array().is_some_and(|all| all.iter().any(has)) {
                true => Ok(Some(())),
                false => fail(format!("there are {notes}")),
            }
        },
    )
    .await
}

const ROWS: u64 = 60_000;

/// `n` from 0 on, in batches as large as the server takes at once.
async fn flood(app: &App) -> Result {
    let columns = json!([{ "name": "n", "type": "uint64" }, { "name": "text", "type": "string" }]);
    let definition = json!({ "name": "flood", "columns": columns });
    app.backend
        .api
        .post("/v1beta2/streams", &definition)
        .await?;
    for first in (0..ROWS).step_by(5_000) {
        let rows: Vec<Value> = (first..first + 5_000)
            .map(|n| json!([n, format!("row {n}")]))
            .collect();
        let body = json!({ "columns": ["n", "text"], "data": rows });
        let path = "/v1beta2/streams/flood/ingest?format=compact";
        app.backend.api.post(path, &body).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_newest_row_is_in_view_after_a_flood() {
    run("flood", |app| async move {
        flood(&app).await?;
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select n, text from flood settings seek_to = 'earliest'")
            .await?;
        page.click("button", "Run").await?;
        page.live_received(ROWS).await?;
        let newest = format!("row {}", ROWS - 1);
        wait::until("the newest row", async || {
            let cells = page.cells().await?;
            match cells.iter().flatten().any(|cell| *cell == newest) {
                true => Ok(Some(())),
                false => fail(format!("in view: {:?}", cells.last())),
            }
        })
        .await?;
        assert_eq!(page.live_number("dropped").await?, ROWS - 50_000);
        page.click("button", "Download CSV").await?;
        let csv = page.download(".csv").await?;
        assert_eq!(csv.lines().count(), 50_001);
        assert!(csv.trim_end().ends_with(&format!("{},{newest}", ROWS - 1)));
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}

#[tokio::test]
async fn the_address_restores_statement_view_and_filters() {
    run("address", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        flood(&app).await?;
        let sql = "select n, text from table(flood)";
        let url = url::Url::parse_with_params(
            &format!("{}/c/local/sql", app.backend.origin),
            [
                ("q", sql),
                ("tab", "results"),
                ("view", r#"{"s":"row 5999"}"#),
            ],
        )?;
        page.open(url.as_str()).await?;
        page.heading("SQL workspace").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        wait::until("the rows that match", async || {
            let matching = page.live("matching").await?;
            // 5999 is no longer held; 59990 to 59999 are.
            match matching.starts_with("10 of") {
                true => Ok(Some(())),
                false => fail(matching),
            }
        })
        .await?;
        // Rows come and go unspoken: only the state is announced.
        let spoken = "return [...document.querySelectorAll('[role=grid] [aria-live], \
                      [role=grid][aria-live]')].length";
        assert_eq!(page.run(spoken, vec![]).await?, 0);
        Ok(())
    })
    .await;
}
