//! axe-core on every page, in light and dark, wide and narrow; and a screenshot of each.

use serde_json::json;
use weir_e2e::run;

const PAGES: [(&str, &str, &str); 11] = [
    ("connections", "/connections", "Connections"),
    ("connection-new", "/connections/new", "Add connection"),
    ("sign-in", "/c/local/sign-in", "Sign in to Embedded backend"),
    ("streams", "/c/local/streams", "Streams"),
    ("stream-create", "/c/local/new/stream", "Create stream"),
    (
        "stream-schema",
        "/c/local/streams/host_metrics",
        "host_metrics",
    ),
    (
        "stream-stats",
        "/c/local/streams/host_metrics?tab=stats",
        "host_metrics",
    ),
    (
        "stream-preview",
        "/c/local/streams/host_metrics?tab=preview",
        "host_metrics",
    ),
    ("stream-ingest", "/c/local/streams/mine?tab=ingest", "mine"),
    ("stream-edit", "/c/local/streams/mine/edit", "Edit mine"),
    ("queries", "/c/local/queries", "Queries"),
];

/// Address and heading of every other section's list, and of the forms that create one.
const SECTIONS: [(&str, &str); 37] = [
    ("saved-queries", "Saved queries"),
    ("new/saved-query", "Create saved query"),
    ("dashboards", "Dashboards"),
    ("new/dashboard", "Create dashboard"),
    ("external-streams", "External streams"),
    ("new/external-stream", "Create external stream"),
    ("external-tables", "External tables"),
    ("new/external-table", "Create external table"),
    ("views", "Views"),
    ("new/view", "Create view"),
    ("materialized-views", "Materialized views"),
    ("new/materialized-view", "Create materialized view"),
    ("schemas", "Schemas"),
    ("new/schema", "Create schema"),
    ("functions", "Functions"),
    ("new/function", "Create function"),
    ("databases", "Databases"),
    ("dictionaries", "Dictionaries"),
    ("sources", "Sources"),
    ("new/source", "Create source"),
    ("sinks", "Sinks"),
    ("new/sink", "Create sink"),
    ("alerts", "Alerts"),
    ("new/alert", "Create alert"),
    ("pipelines", "Pipelines"),
    ("topology", "Topology"),
    ("metrics", "Metrics"),
    ("logs", "Logs"),
    ("api-keys", "API keys"),
    ("users", "Users"),
    ("new/user", "Create user"),
    ("roles", "Roles"),
    ("invitations", "Invitations"),
    ("workspace", "Workspace"),
    ("subscription", "Subscription"),
    ("license", "License"),
    ("cluster", "Cluster"),
];

/// Connection, address and heading of the other systems' pages.
const OTHERS: [(&str, &str, &str); 15] = [
    ("local-azion", "streamings", "Data streamings"),
    ("local-azion", "new/streaming", "Create data streaming"),
    ("local-azion", "templates", "Templates"),
    ("local-secmaster", "deliveries", "Deliveries"),
    ("local-secmaster", "new/delivery", "Create delivery"),
    (
        "local-secmaster",
        "delivery-authorizations",
        "Authorizations",
    ),
    ("local-secmaster", "data-objects", "Data objects"),
    ("local-secmaster", "new/data-object", "Create data object"),
    ("local-dataworks", "data-apis", "APIs"),
    ("local-dataworks", "new/data-api", "Create API"),
    ("local-dataworks", "api-groups", "API groups"),
    ("local-dataworks", "new/api-group", "Create API group"),
    ("local-dataworks", "api-folders", "API folders"),
    ("local-dataworks", "new/api-folder", "Create API folder"),
    ("local-dataworks", "api-authorizations", "Authorizations"),
];

#[tokio::test]
async fn pages_of_the_other_systems_pass_axe_in_light_and_dark() {
    run("accessibility-others", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.find("textbox", "SQL editor").await?;
        let mut found = Vec::new();
        for (connection, path, heading) in OTHERS {
            app.open(&format!("/c/{connection}/{path}")).await?;
            page.heading(heading).await?;
            let name = path.replace('/', "-");
            found.extend(check(page, &format!("section-{name}")).await?);
        }
        app.open("/deliveries").await?;
        page.heading("All deliveries").await?;
        found.extend(check(page, "all-deliveries").await?);
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_section_passes_axe_in_light_and_dark() {
    run("accessibility-sections", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.find("textbox", "SQL editor").await?;
        let mut found = Vec::new();
        for (path, heading) in SECTIONS {
            app.open(&format!("/c/local/{path}")).await?;
            page.heading(heading).await?;
            let name = path.replace('/', "-");
            found.extend(check(page, &format!("section-{name}")).await?);
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_page_passes_axe_in_light_and_dark() {
    run("accessibility", |app| async move {
        app.sign_in().await?;
        let definition = json!({ "name": "mine", "columns": [{ "name": "n", "type": "int32" }] });
        app.backend
            .api
            .post("/v1beta2/streams", &definition)
            .await?;
        let page = &app.page;
        let mut found = Vec::new();
        page.find("textbox", "SQL editor").await?;
        found.extend(check(page, "workspace").await?);
        page.write_sql("select * from host_metrics").await?;
        page.click("button", "Run").await?;
        page.live_received(1).await?;
        found.extend(check(page, "workspace-running").await?);
        for (name, path, heading) in PAGES {
            app.open(path).await?;
            page.heading(heading).await?;
            found.extend(check(page, name).await?);
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await;
}

async fn check(page: &weir_e2e::Page, name: &str) -> weir_e2e::Result<Vec<String>> {
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await?;
        let violations = page.violations().await?;
        found.extend(
            violations
                .iter()
                .map(|words| format!("{name}, {scheme}: {words}")),
        );
    }
    page.screens(name).await?;
    Ok(found)
}
