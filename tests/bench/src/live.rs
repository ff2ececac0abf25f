//! Rows from the generator to the screen.

use std::{path::Path, time::Duration};

use tokio::time;
use weir_e2e::{Browser, Page, Result};

use crate::{
    generator,
    table::{Table, grouped},
};

const RATES: [u64; 4] = [50_000, 100_000, 200_000, 400_000];
const LENGTH: Duration = Duration::from_secs(20);
/// Left out of the figures: the first rows, compilation of the hot code.
const WARM_UP: Duration = Duration::from_secs(3);

/// Collects the times between frames in `weirFrames`.
const WATCH_FRAMES: &str = "
window.weirFrames = [];
let last = null;
function frame(now) {
  if (last !== null) window.weirFrames.push(now - last);
  last = now;
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
";

pub(crate) async fn measure(console: &Path, table: &mut Table) -> Result {
    println!(
        "==> live rows … ({} s)",
        RATES.len() as u64 * (LENGTH + WARM_UP).as_secs() + 10
    );
    let origin = generator::start(console).await?;
    let browser = Browser::start().await?;
    for rate in RATES {
        let page = &browser.page;
        page.open(&format!("{origin}/c/local/sql")).await?;
        page.write_sql(&format!("select {rate}")).await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        time::sleep(WARM_UP).await;
        let figures = watch(page).await?;
        let goal = match rate {
            100_000 => "all received, p95 ≤ 17 ms",
            _ => "",
        };
        table.add(
            format!("live: {} rows/s of ten columns offered", grouped(rate)),
            figures,
            goal,
        );
        page.click("button", "Cancel").await?;
    }
    browser.close().await
}

async fn watch(page: &Page) -> Result<String> {
    let before = page.live_number("received").await?;
    let dropped_before = page.live_number("dropped").await?;
    page.run(WATCH_FRAMES, vec![]).await?;
    let start = time::Instant::now();
    time::sleep(LENGTH).await;
    let received = page.live_number("received").await? - before;
    let seconds = start.elapsed().as_secs_f64();
    let dropped = page.live_number("dropped").await? - dropped_before;
    let frames = page.run("return window.weirFrames", vec![]).await?;
    let mut frames: Vec<f64> = serde_json::from_value(frames)?;
    frames.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let position = (frames.len() as f64 * share) as usize;
        frames
            .get(position.min(frames.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    };
    Ok(format!(
        "{} rows/s received, {} older rows left the ring; frames p50 {:.1} ms, p95 {:.1} ms, max \
         {:.0} ms",
        grouped((received as f64 / seconds) as u64),
        grouped(dropped),
        at(0.5),
        at(0.95),
        at(1.0),
    ))
}
