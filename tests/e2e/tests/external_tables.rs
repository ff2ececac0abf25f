//! An external table through the console: a real PostgreSQL table, from the form to its rows.

use weir_e2e::{Result, failure::Failure, run, wait};
use weir_services::{DATABASE, PASSWORD, Postgres, USER};

#[tokio::test]
async fn a_postgresql_table_is_created_read_and_let_go() {
    run("external-table", |app| async move {
        let postgres = Postgres::start().map_err(Failure)?;
        postgres
            .run(
                "CREATE TABLE goods (id bigint, name text, price numeric(12, 2));
             INSERT INTO goods VALUES (1, 'boat', 1999.90), (2, NULL, NULL)",
            )
            .map_err(Failure)?;
        app.sign_in().await?;
        app.page.expect_log("400");
        let page = &app.page;
        page.click("link", "External tables").await?;
        page.heading("External tables").await?;
        page.click("button", "Create external table").await?;
        page.heading("Create external table").await?;
        page.fill("Name", "goods").await?;
        page.choose("Type", "postgresql").await?;
        page.fill("Address", &postgres.address()).await?;
        page.run(
            "document.querySelector('.more-properties').open = true",
            vec![],
        )
        .await?;
        page.fill("User", USER).await?;
        page.fill("Database", DATABASE).await?;
        page.fill("Password", "wrong").await?;
        page.click("button", "Create external table").await?;
        page.sees("password authentication failed").await?;
        page.fill("Password", PASSWORD).await?;
        page.screens("external-table-create").await?;
        page.click("button", "Create external table").await?;
        page.heading("goods").await?;
        page.live_state("finished").await?;
        shows(&app, "boat").await?;
        page.screens("external-table").await?;
        page.click("tab", "Columns").await?;
        shows(&app, "nullable(decimal(12, 2))").await?;
        page.click("tab", "Configuration").await?;
        page.sees("[HIDDEN]").await?;

        page.click("button", "Delete").await?;
        page.click("button", "Delete external table").await?;
        page.heading("External tables").await?;
        let rows = postgres.run("SELECT count(*) FROM goods");
        assert_eq!(rows.as_deref(), Ok("2\n"));
        Ok(())
    })
    .await;
}

async fn shows(app: &weir_e2e::App, text: &str) -> Result {
    wait::until(&format!("the cell {text}"), async || {
        let cells = app.page.cells().await?;
        let found = cells.iter().flatten().any(|cell| cell.contains(text));
        Ok(found.then_some(()))
    })
    .await
}
