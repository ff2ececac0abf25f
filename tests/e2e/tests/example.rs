//! The first ten minutes: the example comes as a whole and leaves nothing.

use weir_e2e::{run, wait};

#[tokio::test]
async fn the_example_is_installed_delivers_and_leaves_nothing() {
    run("example", |app| async move {
        app.sign_in().await?;
        let (page, api) = (&app.page, &app.backend.api);
        app.open("/c/local").await?;
        page.click("link", "Example").await?;
        page.heading("Example").await?;
        page.sees("0 of 8 installed").await?;
        page.click("button", "Install example").await?;
        page.sees("8 of 8 installed").await?;
        page.screens("example").await?;
        let wrong = page.violations().await?;
        assert!(wrong.is_empty(), "{wrong:#?}");
        wait::until("a delivered row", async || {
            let stats = api.get("/v1beta2/streams/example_received/stats").await?;
            Ok((stats["row_count"].as_u64() > Some(0)).then_some(()))
        })
        .await?;
        page.click("link", "Example: this machine").await?;
        page.heading("Example: this machine").await?;
        page.screens("example-dashboard").await?;
        app.open("/c/local/example").await?;
        page.click("button", "Remove example").await?;
        page.run(
            "document.querySelector('dialog[open] [type=submit]').click()",
            Vec::new(),
        )
        .await?;
        page.sees("0 of 8 installed").await?;
        for path in [
            "streams",
            "views",
            "sinks",
            "sources",
            "alerts",
            "dashboards",
            "auth/api_keys",
        ] {
            let left = api.get(&format!("/v1beta2/{path}")).await?.to_string();
            assert!(!left.contains("example_"), "{path}: {left}");
        }
        Ok(())
    })
    .await;
}
