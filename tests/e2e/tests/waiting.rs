//! What is waited for: an answer that somebody on the way holds back, a server that comes back, and
//! people who may read no more.

use std::time::{Duration, Instant};

use serde_json::json;
use weir_e2e::{Page, Result, failure::fail, run, wait, wire::Wire};

/// The page's calls of a list get no answer until `window.free` is called.
const HOLD: &str = "
    const own = window.fetch;
    const held = new Promise((free) => (window.free = free));
    window.fetch = async (request, options) => {
        const url = new URL(request.url ?? request, location.href);
        if (/\\/(streams|views)$/.test(url.pathname)) await held;
        return own(request, options);
    };";
const HELD: &str = "No response yet. The server is busy, or a proxy holds back";

#[tokio::test]
async fn an_answer_that_is_held_back_is_said_until_it_comes() {
    run("held-back", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        // So that the code of lists is there.
        page.click("link", "Views").await?;
        page.sees("No views yet").await?;
        page.run(HOLD, vec![]).await?;
        page.click("link", "Streams").await?;
        page.heading("Streams").await?;
        page.sees(HELD).await?;
        page.screens("held-back").await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        page.run("window.free()", vec![]).await?;
        page.find("link", "host_metrics").await?;
        wait::until("no more said", async || {
            let text = page.run("return document.body.innerText", vec![]).await?;
            let said = text.as_str().unwrap_or_default().contains(HELD);
            Ok((!said).then_some(()))
        })
        .await
    })
    .await;
}

async fn attempt(page: &Page, number: u32) -> Result {
    page.sees(&format!("(attempt {number})")).await
}

#[tokio::test]
async fn a_query_is_taken_up_as_soon_as_the_server_answers_anything() {
    run("back-at-once", |app| async move {
        let wire = Wire::to(app.address()).await?;
        let page = &app.page;
        app.sign_in_over(&wire).await?;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        page.click("button", "Run").await?;
        // Who leaves in the first moment does not come back.
        page.live_received(2).await?;
        wire.cut();
        // The next attempt is 8 seconds away.
        attempt(page, 4).await?;
        wire.mend();
        let back = Instant::now();
        page.click("button", "Retry now").await?;
        page.live_state("running").await?;
        match back.elapsed() < Duration::from_secs(5) {
            true => Ok(()),
            false => fail(format!("taken up after {:?}", back.elapsed())),
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_deleted_reads_no_more_and_is_asked_who_they_are() {
    run("deleted-meanwhile", |app| async move {
        let api = &app.backend.api;
        let user = json!({ "username": "bob", "password": "correct horse", "role": "read_only" });
        api.post("/v1beta2/users", &user).await?;
        let page = &app.page;
        app.open("/c/local/sign-in?next=%2Fc%2Flocal%2Fsql").await?;
        page.fill("User", "bob").await?;
        page.fill("Password", "correct horse").await?;
        page.click("button", "Sign in").await?;
        page.heading("SQL workspace").await?;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        page.expect_log("401");
        page.expect_log("net::ERR");
        api.delete("/v1beta2/users/bob").await?;
        page.sees("Sign in again").await?;
        page.sees("Your input is kept.").await?;
        let still = page.live("state").await?;
        assert_ne!(still, "Running");
        wait::until("no query that runs", async || {
            let all = api.get("/v1beta2/queries").await?;
            Ok((!all.to_string().contains("\"status\":\"running\"")).then_some(()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn what_other_windows_follow_ends_with_the_session() {
    run("others-end", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        let second = page.client.new_window(false).await?.handle;
        page.client.switch_to_window(second).await?;
        app.open("/c/local/streams").await?;
        page.find("link", "host_metrics").await?;
        // Nobody is signed in for a moment.
        page.expect_log("401");
        page.click("button", "Signed in as admin").await?;
        page.click("button", "Sign out").await?;
        page.heading("Sign in to Embedded backend").await?;
        let left = Instant::now();
        wait::until("no query that runs", async || {
            let all = app.backend.api.get("/v1beta2/queries").await?;
            Ok((!all.to_string().contains("\"status\":\"running\"")).then_some(()))
        })
        .await?;
        // Where nobody tells it, the server ends a query without a reader after 30 seconds.
        match left.elapsed() < Duration::from_secs(15) {
            true => Ok(()),
            false => fail(format!("ended after {:?}", left.elapsed())),
        }
    })
    .await;
}
