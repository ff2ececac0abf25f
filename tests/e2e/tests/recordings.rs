//! Capture and replay: a session is recorded to a file, which plays again without a server and
//! serves as a fixture.

use std::path::PathBuf;

use fantoccini::Locator;
use weir_api::{
    sse::capture::Replay,
    timeplus::event::{QueryEvent, QueryEvents},
};
use weir_e2e::{Page, Result, failure::fail, run, wait, wire::Wire};

#[tokio::test]
async fn a_session_is_recorded_and_plays_again_offline() {
    run("recording", |app| async move {
        let wire = Wire::to(app.address()).await?;
        let page = &app.page;
        app.sign_in_over(&wire).await?;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(1).await?;
        page.click("button", "Record").await?;
        page.live_received(before + 3).await?;
        stop(page).await?;
        page.sees("Recording saved").await?;
        let file = saved(page).await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await?;

        let recording = std::fs::read(&file)?;
        let rows = rows(&recording);
        assert!(
            rows >= 2,
            "{rows} rows in {}",
            String::from_utf8_lossy(&recording)
        );
        let times: Vec<u64> = Replay::new(&recording).map(|(at, _)| at).collect();
        // A row a second: the times are those of the events.
        assert!(
            times.is_sorted() && times.last() > Some(&1_000),
            "{times:?}"
        );

        wire.cut();
        let input = page
            .client
            .find(Locator::Css("input[aria-label=Recording]"))
            .await?;
        input.send_keys(&file.to_string_lossy()).await?;
        page.find("button", "Pause replay").await?;
        page.live_state("running").await?;
        page.screens("replay").await?;
        page.choose("Speed", "5").await?;
        page.live_state("finished").await?;
        assert_eq!(page.live_received(rows).await?, rows);
        wait::until("the rows in the grid", async || {
            let cells = page.cells().await?;
            match cells.len() as u64 == rows {
                true => Ok(Some(())),
                false => fail(format!("there are {cells:?}")),
            }
        })
        .await?;
        page.find("button", "Replay again").await?;
        page.click("button", "Close recording").await?;
        // The rows stay to be looked at.
        assert_eq!(page.live_number("shown").await?, rows);
        Ok(())
    })
    .await;
}

async fn stop(page: &Page) -> Result {
    const STOP: &str = "const button = [...document.querySelectorAll('button')] \
         .find((e) => e.textContent.trim().startsWith('Stop recording')); \
         button?.click(); return Boolean(button)";
    wait::until("the button that stops", async || {
        match page.run(STOP, vec![]).await? == true {
            true => Ok(Some(())),
            false => fail("it is not there"),
        }
    })
    .await
}

async fn saved(page: &Page) -> Result<PathBuf> {
    let path = page.downloads.path().join("recording.events");
    wait::until("the recording", async || {
        let written = std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
        Ok(written.then(|| path.clone()))
    })
    .await
}

/// Rows that the recording holds, read as any test would read it.
fn rows(recording: &[u8]) -> u64 {
    let (mut events, mut rows) = (QueryEvents::default(), 0);
    events.push(recording, |event| {
        if let Ok(QueryEvent::Rows(json)) = event {
            let batch: Vec<serde_json::Value> = serde_json::from_slice(json).unwrap_or_default();
            rows += batch.len() as u64;
        }
    });
    rows
}
