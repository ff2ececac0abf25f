//! Integers beyond JavaScript's numbers, from the wire to the screen and the file.

use serde_json::json;
use weir_e2e::{failure::fail, run, wait};

const LARGEST: &str = "18446744073709551615";
const SMALLEST: &str = "-9223372036854775808";

#[tokio::test]
async fn the_widest_integers_are_read_back_exactly() {
    run("exact", |app| async move {
        let columns = json!([{ "name": "u", "type": "uint64" }, { "name": "i", "type": "int64" }]);
        let definition = json!({ "name": "wide", "columns": columns });
        app.backend
            .api
            .post("/v1beta2/streams", &definition)
            .await?;
        app.sign_in().await?;

        let page = &app.page;
        app.open("/c/local/streams/wide?tab=ingest").await?;
        page.heading("wide").await?;
        page.choose("Format", "streaming").await?;
        let row = format!(r#"{{"u":{LARGEST},"i":{SMALLEST}}}"#);
        page.fill("Data", &row).await?;
        page.click("button", "Ingest").await?;
        page.sees("1 row ingested").await?;

        app.open("/c/local/sql").await?;
        page.heading("SQL workspace").await?;
        page.write_sql("select u, i from table(wide)").await?;
        page.click("button", "Run").await?;
        page.live_state("finished").await?;
        wait::until("both numbers", async || {
            let cells = page.cells().await?.concat();
            let plain: Vec<String> = cells
                .iter()
                .map(|cell| {
                    cell.chars()
                        .filter(|c| c.is_ascii_digit() || *c == '-')
                        .collect()
                })
                .collect();
            match plain.iter().any(|cell| cell == LARGEST)
                && plain.iter().any(|cell| cell == SMALLEST)
            {
                true => Ok(Some(())),
                false => fail(format!("the grid shows {cells:?}")),
            }
        })
        .await?;

        page.click("button", "Download CSV").await?;
        let csv = page.download(".csv").await?;
        assert_eq!(
            csv.trim_end().lines().last(),
            Some(&*format!("{LARGEST},{SMALLEST}"))
        );
        page.click("button", "Download JSON").await?;
        let json = page.download(".ndjson").await?;
        assert!(json.contains(LARGEST) && json.contains(SMALLEST), "{json}");
        Ok(())
    })
    .await;
}
