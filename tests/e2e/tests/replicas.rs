//! Two processes behind a balancer that serve the same people, and a third one that has the data.

use serde_json::json;
use weir_e2e::{
    Result,
    backend::{Backend, PASSWORD},
    failure::fail,
    nginx::{self, Nginx},
    run, wait,
};

const KEY: &str = "5e55105e55105e55105e55105e55105e55105e55105e55105e55105e55105e55";

#[tokio::test]
async fn one_is_killed_in_the_middle_of_live_results_and_the_other_goes_on() {
    run("replicas", |app| async move {
        let folder = tempfile::tempdir()?;
        let settings = folder.path().join("weir.toml");
        let connections = folder.path().join("connections.json");
        std::fs::write(
            &settings,
            format!(
                "[relay.prod]\nupstream = \"{}\"\nsystem = \"timeplus\"\n\
                 credential = {{ kind = \"basic\", user = \"admin\", password = \"{PASSWORD}\" }}\n",
                app.backend.origin
            ),
        )?;
        let config = json!({ "connections": [{
            "id": "prod", "name": "Cluster", "url": "/relay/prod", "workspace": "default",
            "auth": "session",
        }] });
        std::fs::write(&connections, config.to_string())?;
        let arguments: Vec<String> = [
            "--config".to_string(),
            settings.to_string_lossy().into(),
            "--connections".to_string(),
            connections.to_string_lossy().into(),
        ]
        .into();
        let replica = async || Backend::start_in(&[("WEIR_REPLICA_KEY", KEY)], &arguments).await;
        let (first, second) = (replica().await?, replica().await?);
        let host = |backend: &Backend| backend.origin.replace("http://", "");
        let port = nginx::free_port()?;
        let nginx = Nginx::balancing(port, &[&host(&first), &host(&second)]).await?;

        let page = &app.page;
        page.expect_log("401");
        page.expect_log("502");
        page.expect_log("net::ERR");
        page.open(&format!("{}/c/prod/sql", nginx.origin)).await?;
        page.fill("User", "admin").await?;
        page.fill("Password", PASSWORD).await?;
        page.click("button", "Sign in").await?;
        page.heading("SQL workspace").await?;
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        let before = page.live_received(3).await?;

        // Whichever carries the rows: one after the other is gone, and comes back elsewhere.
        drop(first);
        let after = page.live_received(before + 3).await?;
        page.live_state("running").await?;
        page.open(&format!("{}/c/prod/streams", nginx.origin)).await?;
        page.heading("Streams").await?;
        page.sees("host_metrics").await?;
        let third = replica().await?;
        drop(nginx);
        let nginx = Nginx::balancing(port, &[&host(&second), &host(&third)]).await?;
        drop(second);
        page.open(&format!("{}/c/prod/streams/host_metrics", nginx.origin))
            .await?;
        page.heading("host_metrics").await?;
        assert!(after > before);
        still_signed_in(&app.page).await
    })
    .await;
}

async fn still_signed_in(page: &weir_e2e::Page) -> Result {
    wait::until("the account's menu", async || {
        match page.has("button", "Sign in").await? {
            true => fail("asked to sign in again"),
            false => Ok(Some(())),
        }
    })
    .await
}
