//! A live chart of 100 lines with 1,000 points each.

use std::{path::Path, time::Duration};

use serde_json::json;
use tokio::time;
use weir_e2e::{Browser, Result};

use crate::{
    frames, generator,
    table::{Goal, Table},
};

const LENGTH: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(4);
/// Points of each line a second: two a frame, so that there is something new for every frame
/// although rows and frames do not come in step.
const RATE: u64 = 120;

pub(crate) async fn measure(console: &Path, table: &mut Table) -> Result {
    println!("==> chart … (30 s)");
    let (origin, _) = generator::start(console).await?;
    let browser = Browser::start().await?;
    let page = &browser.page;
    page.open(&format!("{origin}/c/local/sql")).await?;
    let held = json!({ "rows": generator::SERIES * generator::POINTS, "bytes": 64 << 20 });
    let keep = "localStorage.setItem('weir.live.limits', arguments[0])";
    page.run(keep, vec![json!(held.to_string())]).await?;
    let chart = r#"line{"xAxis":"at","yAxis":"value","color":"host"}"#;
    let url = url::Url::parse_with_params(
        &format!("{origin}/c/local/sql"),
        [
            ("tab", "chart"),
            ("chart", chart),
            ("q", &format!("series {RATE}")),
        ],
    )?;
    page.open(url.as_str()).await?;
    page.click("button", "Run").await?;
    page.live_received(generator::SERIES * generator::POINTS)
        .await?;
    time::sleep(WARM_UP).await;
    frames::watch(page).await?;
    let start = time::Instant::now();
    time::sleep(LENGTH).await;
    let passed = start.elapsed().as_secs_f64();
    let (frames, paints) = (frames::seen(page).await?, frames::paints(page).await?);
    let paints = paints as f64 / passed;
    browser.close().await?;
    table.add(
        format!(
            "chart: {} lines of {} points, one more of each {RATE} times a second",
            generator::SERIES,
            generator::POINTS
        ),
        format!("{}; drawn {paints:.0} times a second", frames.words()),
        Goal::new("60 frames/s", frames.smooth() && paints > 55.0),
    );
    Ok(())
}
