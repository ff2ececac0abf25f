//! Rows from the generator to the screen of the whole workspace page.

use std::{path::Path, time::Duration};

use serde_json::json;
use tokio::time;
use weir_e2e::{Browser, Page, Result};

use crate::{
    exact, frames,
    generator::{self, Generator},
    table::{Goal, Table, grouped},
};

pub(crate) const RATES: [u64; 5] = [50_000, 100_000, 200_000, 400_000, 800_000];
/// At which typing must not be felt.
const GOAL: u64 = 800_000;
const LENGTH: Duration = Duration::from_secs(15);
/// Left out of the figures: the first rows, compilation of the hot code.
const WARM_UP: Duration = Duration::from_secs(4);
/// Time to type in, and to see the rows off.
const TYPING: Duration = Duration::from_secs(8);
const KEYS: usize = 40;
/// Rows held.
const HELD: u64 = 50_000;
/// Milliseconds a key may take.
const KEY_GOAL: f64 = 50.0;

pub(crate) async fn measure(console: &Path, rates: &[u64], table: &mut Table) -> Result {
    let each = (LENGTH + WARM_UP + TYPING).as_secs() + 10;
    println!("==> live rows … ({} s)", (rates.len() as u64 + 1) * each);
    let (origin, generator) = generator::start(console).await?;
    for rate in rates.iter().copied() {
        // A browser of its own, so that no rate suffers from the one before.
        let browser = Browser::start().await?;
        let run = run(&browser.page, &origin, &generator, Some(rate)).await?;
        browser.close().await?;
        // One part in a hundred lies within the clocks' difference.
        let kept = run.rate >= rate as f64 * 0.99;
        let what = format!("live: {} rows/s of ten columns offered", grouped(rate));
        let measured = format!(
            "{}, {}",
            if kept { "kept" } else { "not kept" },
            run.words()
        );
        let good = kept && run.smooth && run.whole && run.slowest_key() < KEY_GOAL;
        let goal = match rate {
            GOAL => Goal::new("kept, p95 ≤ 17 ms, exact, keys < 50 ms", good),
            _ => None,
        };
        table.add(what, measured, goal);
    }
    let browser = Browser::start().await?;
    let run = run(&browser.page, &origin, &generator, None).await?;
    browser.close().await?;
    let goal = Goal::new("every row counted", run.whole);
    table.add("live: as many rows as the page takes", run.words(), goal);
    Ok(())
}

struct Run {
    /// Rows per second.
    rate: f64,
    frames: String,
    smooth: bool,
    sent: u64,
    received: u64,
    held: u64,
    whole: bool,
    key: Option<f64>,
}

impl Run {
    fn slowest_key(&self) -> f64 {
        self.key.unwrap_or(16.0)
    }

    fn words(&self) -> String {
        let exact = match self.whole {
            true => format!("all {} held exact", grouped(self.held)),
            false => "NOT EXACT".into(),
        };
        let key = match self.key {
            Some(key) => format!("{key:.0} ms"),
            None => "under 16 ms".into(),
        };
        format!(
            "{} rows/s; {}; {} of {} rows counted, {exact}; slowest of {KEYS} keys {key}",
            grouped(self.rate as u64),
            self.frames,
            grouped(self.received),
            grouped(self.sent),
        )
    }
}

/// `rate`: rows per second, or as many as are taken.
async fn run(page: &Page, origin: &str, generator: &Generator, rate: Option<u64>) -> Result<Run> {
    let address = format!("{origin}/c/local/sql");
    page.open(&address).await?;
    // All that is held is compared with what was sent.
    let held = json!({ "rows": HELD, "bytes": 64 << 20 });
    let keep = "localStorage.setItem('weir.live.limits', arguments[0])";
    page.run(keep, vec![json!(held.to_string())]).await?;
    page.open(&address).await?;
    let seconds = (WARM_UP + LENGTH + TYPING).as_secs();
    let rate = rate.map_or_else(|| "flood".into(), |rate| rate.to_string());
    page.write_sql(&format!("rows {rate} for {seconds}"))
        .await?;
    page.click("button", "Run").await?;
    page.live_received(1).await?;
    time::sleep(WARM_UP).await;
    let before = page.live_number("received").await?;
    frames::watch(page).await?;
    let start = time::Instant::now();
    time::sleep(LENGTH).await;
    let received = page.live_number("received").await? - before;
    let passed = start.elapsed().as_secs_f64();
    let frames = frames::seen(page).await?;
    let key = frames::type_keys(page, KEYS).await?;
    page.live_state("finished").await?;
    page.drawn().await?;
    let sent = generator.sent();
    let received_all = page.live_number("received").await?;
    let seen = exact::seen(page, sent).await?;
    let held = exact::held(page, sent).await?;
    Ok(Run {
        rate: received as f64 / passed,
        frames: frames.words(),
        smooth: frames.smooth(),
        sent,
        received: received_all,
        held,
        whole: received_all == sent && seen && held > 0,
        key,
    })
}
