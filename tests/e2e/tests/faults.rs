//! The network between browser and backend fails in other ways than by a cut: the console says what
//! happened, keeps what was typed, and goes on when it is over.

use weir_e2e::{
    App, Page, Result,
    failure::fail,
    run, wait,
    wire::{Fault, Wire},
};

/// Of a proxy that wants somebody to sign in to the network.
const PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n\
                    <!doctype html><title>Sign in to the guest network</title>";
const TOO_MANY: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 2\r\n\
                        content-length: 0\r\nconnection: close\r\n\r\n";
const UNAVAILABLE: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\n\
                           content-type: text/html\r\nconnection: close\r\n\r\n\
                           <html>no upstream</html>";

async fn wired(app: &App) -> Result<Wire> {
    let wire = Wire::to(app.address()).await?;
    app.sign_in_over(&wire).await?;
    for words in ["status of 429", "status of 503"] {
        app.page.expect_log(words);
    }
    Ok(wire)
}

#[tokio::test]
async fn what_somebody_in_between_answers_is_said_and_what_is_typed_stays() {
    run("answered", |app| async move {
        let wire = wired(&app).await?;
        let page = &app.page;
        page.open(&format!("{}/c/local/streams", wire.origin))
            .await?;
        page.heading("Streams").await?;
        page.click("link", "Create stream").await?;
        page.heading("Create stream").await?;
        page.fill("Name", "kept").await?;
        page.fill("Column 1 name", "n").await?;
        page.fill("Column 1 type", "int64").await?;
        wire.set(Fault::Answered(PAGE));
        page.click("button", "Create stream").await?;
        page.sees("It is a web page and not data").await?;
        typed(page, "kept").await?;
        wire.set(Fault::Answered(TOO_MANY));
        page.click("button", "Create stream").await?;
        page.sees("limits the request rate").await?;
        // It goes on by itself once it may, and the stream is there once.
        wire.mend();
        page.heading("kept").await?;
        let streams = app.backend.api.get("/v1beta2/streams").await?;
        let made = streams.as_array().into_iter().flatten();
        assert_eq!(
            made.filter(|one| one["name"] == "kept").count(),
            1,
            "{streams}"
        );
        Ok(())
    })
    .await;
}

async fn typed(page: &Page, name: &str) -> Result {
    let value = page.find("textbox", "Name").await?.prop("value").await?;
    match value.as_deref() == Some(name) {
        true => Ok(()),
        false => fail(format!("what was typed became {value:?}")),
    }
}

#[tokio::test]
async fn a_list_waits_for_a_server_that_says_when_it_is_back() {
    run("unavailable", |app| async move {
        let wire = wired(&app).await?;
        let page = &app.page;
        // So that the code of the page is there.
        page.open(&format!("{}/c/local/views", wire.origin)).await?;
        page.sees("No views yet").await?;
        page.click("link", "Streams").await?;
        page.heading("Streams").await?;
        wire.set(Fault::Answered(UNAVAILABLE));
        page.click("link", "Views").await?;
        page.sees("Retrying in").await?;
        wire.mend();
        page.sees("No views yet").await
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_stalls_in_the_middle_of_an_event_counts_as_broken_and_goes_on() {
    run("stalled", |app| async move {
        let wire = wired(&app).await?;
        let page = &app.page;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(5).await?;
        wire.set(Fault::Stalled);
        // Nobody says that it is over: it is noticed after 35 s of silence.
        wait::until("the silence to be noticed", async || {
            Ok(page.has_css(".banner").await?.then_some(()))
        })
        .await?;
        page.sees("The connection was lost while the query was running")
            .await?;
        wire.mend();
        page.live_state("running").await?;
        page.live_received(before + 5).await?;
        page.click("button", "Pause").await?;
        page.click("button", "Download CSV").await?;
        let csv = page.download(".csv").await?;
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        let distinct: std::collections::HashSet<&str> = rows.iter().copied().collect();
        assert_eq!(distinct.len(), rows.len(), "a row came twice: {csv}");
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}

/// One kilobyte in a second.
#[tokio::test]
async fn a_slow_connection_shows_everything_in_the_end() {
    run("slow", |app| async move {
        let wire = wired(&app).await?;
        let page = &app.page;
        page.write_sql("select number from numbers(2000)").await?;
        // So that the code of the result is there, which a release fetches in parts.
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        wire.set(Fault::Slow(102));
        page.click("button", "Run").await?;
        page.live_state("running").await?;
        page.live_state("finished").await?;
        assert_eq!(page.live_number("received").await?, 2000);
        wire.mend();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_storage_the_console_works_and_a_network_that_is_gone_is_said() {
    run("no-storage", |app| async move {
        let page = &app.page;
        app.sign_in().await?;
        // So that the code of the page is there.
        page.click("link", "Streams").await?;
        page.sees("host_metrics").await?;
        page.click("link", "SQL workspace").await?;
        page.heading("SQL workspace").await?;
        // As a browser that forbids it, or whose storage is full.
        const FORBID: &str = "for (const name of ['setItem', 'getItem']) \
             Storage.prototype[name] = () => { throw new DOMException('full', 'QuotaExceededError') }";
        page.run(FORBID, vec![]).await?;
        page.write_sql("select 41 + 1 as answer").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        assert_eq!(page.cells().await?[0][0], "42");
        page.expect_log("net::ERR");
        let network = |offline: bool| {
            serde_json::json!({
                "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
            })
        };
        page.devtools("Network.enable", serde_json::json!({})).await?;
        page.devtools("Network.emulateNetworkConditions", network(true))
            .await?;
        page.click("link", "Streams").await?;
        page.sees("Cannot reach Embedded backend").await?;
        page.devtools("Network.emulateNetworkConditions", network(false))
            .await?;
        page.sees("host_metrics").await
    })
    .await;
}
