//! What is typed and not sent yet is asked about, whichever way a page is left.

use serde_json::json;
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

const QUESTION: &str = "Leave without saving?";

#[tokio::test]
async fn links_and_the_browsers_back_ask_before_input_is_lost() {
    run("leaving", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        page.click("link", "Create stream").await?;
        page.heading("Create stream").await?;
        page.fill("Name", "half").await?;
        let address = page.url().await?;

        page.click("link", "Sinks").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Cancel").await?;
        page.run("history.back()", vec![]).await?;
        page.sees(QUESTION).await?;
        assert_eq!(page.url().await?, address);
        page.click("button", "Cancel").await?;
        value(page, "Name", "half").await?;
        page.run("history.back()", vec![]).await?;
        page.sees(QUESTION).await?;
        page.click("button", "Leave").await?;
        page.heading("Streams").await?;

        // Another tab of the page is looked at meanwhile.
        app.open("/c/local/streams/host_metrics?tab=ingest").await?;
        page.heading("host_metrics").await?;
        page.fill("Data", "half a row").await?;
        page.click("tab", "Schema").await?;
        page.click("tab", "Ingest").await?;
        value(page, "Data", "half a row").await?;
        page.click("link", "Sinks").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Leave").await?;
        page.heading("Sinks").await
    })
    .await;
}

/// In-app: the browser's back does not leave the console.
async fn follow(page: &Page, href: &str) -> Result {
    const FOLLOW: &str = "const link = document.createElement('a'); link.href = arguments[0]; \
         document.body.append(link); link.click(); link.remove()";
    page.run(FOLLOW, vec![json!(href)]).await.map(drop)
}

#[tokio::test]
async fn signing_out_asks_and_the_next_user_finds_nothing() {
    run("leaving-user", |app| async move {
        let user = json!({ "username": "next", "password": "correct horse", "role": "admin" });
        app.backend.api.post("/v1beta2/users", &user).await?;
        app.sign_in().await?;
        let page = &app.page;
        follow(page, "/c/local/new/user").await?;
        page.heading("Create user").await?;
        page.fill("Name", "half").await?;
        page.click("button", "Signed in as admin").await?;
        page.click("button", "Sign out").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Cancel").await?;
        value(page, "Name", "half").await?;

        // Nobody is signed in for a moment.
        page.expect_log("401");
        page.click("button", "Signed in as admin").await?;
        page.click("button", "Sign out").await?;
        page.sees(QUESTION).await?;
        page.click("button", "Leave").await?;
        page.fill("User", "next").await?;
        page.fill("Password", "correct horse").await?;
        page.click("button", "Sign in").await?;
        page.find("button", "Signed in as next").await?;
        follow(page, "/c/local/new/user").await?;
        page.heading("Create user").await?;
        value(page, "Name", "").await
    })
    .await;
}

#[tokio::test]
async fn a_form_that_was_only_looked_at_asks_nothing_whatever_ends_its_lines() {
    run("leaving-lines", |app| async move {
        let api = &app.backend.api;
        let query = "select 1 as a,\r\n  2 as b\r\n";
        let view = json!({ "name": "windows_lines", "query": query });
        api.post("/v1beta2/views", &view).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/views").await?;
        page.heading("Views").await?;
        follow(page, "/c/local/views/windows_lines/edit").await?;
        page.heading("Edit windows_lines").await?;
        wait::until("the editor", async || {
            Ok(page.has_css(".cm-content").await?.then_some(()))
        })
        .await?;
        page.run("history.back()", vec![]).await?;
        page.heading("Views").await?;
        follow(page, "/c/local/views/windows_lines/edit").await?;
        page.fill("Description", "told").await?;
        page.click("button", "Save changes").await?;
        page.heading("windows_lines").await?;
        let saved = api.get("/v1beta2/views/windows_lines").await?;
        assert_eq!(saved["description"], "told");
        let kept = saved["query"].as_str().unwrap_or_default();
        assert_eq!(kept.trim_end(), query.trim_end());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_query_of_a_page_ends_when_it_is_left() {
    run("leaving-queries", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql(
            "select 1 as one from host_metrics; select 2 as two from host_metrics; select 3 as three from host_metrics",
        )
        .await?;
        page.click("button", "Run all 3").await?;
        running(&app, 3).await?;
        let left = std::time::Instant::now();
        page.reload().await?;
        running(&app, 0).await?;
        // By itself the server waits for 30 seconds.
        let waited = left.elapsed();
        assert!(waited.as_secs() < 25, "{waited:?}");
        Ok(())
    })
    .await;
}

/// Presses buttons of the SQL workspace, each so many milliseconds after the one before.
async fn presses(page: &Page, all: &[(&str, u32)]) -> Result {
    const PRESS: &str = "const done = arguments[arguments.length - 1]; (async () => { \
         for (const [words, after] of arguments[0]) { \
           await new Promise((go) => setTimeout(go, after)); \
           [...document.querySelectorAll('.run-bar button')].find((one) => one.textContent.trim().startsWith(words)).click(); \
         } done(); })()";
    page.client.execute_async(PRESS, vec![json!(all)]).await?;
    Ok(())
}

#[tokio::test]
async fn what_is_run_again_or_canceled_at_once_leaves_no_query_behind() {
    run("leaving-runs", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select cpu_percent from host_metrics")
            .await?;
        let begun = std::time::Instant::now();
        presses(page, &[("Run", 0); 10]).await?;
        page.live_received(1).await?;
        running(&app, 1).await?;
        for between in [1, 5, 20, 100] {
            presses(page, &[("Run", 0), ("Cancel", between)]).await?;
            page.live_state("canceled").await?;
            running(&app, 0).await?;
        }
        // By itself the server waits for 30 seconds.
        let waited = begun.elapsed();
        assert!(waited.as_secs() < 28, "{waited:?}");
        Ok(())
    })
    .await;
}

async fn running(app: &App, count: usize) -> Result {
    wait::until(&format!("{count} running"), async || {
        let all = app.backend.api.get("/v1beta2/queries").await?;
        let states = all.to_string();
        let found = states.matches("\"status\":\"running\"").count();
        match found == count {
            true => Ok(Some(())),
            false => fail(format!("there are {found}")),
        }
    })
    .await
}

async fn value(page: &Page, label: &str, expected: &str) -> Result {
    wait::until(&format!("{expected} in {label}"), async || {
        let found = page.find("textbox", label).await?;
        let value = found.prop("value").await?.unwrap_or_default();
        match value == expected {
            true => Ok(Some(())),
            false => fail(format!("it holds {value}")),
        }
    })
    .await
}

/// Other tabs get a moment to end what they read before the session ends.
#[tokio::test]
async fn who_signs_out_and_leaves_at_once_is_signed_out() {
    run("leaving-signed-out", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/streams").await?;
        page.heading("Streams").await?;
        page.expect_log("401");
        page.click("button", "Signed in as admin").await?;
        const LEAVE: &str = "[...document.querySelectorAll('button')]\
             .find((one) => one.textContent.trim() === 'Sign out').click(); location.reload()";
        page.run(LEAVE, vec![]).await?;
        app.open("/c/local/streams").await?;
        page.fill("User", "admin").await
    })
    .await;
}
