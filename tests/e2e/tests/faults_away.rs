//! The page is away for a while, or what it is connected to: it goes on where it was, and no row is
//! lost or counted twice.

use std::{collections::HashSet, time::Duration};

use serde_json::json;
use weir_e2e::{
    App, Page, Result,
    failure::fail,
    run, wait,
    wire::{Fault, Wire},
};

/// Longer than silence may last.
const AWAY: Duration = Duration::from_secs(40);

/// A stream with one column, and a query that follows it.
async fn following(app: &App) -> Result {
    let columns = json!([{"name": "n", "type": "int64"}]);
    let stream = json!({"name": "numbered", "columns": columns});
    app.backend.api.post("/v1beta2/streams", &stream).await?;
    app.page.write_sql("select n from numbered").await?;
    app.page.click("button", "Run").await?;
    app.page.live_state("running").await?;
    ingest(app, 0..10).await?;
    app.page.live_received(10).await.map(drop)
}

async fn ingest(app: &App, rows: std::ops::Range<u64>) -> Result {
    let rows: Vec<_> = rows.map(|n| json!([n])).collect();
    let body = json!({"columns": ["n"], "data": rows});
    let path = "/v1beta2/streams/numbered/ingest";
    app.backend.api.post(path, &body).await.map(drop)
}

/// Each of the first `count` rows is there once.
async fn each_once(page: &Page, count: u64) -> Result {
    page.live_received(count).await?;
    page.live_state("running").await?;
    page.click("button", "Pause").await?;
    page.click("button", "Download CSV").await?;
    let csv = page.download(".csv").await?;
    let rows: Vec<u64> = csv
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next()?.trim_matches('"').parse().ok())
        .collect();
    let distinct: HashSet<u64> = rows.iter().copied().collect();
    if distinct.len() != rows.len() || distinct != (0..count).collect() {
        return fail(format!("there is {csv}"));
    }
    page.click("button", "Cancel").await?;
    page.live_state("canceled").await
}

async fn life(page: &Page, state: &str) -> Result {
    let state = json!({ "state": state });
    page.devtools("Page.setWebLifecycleState", state)
        .await
        .map(drop)
}

/// A page that stood still is hidden until somebody comes back to it.
async fn woken(page: &Page) -> Result {
    life(page, "active").await?;
    let client = &page.client;
    let own = client.window().await?;
    let other = client.new_window(true).await?.handle;
    client.switch_to_window(other).await?;
    client.close_window().await?;
    client.switch_to_window(own).await?;
    let hidden = page.run("return document.hidden", vec![]).await?;
    match hidden == json!(false) {
        true => Ok(()),
        false => fail("it is still hidden"),
    }
}

/// As a browser does with a page in the background, and with one of a computer that is closed.
#[tokio::test]
async fn a_page_that_stood_still_goes_on_where_it_was() {
    run("frozen", |app| async move {
        app.sign_in().await?;
        following(&app).await?;
        life(&app.page, "frozen").await?;
        for part in 1..=8 {
            ingest(&app, part * 10..(part + 1) * 10).await?;
            tokio::time::sleep(AWAY / 8).await;
        }
        woken(&app.page).await?;
        each_once(&app.page, 90).await
    })
    .await;
}

/// The clock has gone on, the connections are dead, and nobody said so.
#[tokio::test]
async fn after_a_sleep_of_an_hour_a_query_is_taken_up_where_it_was() {
    run("asleep", |app| async move {
        let page = &app.page;
        let clock = "globalThis.slept = 0; const Real = Date; globalThis.Date = class extends Real { \
             constructor(...a) { a.length ? super(...a) : super(Real.now() + globalThis.slept) } \
             static now() { return Real.now() + globalThis.slept } }";
        page.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": clock }),
        )
        .await?;
        let wire = Wire::to(app.address()).await?;
        app.sign_in_over(&wire).await?;
        following(&app).await?;
        wire.set(Fault::Gone);
        life(page, "frozen").await?;
        ingest(&app, 10..40).await?;
        woken(page).await?;
        page.run("globalThis.slept = 3600e3", vec![]).await?;
        wire.mend();
        // Connections of before the sleep are dead: the first attempt may take one of them.
        page.sees("The connection was lost while the query was running")
            .await?;
        each_once(page, 40).await
    })
    .await;
}

/// Also where the first attempt to take the query up again went into the void.
#[tokio::test]
async fn a_connection_whose_other_side_has_gone_is_given_up() {
    run("half-open", |app| async move {
        let page = &app.page;
        let wire = Wire::to(app.address()).await?;
        app.sign_in_over(&wire).await?;
        following(&app).await?;
        wire.set(Fault::Gone);
        ingest(&app, 10..20).await?;
        page.sees("The connection was lost while the query was running")
            .await?;
        page.sees("Reattaching now").await?;
        // The attempt is on its way.
        tokio::time::sleep(Duration::from_secs(1)).await;
        wire.mend();
        each_once(page, 20).await
    })
    .await;
}

/// Hidden pages ask for nothing, and know what is new as soon as they are looked at again.
#[tokio::test]
async fn a_page_that_was_hidden_shows_what_is_new() {
    run("hidden", |app| async move {
        let page = &app.page;
        app.sign_in().await?;
        app.open("/c/local/streams").await?;
        page.sees("host_metrics").await?;
        let looked_at = async |state: &str| {
            let script = "Object.defineProperty(document, 'visibilityState', \
                 { value: arguments[0], configurable: true }); \
                 Object.defineProperty(document, 'hidden', \
                 { value: arguments[0] == 'hidden', configurable: true }); \
                 document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";
            page.run(script, vec![json!(state)]).await
        };
        looked_at("hidden").await?;
        let columns = json!([{"name": "n", "type": "int64"}]);
        let stream = json!({"name": "made_meanwhile", "columns": columns});
        app.backend.api.post("/v1beta2/streams", &stream).await?;
        looked_at("visible").await?;
        page.sees("made_meanwhile").await
    })
    .await;
}

#[tokio::test]
async fn a_reload_in_the_middle_of_a_form_asks_first_and_makes_nothing() {
    run("reload", |app| async move {
        let page = &app.page;
        app.sign_in().await?;
        let asks = async || {
            let script =
                "return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
            page.run(script, vec![]).await
        };
        app.open("/c/local/new/stream").await?;
        page.heading("Create stream").await?;
        assert_eq!(asks().await?, false, "nothing is typed yet");
        page.fill("Name", "half_typed").await?;
        page.fill("Column 1 name", "n").await?;
        wait::until("the question", async || {
            Ok((asks().await? == true).then_some(()))
        })
        .await?;
        page.reload().await?;
        page.heading("Create stream").await?;
        let streams = app.backend.api.get("/v1beta2/streams").await?;
        assert!(!streams.to_string().contains("half_typed"), "{streams}");
        // And the form works as a new one.
        page.fill("Name", "whole").await?;
        page.fill("Column 1 name", "n").await?;
        page.fill("Column 1 type", "int64").await?;
        page.click("button", "Create stream").await?;
        page.heading("whole").await
    })
    .await;
}
