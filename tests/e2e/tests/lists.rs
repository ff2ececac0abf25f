//! What helps in long lists: chips by state, favourites, groups; and the server's own log.

use fantoccini::key::Key;
use serde_json::json;
use weir_e2e::{App, Result, run};

async fn sink(app: &App, name: &str) -> Result<String> {
    let sink = json!({
        "name": name, "type": "http", "query": "SELECT cpu_percent FROM host_metrics",
        "properties": { "url": "http://127.0.0.1:9/" }
    });
    let made = app.backend.api.post("/v1beta2/sinks", &sink).await?;
    Ok(made["id"].as_str().unwrap_or_default().to_string())
}

#[tokio::test]
async fn chips_count_states_and_favourites_come_first() {
    run("list-chips", |app| async move {
        for name in ["one", "two"] {
            sink(&app, name).await?;
        }
        let three = sink(&app, "zebra").await?;
        let stop = format!("/v1beta2/sinks/{three}/stop");
        app.backend.api.post(&stop, &json!({})).await?;
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/sinks").await?;
        page.heading("Sinks").await?;
        page.click("button", "Stopped 1").await?;
        page.sees("1 of 3 sinks").await?;
        let url = page.url().await?;
        assert!(
            url.query().unwrap_or_default().contains("state=stopped"),
            "{url}"
        );
        page.screens("list-chips").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        // The address brings it back, a second press lets go of it.
        app.open("/c/local/sinks?state=stopped").await?;
        page.sees("1 of 3 sinks").await?;
        page.click("button", "Stopped 1").await?;
        page.sees("3 sinks").await?;

        page.click("button", "Favourite zebra").await?;
        let first = "return document.querySelector('tbody th.name')?.innerText.trim() ?? ''";
        assert_eq!(page.run(first, Vec::new()).await?, "zebra");
        app.open("/c/local/sinks").await?;
        page.find("link", "zebra").await?;
        assert_eq!(page.run(first, Vec::new()).await?, "zebra");
        page.press_control("k").await?;
        page.find("combobox", "Page, resource or action").await?;
        page.press("favourite").await?;
        page.find("option", "zebra Sink · favourite").await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.heading("zebra").await
    })
    .await;
}

#[tokio::test]
async fn long_lists_are_grouped_and_folded_in_the_address() {
    run("list-groups", |app| async move {
        let api = &app.backend.api;
        for at in 0..305 {
            let kind = if at % 2 == 0 { "orders" } else { "users" };
            let view = json!({ "name": format!("{kind}_{at:03}"), "query": "SELECT 1 AS one" });
            api.post("/v1beta2/views", &view).await?;
        }
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/views").await?;
        page.heading("Views").await?;
        page.click("button", "Group by name").await?;
        page.click("button", "users 152").await?;
        page.find("link", "users_001").await?;
        assert!(!page.has("link", "orders_000").await?);
        let url = page.url().await?;
        let query = url.query().unwrap_or_default().to_string();
        assert!(
            query.contains("group=name") && query.contains("open=users"),
            "{url}"
        );
        page.screens("list-groups").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        app.open("/c/local/views?group=name&open=users").await?;
        page.find("link", "users_001").await?;
        page.find("button", "orders 153").await?;
        // All of them, folded or not.
        page.click("checkbox", "Select all rows found").await?;
        page.sees("305 views selected").await
    })
    .await;
}

#[tokio::test]
async fn the_servers_log_is_searched_at_its_own_address() {
    run("logs", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/logs?level=WARN&range=15m&q=nothing")
            .await?;
        page.heading("Logs").await?;
        page.live_state("running").await?;
        page.sees("Last 15 minutes").await?;
        page.screens("logs").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        page.choose("Range", "6h").await?;
        page.sees("Last 6 hours").await?;
        let url = page.url().await?;
        let query = url.query().unwrap_or_default().to_string();
        let kept = ["level=WARN", "range=6h", "q=nothing"];
        assert!(kept.iter().all(|part| query.contains(part)), "{url}");
        page.live_state("running").await
    })
    .await;
}
