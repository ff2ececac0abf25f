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
        room_is_used(page).await?;
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

const MANY: usize = 40;

/// More lines than are stroked one by one; `host-7` stays at 70.
#[tokio::test]
async fn many_lines_are_told_apart_and_named() {
    run("many-lines", |app| async move {
        let columns = json!([
            { "name": "host", "type": "string" },
            { "name": "load", "type": "float64" },
        ]);
        let definition = json!({ "name": "many", "columns": columns });
        let api = &app.backend.api;
        api.post("/v1beta2/streams", &definition).await?;
        let data: Vec<Value> = (0..MANY * 20)
            .map(|n| {
                let time = format!("2026-01-01T00:{:02}:00.000Z", n / MANY);
                json!([time, format!("host-{}", n % MANY), n % MANY * 10])
            })
            .collect();
        let body = json!({ "columns": ["_tp_time", "host", "load"], "data": data });
        let path = "/v1beta2/streams/many/ingest?format=compact";
        api.post(path, &body).await?;
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select _tp_time, host, load from table(many)")
            .await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        page.click("tab", "Chart").await?;
        page.choose("Series by", "host").await?;
        wait::until("lines in many colours", async || {
            let colours = page.run(COLOURS, vec![]).await?;
            match colours.as_u64() {
                Some(colours) if colours >= 16 => Ok(Some(())),
                _ => fail(format!("there are {colours}")),
            }
        })
        .await?;
        for share in [0.3, 0.7] {
            let at = page.run(PLACE, vec![json!(share)]).await?;
            let moved = json!({ "type": "mouseMoved", "x": at[0], "y": at[1] });
            page.devtools("Input.dispatchMouseEvent", moved).await?;
            wait::until("the name of the line under the pointer", async || {
                let tip = page.run(TIP, vec![json!(at[2])]).await?;
                match tip.as_str() {
                    Some("near") => Ok(Some(())),
                    _ => fail(format!("the tip says {tip}")),
                }
            })
            .await?;
        }
        page.screens("chart-many").await
    })
    .await;
}

/// Colours in the middle column of the chart, in 16 steps of each part.
const COLOURS: &str = "
const canvas = document.querySelector('.figure canvas');
if (!canvas) return 0;
const { data } = canvas.getContext('2d').getImageData(canvas.width >> 1, 0, 1, canvas.height);
const colours = new Set();
for (let i = 0; i < data.length; i += 4) {
  if (data[i + 3] > 60) colours.add(data.slice(i, i + 3).map((part) => part >> 4).join());
}
return colours.size";

/// Where the pointer goes at a share of the chart's height, and that share.
const PLACE: &str = "
const box = document.querySelector('.figure .u-over').getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height * arguments[0], arguments[0]]";

/// The scale reaches from 0 to 390 and a twelfth of that more.
const TIP: &str = "
const text = document.querySelector('.figure .chart-tip')?.textContent ?? '';
const found = text.match(/^2026-01-01 \\d\\d:\\d\\d:00\\.000 UTC: host-(\\d+) (\\d+)$/);
const value = 390 * 1.08 * (1 - arguments[0]);
return found && found[1] * 10 == found[2] && Math.abs(found[2] - value) <= 10 ? 'near' : text";

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
         .filter((name) => name !== '_tp_time (UTC)')";
    wait::until("the legend", async || {
        let shown = page.run(NAMES, vec![]).await?;
        match shown == json!(names) {
            true => Ok(Some(())),
            false => fail(format!("it names {shown}")),
        }
    })
    .await
}

/// The chart has all of the height that its legend leaves.
async fn room_is_used(page: &Page) -> Result {
    const HEIGHTS: &str = "const plot = document.querySelector('.uplot'); \
         const height = (one) => one.getBoundingClientRect().height; \
         return [height(plot.querySelector('.u-wrap')), height(plot.querySelector('.u-legend')), \
             plot.parentElement.clientHeight]";
    wait::until("a chart as high as there is room", async || {
        let heights = page.run(HEIGHTS, vec![]).await?;
        let px = |at: usize| heights[at].as_f64().unwrap_or_default();
        let (chart, legend, room) = (px(0), px(1), px(2));
        let filled = (0.95 * room..=room + 1.0).contains(&(chart + legend));
        match filled && chart >= 0.6 * room && legend > 0.0 {
            true => Ok(Some(())),
            false => fail(format!("chart, legend and room are {heights}")),
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
