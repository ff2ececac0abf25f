//! Topology and metrics.

use serde_json::json;
use weir_e2e::run;

#[tokio::test]
async fn the_graph_leads_to_resources_and_deleting_names_dependents() {
    run("topology", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        let sql = "CREATE VIEW busy AS SELECT * FROM host_metrics";
        app.backend
            .api
            .post("/v1beta2/exec", &json!({"sql": sql, "type": "ddl"}))
            .await?;
        app.open("/c/local/topology?tab=graph").await?;
        page.heading("Topology").await?;
        page.sees("busy").await?;
        page.screens("topology").await?;
        page.click("tab", "Table").await?;
        page.find("table", "Nodes").await?;
        page.screens("topology-table").await?;
        page.fill_role("searchbox", "Search nodes", "host_metrics")
            .await?;
        page.sees("1 of").await?;
        page.click("link", "host_metrics").await?;
        page.heading("host_metrics").await?;
        page.click("button", "Delete").await?;
        page.sees("1 view reads it: busy").await?;
        page.screens("delete-with-dependents").await?;
        page.click("button", "Cancel").await
    })
    .await;
}

#[tokio::test]
async fn metrics_are_figures_and_charts() {
    run("metrics", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        app.open("/c/local/metrics").await?;
        page.heading("Metrics").await?;
        page.sees("Running queries").await?;
        page.find("img", "Rows per second").await?;
        page.screens("metrics").await
    })
    .await;
}
