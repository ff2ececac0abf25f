//! Watching a stream: a break and what comes after it, following a flood, a view sent to somebody
//! else.

use serde_json::{Value, json};
use weir_e2e::{App, Page, Result, failure::fail, run, wait, wire::Wire};

#[tokio::test]
async fn a_break_is_a_line_and_the_query_is_taken_up_again() {
    run("break", |app| async move {
        let wire = Wire::to(app.address()).await?;
        let page = &app.page;
        app.sign_in_over(&wire).await?;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(2).await?;
        wire.cut();
        page.live_state("disconnected").await?;
        page.sees("The connection was lost while the query was running")
            .await?;
        page.sees("Reattaching in").await?;
        counts_down(page).await?;
        note(page, "Disconnected since").await?;
        page.screens("break").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.prefer("light").await?;
        wire.mend();
        page.click("button", "Reattach now").await?;
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

/// The seconds to the next attempt go down, and each attempt waits longer.
async fn counts_down(page: &Page) -> Result {
    const WORDS: &str = "return document.querySelector('.banner p')?.textContent ?? ''";
    let mut seen: Vec<(u64, u64)> = Vec::new();
    wait::until("a countdown and a longer one", async || {
        let words = page.run(WORDS, vec![]).await?;
        let numbers: Vec<u64> = words
            .as_str()
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|part| part.parse().ok())
            .collect();
        if let [seconds, attempt] = numbers[..]
            && seen.last() != Some(&(attempt, seconds))
        {
            seen.push((attempt, seconds));
        }
        let longest = |wanted: u64| {
            let of = seen.iter().filter(|(attempt, _)| *attempt == wanted);
            of.map(|(_, seconds)| *seconds).max()
        };
        let down = seen
            .windows(2)
            .any(|pair| pair[0].0 == pair[1].0 && pair[0].1 > pair[1].1);
        let longer = longest(3) > longest(1) && longest(1).is_some();
        match down && longer {
            true => Ok(Some(())),
            false => fail(format!("attempts and seconds: {seen:?}")),
        }
    })
    .await
}

#[tokio::test]
async fn where_the_server_cannot_attach_the_query_goes_on_from_the_last_time() {
    run("run-again", |app| async move {
        let wire = Wire::unnumbered(app.address()).await?;
        let page = &app.page;
        app.sign_in_over(&wire).await?;
        let sql = "select _tp_time, cpu_percent from host_metrics -- live";
        page.write_sql(sql).await?;
        page.click("button", "Run").await?;
        page.live_received(2).await?;
        wire.cut();
        page.live_state("disconnected").await?;
        page.sees("The server cannot resume it").await?;
        page.screens("run-again").await?;
        let before = page.live_number("received").await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        const OFFER: &str = "return [...document.querySelectorAll('.banner button')] \
             .map((e) => e.textContent.trim()).find((text) => text.startsWith('Run again from 2'))";
        let offer = page.run(OFFER, vec![]).await?;
        let offer = offer.as_str().unwrap_or_default().to_string();
        let last = offer.trim_start_matches("Run again from ").to_string();
        wire.mend();
        // Nothing is run by itself.
        let queries = app.backend.api.get("/v1beta2/queries").await?;
        assert_eq!(queries.as_array().map(Vec::len), Some(1), "{queries}");
        page.click("button", &offer).await?;
        page.live_state("running").await?;
        page.live_received(before + 2).await?;
        let again = format!("{sql}\nSETTINGS seek_to='{last}'");
        let status = app.backend.query_status(&again).await?;
        assert_eq!(status.as_deref(), Some("running"), "{again}");
        note(page, "Disconnected from").await?;
        page.click("button", "Download CSV").await?;
        let csv = page.download(".csv").await?;
        let times: Vec<&str> = csv
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .collect();
        // It goes on with the very row at which it broke off: none is left out.
        let at = times.iter().position(|time| *time == last);
        let next = at.and_then(|at| times.get(at + 1));
        assert_eq!(next, Some(&last.as_str()), "{csv}");
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}

#[tokio::test]
async fn an_attached_view_counts_down_too() {
    run("attached", |app| async move {
        let wire = Wire::to(app.address()).await?;
        let page = &app.page;
        app.sign_in_over(&wire).await?;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        let queries = app.backend.api.get("/v1beta2/queries").await?;
        let running = queries
            .as_array()
            .into_iter()
            .flatten()
            .find(|query| query["status"] == "running");
        let id = running.and_then(|query| query["id"].as_str());
        let id = id.unwrap_or_default().to_string();
        // In a tab of its own, so that the query goes on.
        let tab = page.client.new_window(true).await?;
        page.client.switch_to_window(tab.handle).await?;
        page.open(&format!("{}/c/local/queries/{id}?tab=results", wire.origin))
            .await?;
        page.live_state("running").await?;
        let before = page.live_received(2).await?;
        wire.cut();
        page.live_state("disconnected").await?;
        counts_down(page).await?;
        wire.mend();
        page.live_state("running").await?;
        page.live_received(before + 3).await?;
        note(page, "Disconnected from").await
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
/// Rows held where fewer are than come.
const HELD: u64 = 50_000;

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
        let limits = json!({ "rows": HELD, "bytes": 64 << 20 }).to_string();
        let keep = "localStorage.setItem('weir.live.limits', arguments[0])";
        page.run(keep, vec![json!(limits)]).await?;
        page.open(&format!("{}/c/local/sql", app.backend.origin))
            .await?;
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
        assert_eq!(page.live_number("dropped").await?, ROWS - HELD);
        page.click("button", "Download CSV").await?;
        let csv = page.download(".csv").await?;
        assert_eq!(csv.lines().count() as u64, HELD + 1);
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
            // 5999, and 59990 to 59999.
            match matching.starts_with("11 of") {
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

#[tokio::test]
async fn the_address_tells_what_is_looked_at_and_no_secret() {
    run("address-whole", |app| async move {
        let columns = json!([{ "name": "n", "type": "uint64" }]);
        let definition = json!({ "name": "seasons", "columns": columns });
        let api = &app.backend.api;
        api.post("/v1beta2/streams", &definition).await?;
        let data = json!([
            ["2024-01-15T12:00:00.000Z", 1],
            ["2024-07-15T12:00:00.000Z", 2],
            ["2024-07-15T13:00:00.000Z", 3],
        ]);
        let body = json!({ "columns": ["_tp_time", "n"], "data": data });
        let path = "/v1beta2/streams/seasons/ingest?format=compact";
        api.post(path, &body).await?;
        app.sign_in().await?;
        let page = &app.page;
        let sql = "select _tp_time, n from table(seasons)";
        page.write_sql(sql).await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        page.click("button", "Add filter").await?;
        page.choose("Column", "n").await?;
        page.choose("Condition", "5").await?;
        page.fill("Value", "2").await?;
        page.click("button", "Filter").await?;
        page.run(
            "document.querySelector('summary[aria-label=\"Format of values\"]').click()",
            vec![],
        )
        .await?;
        page.fill("Times in zone", "Europe/Berlin\n").await?;
        page.screens("format-menu").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.prefer("light").await?;
        page.press(&char::from(fantoccini::key::Key::Escape).to_string())
            .await?;
        page.click("tab", "Chart").await?;
        let told = |name: &'static str, words: &'static str| async move {
            wait::until(&format!("{words} in the address"), async || {
                let url = page.url().await?;
                let value = url.query_pairs().find(|(key, _)| key == name);
                match value.is_some_and(|(_, value)| value.contains(words)) {
                    true => Ok(Some(())),
                    false => fail(url.to_string()),
                }
            })
            .await
        };
        told("q", "from table(seasons)").await?;
        told("tab", "chart").await?;
        told("view", "Europe/Berlin").await?;
        told("view", "at_most").await?;
        // Another browser has nothing but the address.
        let url = page.url().await?;
        page.run("localStorage.removeItem('weir.tabs.local')", vec![])
            .await?;
        page.open("about:blank").await?;
        page.open(url.as_str()).await?;
        page.heading("SQL workspace").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        assert!(
            page.has_css("[role=tab][aria-selected=true][id$=chart]")
                .await?
        );
        page.click("tab", "Results").await?;
        wait::until("the rows as they were looked at", async || {
            let cells = page.cells().await?.concat();
            let wanted = [
                "2024-01-15 13:00:00.000",
                "1",
                "2024-07-15 14:00:00.000",
                "2",
            ];
            match cells == wanted {
                true => Ok(Some(())),
                false => fail(format!("{cells:?}")),
            }
        })
        .await?;
        page.write_sql("select 'hunter2' as password from table(seasons)")
            .await?;
        wait::until("the statement to leave the address", async || {
            let url = page.url().await?;
            match url.query_pairs().all(|(key, _)| key != "q") {
                true => Ok(Some(())),
                false => fail(url.to_string()),
            }
        })
        .await?;
        assert!(!page.url().await?.as_str().contains("hunter2"));
        Ok(())
    })
    .await;
}
