//! One time zone for the whole console, also in the hour that its clocks show twice.

use fantoccini::key::Key;
use weir_e2e::{Page, Result, failure::fail, run, wait};

const TWICE: &str = "select to_datetime64('2026-10-25 00:00:00', 3, 'UTC') + number * 1800 as t, \
                     number % 2 as k, number as n from numbers(4)";
const BERLIN: &str = "Europe/Berlin";

#[tokio::test]
async fn one_zone_holds_for_rows_filters_charts_and_the_next_visit() {
    run("zones", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql(TWICE).await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        times(
            page,
            &["2026-10-25T00:00:00.000Z", "2026-10-25T00:30:00.000Z"],
        )
        .await?;

        page.click("button", "Time zone: UTC").await?;
        // A driver that types takes the focus from what has it first, and the menu closes.
        page.run(
            "document.querySelector('.top-bar .menu-field input').focus()",
            vec![],
        )
        .await?;
        page.fill("Another zone", "Europe/Atlantis").await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.sees("Unknown time zone Europe/Atlantis").await?;
        page.fill("Another zone", BERLIN).await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.click("button", &format!("Time zone: {BERLIN}"))
            .await?;
        times(
            page,
            &[
                "2026-10-25 02:00:00.000 +02:00",
                "2026-10-25 02:30:00.000 +02:00",
                "2026-10-25 02:00:00.000 +01:00",
                "2026-10-25 02:30:00.000 +01:00",
            ],
        )
        .await?;
        page.screens("zone-twice").await?;

        filter(page, "yesterday").await?;
        page.sees("Not a time.").await?;
        // As it comes from a web page.
        page.fill("Value", "2026-10-25\u{a0}02:30+01:00").await?;
        page.click("button", "Filter").await?;
        wait::until("the later of the two", async || {
            let rows = page.cells().await?;
            match rows.as_slice() {
                [row] if row[0] == "2026-10-25 02:30:00.000 +01:00" => Ok(Some(())),
                rows => fail(format!("the grid shows {rows:?}")),
            }
        })
        .await?;

        page.click("tab", "Chart").await?;
        page.choose("Series by", "k").await?;
        page.sees("t (Europe/Berlin)").await?;
        page.screens("zone-chart").await?;
        page.reload().await?;
        page.find("button", &format!("Time zone: {BERLIN}")).await?;
        Ok(())
    })
    .await;
}

/// Waits until the first rows begin with these times.
async fn times(page: &Page, expected: &[&str]) -> Result {
    wait::until("the times", async || {
        let rows = page.cells().await?;
        let shown: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.first().map(String::as_str))
            .take(expected.len())
            .collect();
        match shown == expected {
            true => Ok(Some(())),
            false => fail(format!("the grid shows {rows:?}")),
        }
    })
    .await
}

/// Asks for the rows whose `t` is this.
async fn filter(page: &Page, operand: &str) -> Result {
    page.click("button", "Add filter").await?;
    page.choose("Column", "t").await?;
    // `equals`
    page.choose("Condition", "2").await?;
    page.fill("Value", operand).await?;
    page.click("button", "Filter").await
}
