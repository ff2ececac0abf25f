//! Charts of a result in the workspace: every kind, fields, the address, a picture, a dashboard.

use serde_json::{Value, json};
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

const SQL: &str = "select _tp_time, host, load, temp from table(loads)";
const HOSTS: [&str; 3] = ["alpha", "beta", "gamma"];

#[tokio::test]
async fn charts_of_a_result() {
    run("charts", |app| async move {
        rows(&app).await?;
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql(SQL).await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        page.click("tab", "Chart").await?;
        figure_says(page, "Line chart load by _tp_time").await?;
        page.choose("Series by", "host").await?;
        legend(page, &HOSTS).await?;
        page.screens("chart-line").await?;
        page.choose("Chart", "area").await?;
        figure_says(page, "Area chart").await?;
        page.screenshot("chart-area").await?;
        page.choose("Chart", "column").await?;
        page.choose("X", "host").await?;
        page.choose("Series by", "").await?;
        page.choose("Values", "sum").await?;
        // 60 rows of each host: 1, 2 and 3 each time.
        figure_says(page, "sum of load 180").await?;
        page.screenshot("chart-column").await?;
        page.choose("Chart", "bar").await?;
        figure_says(page, "Bars (horizontal) chart").await?;
        page.screenshot("chart-bar").await?;
        page.choose("Chart", "scatter").await?;
        page.choose("X", "temp").await?;
        page.choose("Series by", "host").await?;
        legend(page, &HOSTS).await?;
        figure_says(page, "Scatter chart load by temp by host").await?;
        page.screens("chart-scatter").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.prefer("light").await?;
        page.choose("Chart", "singleValue").await?;
        value(page, "360").await?;
        page.screenshot("chart-single").await?;
        save(page, "load.png").await?;
        page.choose("Chart", "column").await?;
        page.choose("X", "host").await?;
        page.choose("Series by", "").await?;
        save(page, "load-by-host.png").await?;
        address(&app).await?;
        dashboard(page).await
    })
    .await;
}

/// 60 rows of each host.
async fn rows(app: &App) -> Result {
    let columns = json!([
        { "name": "host", "type": "string" },
        { "name": "load", "type": "float64" },
        { "name": "temp", "type": "float64" },
    ]);
    let definition = json!({ "name": "loads", "columns": columns });
    let api = &app.backend.api;
    api.post("/v1beta2/streams", &definition).await?;
    let data: Vec<Value> = (0..180)
        .map(|n| {
            let (host, step) = (n % 3, n / 3);
            let time = format!("2026-01-01T00:{step:02}:00.000Z");
            json!([
                time,
                HOSTS[host],
                host + 1,
                40 + (step * 7 + host * 11) % 30
            ])
        })
        .collect();
    let names = ["_tp_time", "host", "load", "temp"];
    let body = json!({ "columns": names, "data": data });
    let path = "/v1beta2/streams/loads/ingest?format=compact";
    api.post(path, &body).await?;
    Ok(())
}

async fn figure_says(page: &Page, words: &str) -> Result {
    const LABEL: &str = "return document.querySelector('.figure')?.getAttribute('aria-label')";
    wait::until(&format!("a chart that says {words}"), async || {
        let label = page.run(LABEL, vec![]).await?;
        match label.as_str() {
            Some(label) if label.contains(words) => Ok(Some(())),
            _ => fail(format!("it says {label}")),
        }
    })
    .await
}

async fn legend(page: &Page, names: &[&str]) -> Result {
    const NAMES: &str = "return [...document.querySelectorAll('.u-legend th')].map((e) => e.textContent) \
         .filter((name) => name !== 'time (UTC)')";
    wait::until("the legend", async || {
        let shown = page.run(NAMES, vec![]).await?;
        match shown == json!(names) {
            true => Ok(Some(())),
            false => fail(format!("it names {shown}")),
        }
    })
    .await
}

async fn value(page: &Page, text: &str) -> Result {
    const VALUE: &str = "return document.querySelector('.chart-stage .single-value')?.textContent";
    wait::until("the value", async || {
        let shown = page.run(VALUE, vec![]).await?;
        match shown == text {
            true => Ok(Some(())),
            false => fail(format!("it is {shown}")),
        }
    })
    .await
}

/// What is saved is a PNG that is more than one colour.
async fn save(page: &Page, name: &str) -> Result {
    page.click("button", "Save as PNG").await?;
    let path = page.downloads.path().join(name);
    let bytes = wait::until(&format!("the download {name}"), async || {
        Ok(std::fs::read(&path).ok().filter(|bytes| !bytes.is_empty()))
    })
    .await?;
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    assert!(bytes.len() > 2_000, "{} bytes", bytes.len());
    Ok(())
}

async fn address(app: &App) -> Result {
    let page = &app.page;
    wait::until("the chart in the address", async || {
        let url = page.url().await?;
        let chart = url.query_pairs().find(|(name, _)| name == "chart");
        let text = chart.map(|(_, text)| text.to_string()).unwrap_or_default();
        match text.starts_with("column{") && text.contains(r#""xAxis":"host""#) {
            true => Ok(Some(())),
            false => fail(text),
        }
    })
    .await?;
    page.reload().await?;
    page.heading("SQL workspace").await?;
    page.click("button", "Run").await?;
    page.live_state("finished").await?;
    figure_says(
        page,
        "Columns (vertical) chart load by host. Newest: sum of load 180",
    )
    .await
}

async fn dashboard(page: &Page) -> Result {
    page.click("button", "Add to dashboard").await?;
    page.fill("Name of the new dashboard", "Loads").await?;
    page.fill("Title of the panel", "By host").await?;
    page.click("button", "Add panel").await?;
    page.sees("Panel added to dashboard Loads").await?;
    page.click("link", "Dashboards").await?;
    page.heading("Dashboards").await?;
    page.click("link", "Loads").await?;
    page.heading("Loads").await?;
    figure_says(
        page,
        "Columns (vertical) chart By host. Newest: sum of load 180",
    )
    .await?;
    page.screenshot("chart-on-dashboard").await
}
