//! Several statements in one tab, each with its own result; parameters; the last runs compared; the
//! plan beside the result.

use fantoccini::key::Key;
use weir_e2e::{Page, Result, failure::fail, run, wait};

#[tokio::test]
async fn each_statement_has_its_own_result() {
    run("statements", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql(
            "select 1 as n; select cpu_percent from host_metrics; select '{{word}}' as w",
        )
        .await?;
        page.fill("word", "it's").await?;
        page.click("button", "Run all 3").await?;
        // The endless one in the middle runs on while the others end.
        wait::until("three results", async || {
            let tabs = results(page).await?;
            let told = |at: usize, words: &str| tabs.get(at).is_some_and(|tab| tab.contains(words));
            match told(0, "Finished") && told(1, "Running") && told(2, "Finished1 row") {
                true => Ok(Some(())),
                false => fail(format!("{tabs:?}")),
            }
        })
        .await?;
        page.run(
            "document.querySelector('[aria-label=Results] [aria-selected=true]').focus()",
            vec![],
        )
        .await?;
        page.press(&char::from(Key::Right).to_string()).await?;
        page.live_state("running").await?;
        page.live_received(2).await?;
        page.press(&char::from(Key::Right).to_string()).await?;
        wait::until("the parameter's value as it was typed", async || {
            let cells = shown_cells(page).await?;
            match cells.iter().any(|cell| cell == "it's") {
                true => Ok(Some(())),
                false => fail(format!("{cells:?}")),
            }
        })
        .await?;
        page.click("button", "Explain").await?;
        page.find("complementary", "Explanation").await?;
        page.screens("statements").await?;
        for scheme in ["light", "dark"] {
            page.prefer(scheme).await?;
            let found = page.violations().await?;
            assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        }
        page.prefer("light").await?;
        page.click("button", "Close explanation").await?;

        // Another value: two runs that differ in a row.
        page.fill("word", "other").await?;
        page.press(&char::from(Key::Enter).to_string()).await?;
        page.click("tab", "Runs").await?;
        const CHOOSE: &str = "const boxes = [...document.querySelectorAll('.live:not(.hidden) .kept-runs tr')] \
             .filter((row) => row.textContent.includes('as w')).map((row) => row.querySelector('input')); \
             if (boxes.length === 2) boxes.filter((box) => !box.checked).forEach((box) => box.click()); \
             return boxes.length";
        wait::until("both runs in the list", async || {
            let found = page.run(CHOOSE, vec![]).await?;
            Ok((found == 2).then_some(()))
        })
        .await?;
        page.click("button", "Compare").await?;
        page.sees("0 rows in both, 1 row only in the first run, 1 row only in the second")
            .await?;
        page.screens("runs-compared").await
    })
    .await;
}

#[tokio::test]
async fn what_is_run_and_explained_is_what_is_written() {
    run("written", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        // The name of a column as a value is a text, not the column.
        page.write_sql("select method, count() as n from table(http_access) where method = {{m}} group by method")
            .await?;
        page.fill("m", "method").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        page.live_received(0).await?;
        page.fill("m", "GET").await?;
        page.click("button", "Run").await?;
        wait::until("one row", async || {
            let cells = shown_cells(page).await?;
            Ok(cells.iter().any(|cell| cell == "GET").then_some(()))
        })
        .await?;

        // Another statement is explained, not the one whose rows are shown.
        page.write_sql("select cpu_percent from host_metrics").await?;
        page.click("button", "Explain").await?;
        page.find("complementary", "Explanation").await?;
        page.sees("cpu_percent from host_metrics").await?;
        page.sees("Source: host_metrics (stream)").await?;
        page.click("button", "Close explanation").await?;

        page.write_sql("-- nothing yet").await?;
        page.click("button", "Run").await?;
        page.sees("No statement here, only comments.").await?;

        // A tab that was closed comes back with its text.
        page.write_sql("select 'kept' as word").await?;
        page.click("button", "Close tab").await?;
        page.click("button", "Reopen closed tab").await?;
        page.sees("'kept'").await?;
        page.screens("reopened-tab").await
    })
    .await;
}

/// Texts of the result tabs.
async fn results(page: &Page) -> Result<Vec<String>> {
    const TABS: &str = "return [...document.querySelectorAll('[aria-label=Results] [role=tab]')] \
                        .map((tab) => tab.textContent)";
    Ok(serde_json::from_value(page.run(TABS, vec![]).await?)?)
}

async fn shown_cells(page: &Page) -> Result<Vec<String>> {
    const CELLS: &str = "return [...document.querySelectorAll('.live:not(.hidden) [role=gridcell]:not([hidden])')] \
                         .map((cell) => cell.textContent.trim())";
    Ok(serde_json::from_value(page.run(CELLS, vec![]).await?)?)
}

#[tokio::test]
async fn older_rows_stand_above_the_live_ones() {
    run("older-rows", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.write_sql("select _tp_time, cpu_percent from host_metrics")
            .await?;
        page.choose("Read streams from", "now").await?;
        page.click("button", "Run").await?;
        page.live_received(2).await?;
        page.click("button", "Load older").await?;
        page.sees("from history · live since").await?;
        page.screens("older-rows").await?;
        page.click("button", "Close older rows").await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await
    })
    .await;
}
