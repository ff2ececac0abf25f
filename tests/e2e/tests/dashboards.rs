//! A dashboard over this machine's load, made, used and deleted by a person.

use fantoccini::{
    Locator,
    actions::{InputSource, MouseActions, PointerAction},
};
use serde_json::{Value, json};
use weir_e2e::{App, Page, Result, failure::fail, run, wait};

const CPU: &str = "select _tp_time, cpu_percent from host_metrics where cpu_percent >= {{least}} settings seek_to = '-10m'";

#[tokio::test]
async fn dashboards() {
    run("dashboards", |app| async move {
        app.sign_in().await?;
        build(&app).await?;
        live_values(&app.page).await?;
        drag_and_keys(&app).await?;
        variable(&app).await?;
        reload(&app).await?;
        delete(&app).await
    })
    .await;
}

async fn build(app: &App) -> Result {
    let page = &app.page;
    page.click("link", "Dashboards").await?;
    page.heading("Dashboards").await?;
    page.click("button", "Create dashboard").await?;
    page.heading("Create dashboard").await?;
    page.fill("Name", "This machine").await?;
    page.click("button", "Create dashboard").await?;
    page.heading("This machine").await?;
    page.click("button", "Add panel").await?;
    page.fill("Title", "CPU").await?;
    page.write_sql(CPU).await?;
    page.choose("Kind", "line").await?;
    page.click("button", "Add panel").await?;
    panel_says(page, "CPU", "needs a value").await?;

    page.click("button", "Add panel").await?;
    page.choose("Kind", "text").await?;
    page.fill("Variable", "least").await?;
    page.fill("Label", "At least").await?;
    page.fill("Default value", "0").await?;
    page.click("button", "Add panel").await?;
    panel_says(page, "CPU", "live").await?;

    page.click("button", "Add panel").await?;
    page.fill("Title", "Processes").await?;
    page.write_sql("select processes from host_metrics settings seek_to = '-1m'")
        .await?;
    page.choose("Kind", "singleValue").await?;
    page.click("button", "Add panel").await?;
    panel_says(page, "Processes", "live").await?;
    page.click("button", "Save").await?;
    page.sees("Dashboard This machine saved").await
}

/// The state word in a panel's head.
async fn panel_says(page: &Page, title: &str, word: &str) -> Result {
    wait::until(&format!("panel {title} to be {word}"), async || {
        let state = page
            .run(
                "return document.querySelector(`[data-panel=\"${arguments[0]}\"] .dash-state`)?.textContent ?? null",
                vec![json!(title)],
            )
            .await?;
        match state.as_str().unwrap_or_default().to_lowercase() == word {
            true => Ok(Some(())),
            false => fail(format!("it is {state}")),
        }
    })
    .await
}

async fn live_values(page: &Page) -> Result {
    let value =
        "return document.querySelector('[data-panel=Processes] .single-value')?.textContent ?? ''";
    wait::until("a number of processes", async || {
        let text = page.run(value, vec![]).await?;
        let number = text
            .as_str()
            .is_some_and(|text| text.parse::<f64>().is_ok_and(|n| n > 0.0));
        Ok(number.then_some(()))
    })
    .await?;
    // The chart's axis moves on with the rows.
    let newest =
        "return document.querySelector('[data-panel=CPU] .figure canvas')?.toDataURL() ?? ''";
    let before = page.run(newest, vec![]).await?;
    wait::until("another picture of the chart", async || {
        let now = page.run(newest, vec![]).await?;
        Ok((now != before && now != "").then_some(()))
    })
    .await?;
    page.screens("dashboard").await?;
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await?;
        let found = page.violations().await?;
        assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
    }
    page.prefer("light").await
}

/// Column and row of a panel.
async fn place(page: &Page, title: &str) -> Result<(u64, u64)> {
    let style = page
        .run(
            "const s = document.querySelector(`[data-panel=\"${arguments[0]}\"]`).style; \
             return [Number(s.getPropertyValue('--x')), Number(s.getPropertyValue('--y'))]",
            vec![json!(title)],
        )
        .await?;
    Ok((
        style[0].as_u64().unwrap_or(u64::MAX),
        style[1].as_u64().unwrap_or(u64::MAX),
    ))
}

async fn drag_and_keys(app: &App) -> Result {
    let page = &app.page;
    page.click("button", "Edit").await?;
    page.find("button", "Add panel").await?;
    let before = place(page, "CPU").await?;
    assert_eq!(before, (0, 0));
    let head = page
        .client
        .find(Locator::Css("[data-panel=CPU] h2"))
        .await?;
    let (x, y, width, height) = head.rectangle().await?;
    let (x, y) = ((x + width / 4.0) as i64, (y + height / 2.0) as i64);
    let to = |x: i64, y: i64| PointerAction::MoveTo {
        duration: Some(std::time::Duration::from_millis(200)),
        x: x as f64,
        y: y as f64,
    };
    let mouse = MouseActions::new("mouse".into())
        .then(to(x, y))
        .then(PointerAction::Down { button: 0 })
        .then(to(x + 300, y + 30))
        .then(to(x + 560, y + 20))
        .then(PointerAction::Up { button: 0 });
    page.client.perform_actions(mouse).await?;
    page.client.release_actions().await?;
    wait::until("the panel to have moved", async || {
        let (column, row) = place(page, "CPU").await?;
        match column >= 5 && row == 0 {
            true => Ok(Some(())),
            false => fail(format!("it is at {column}, {row}")),
        }
    })
    .await?;
    page.screens("dashboard-edit").await?;

    page.run("document.querySelector('[data-panel=CPU]').focus()", vec![])
        .await?;
    let (column, _) = place(page, "CPU").await?;
    page.press(&char::from(fantoccini::key::Key::Left).to_string())
        .await?;
    wait::until("the panel to follow the key", async || {
        Ok((place(page, "CPU").await?.0 == column - 1).then_some(()))
    })
    .await?;
    let said = page
        .run(
            "return document.querySelector('[data-spoken]').textContent",
            vec![],
        )
        .await?;
    assert!(
        said.as_str()
            .is_some_and(|said| said.starts_with("CPU: column ")),
        "{said}"
    );
    let found = page.violations().await?;
    assert!(found.is_empty(), "edit: {}", found.join("\n"));
    page.click("button", "Save").await?;
    page.find("button", "Edit").await?;
    let stored = app.backend.api.get("/v1beta2/dashboards").await?;
    let panels = stored[0]["panels"].as_array().cloned().unwrap_or_default();
    let cpu = panels.iter().find(|panel| panel["title"] == "CPU");
    assert_eq!(
        cpu.map(|panel| &panel["position"]["x"]),
        Some(&json!(column - 1))
    );
    Ok(())
}

async fn variable(app: &App) -> Result {
    let page = &app.page;
    page.fill("At least", "7").await?;
    page.press(&char::from(fantoccini::key::Key::Enter).to_string())
        .await?;
    wait::until("the statement with the value", async || {
        let queries = app.backend.api.get("/v1beta2/queries").await?;
        let runs = |query: &Value| {
            query["status"] == "running"
                && query["sql"]
                    .as_str()
                    .is_some_and(|sql| sql.contains("cpu_percent >= 7 "))
        };
        let found = queries.as_array().is_some_and(|all| all.iter().any(runs));
        Ok(found.then_some(()))
    })
    .await?;
    // It is one text, whatever it looks like, and the statement goes no further.
    page.fill("At least", "7; drop stream host_metrics").await?;
    page.press(&char::from(fantoccini::key::Key::Enter).to_string())
        .await?;
    page.expect_log("400");
    page.sees("is not a valid float64").await?;
    page.fill("At least", "5").await?;
    page.press(&char::from(fantoccini::key::Key::Enter).to_string())
        .await?;
    panel_says(page, "CPU", "live").await
}

async fn reload(app: &App) -> Result {
    let page = &app.page;
    let url = page.url().await?.to_string();
    assert!(url.contains("var-least=5"), "{url}");
    let before = place(page, "CPU").await?;
    page.reload().await?;
    page.heading("This machine").await?;
    panel_says(page, "CPU", "live").await?;
    assert_eq!(place(page, "CPU").await?, before);
    let value = page
        .run(
            "return document.querySelector('.dash-control input').value",
            vec![],
        )
        .await?;
    assert_eq!(value, "5");
    Ok(())
}

async fn delete(app: &App) -> Result {
    let page = &app.page;
    page.run(
        "document.querySelector('.dash-tools .menu > summary').click()",
        vec![],
    )
    .await?;
    page.click("button", "Delete dashboard").await?;
    wait::until("the question", async || {
        page.has("button", "Cancel")
            .await
            .map(|there| there.then_some(()))
    })
    .await?;
    page.click("button", "Delete dashboard").await?;
    page.heading("Dashboards").await?;
    let left = app.backend.api.get("/v1beta2/dashboards").await?;
    match left.as_array().is_some_and(Vec::is_empty) {
        true => Ok(()),
        false => fail(format!("left: {left}")),
    }
}
