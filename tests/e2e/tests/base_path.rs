//! The console at a path of its own, behind nginx with its defaults.

use weir_e2e::{nginx::Nginx, run::run_with};

#[tokio::test]
async fn behind_a_proxy_at_a_path_everything_stays_below_it() {
    run_with("base-path", &["--base-path", "/weir"], |app| async move {
        let nginx = Nginx::in_front_of(app.address(), "/weir/").await?;
        let root = format!("{}/weir", nginx.origin);
        let page = &app.page;
        page.open(&app.backend.sign_in.replace(&app.backend.origin, &root))
            .await?;
        page.heading("Embedded backend").await?;
        assert_eq!(page.url().await?.path(), "/weir/c/local");
        page.click("link", "SQL workspace").await?;
        page.heading("SQL workspace").await?;
        assert_eq!(page.url().await?.path(), "/weir/c/local/sql");

        // The event stream, compressed by nginx, arrives row by row.
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let first = page.live_received(1).await?;
        page.live_received(first + 2).await?;
        page.click("button", "Cancel").await?;
        page.live_state("canceled").await?;

        page.open(&format!("{root}/c/local/streams/host_metrics"))
            .await?;
        page.heading("host_metrics").await?;
        page.reload().await?;
        page.heading("host_metrics").await?;
        page.click("link", "Sources").await?;
        page.heading("Sources").await?;
        assert_eq!(page.url().await?.path(), "/weir/c/local/sources");
        page.reload().await?;
        page.heading("Sources").await?;
        // The proxy goes before the page does, which would miss it.
        page.open("about:blank").await
    })
    .await;
}
