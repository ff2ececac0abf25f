//! Whether a long run takes more memory than a short one.

use std::{path::Path, time::Duration};

use serde_json::json;
use tokio::time;
use weir_e2e::{Browser, Result, failure::fail};

use crate::{
    generator,
    table::{Goal, Table, grouped},
};

const RATE: u64 = 100_000;
/// Looked at several times: the browser's own buffers come and go by a tenth of the whole.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

pub(crate) async fn measure(console: &Path, minutes: u64, table: &mut Table) -> Result {
    println!("==> memory … ({minutes} min)");
    let (origin, _) = generator::start(console).await?;
    let browser = Browser::start().await?;
    let page = &browser.page;
    page.open(&format!("{origin}/c/local/sql")).await?;
    let seconds = minutes * 60 + 60;
    page.write_sql(&format!("rows {RATE} for {seconds}"))
        .await?;
    page.click("button", "Run").await?;
    page.live_received(1).await?;
    let start = time::Instant::now();
    let mut told = Vec::new();
    for minute in 1..=minutes {
        time::sleep_until(start + Duration::from_secs(minute * 60)).await;
        let bytes = look(&browser).await?;
        println!("    {minute} min: {:.1} MiB", mebibytes(bytes));
        told.push(bytes);
    }
    let received = page.live_number("received").await?;
    browser.close().await?;
    let (Some(first), Some(last)) = (told.first(), told.last()) else {
        return fail("memory was not looked at");
    };
    let more = (*last as f64 / *first as f64 - 1.0) * 100.0;
    table.add(
        format!("memory of the page at {} rows/s", grouped(RATE)),
        format!(
            "{:.1} MiB after 1 min, {:.1} MiB after {minutes} min ({more:+.1} %), {} rows received",
            mebibytes(*first),
            mebibytes(*last),
            grouped(received)
        ),
        Goal::new("≤ + 5 %", more <= 5.0),
    );
    Ok(())
}

/// The least of a few looks, each after a collection of garbage.
async fn look(browser: &Browser) -> Result<u64> {
    let mut least = u64::MAX;
    for _ in 0..LOOKS {
        browser
            .page
            .devtools("HeapProfiler.collectGarbage", json!({}))
            .await?;
        if let Some(bytes) = browser.page_memory() {
            least = least.min(bytes);
        }
        time::sleep(BETWEEN_LOOKS).await;
    }
    match least {
        u64::MAX => fail("the page's process was not found"),
        least => Ok(least),
    }
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
