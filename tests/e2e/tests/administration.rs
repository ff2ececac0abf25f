//! What an administrator does besides data: people are invited, settings changed, and the server's
//! own pages read.

use weir_e2e::run;

#[tokio::test]
async fn whoever_is_invited_joins_and_signs_in() {
    run("invitations", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        // Folded until somebody opens it, so that the navigation fits a small screen.
        page.find("link", "Activity").await?;
        assert!(!page.has("link", "Invitations").await?, "it is folded");
        page.click("button", "Administration").await?;
        page.click("link", "Invitations").await?;
        page.heading("Invitations").await?;
        page.click("button", "Create invitation").await?;
        page.heading("Create invitation").await?;
        page.fill("Email", "ada@example.com").await?;
        page.click("button", "Create invitation").await?;
        page.sees("This is shown once.").await?;
        let link = page.find("status", "Invitation link").await?.text().await?;
        page.screens("invitation-created").await?;
        page.click("link", "Done").await?;
        page.sees("ada@example.com").await?;

        page.open(&link).await?;
        page.heading("Join Weir").await?;
        page.fill("User name", "ada").await?;
        page.fill("Password, at least 10 characters", "analytical")
            .await?;
        page.fill("Password again", "analytical").await?;
        page.click("button", "Create user and sign in").await?;
        page.find("button", "Signed in as ada").await?;
        // A link works once.
        page.expect_log("410");
        page.expect_log("404");
        page.open(&link).await?;
        page.heading("This invitation does not work any more").await
    })
    .await;
}

#[tokio::test]
async fn settings_of_the_workspace_are_kept_and_the_servers_pages_are_there() {
    run("workspace-settings", |app| async move {
        app.sign_in().await?;
        let page = &app.page;
        page.click("button", "Administration").await?;
        page.click("link", "Workspace").await?;
        page.heading("Workspace").await?;
        let tracked = app.backend.api.get("/v1beta2/workspace").await?;
        page.click("checkbox", "User tracking").await?;
        page.click("button", "Save changes").await?;
        page.sees("Workspace settings saved").await?;
        let now = app.backend.api.get("/v1beta2/workspace").await?;
        assert_ne!(
            tracked["settings"]["enabled_user_tracking"],
            now["settings"]["enabled_user_tracking"]
        );
        page.screens("workspace-settings").await?;
        for (link, words) in [
            ("Subscription", "No subscription"),
            ("License", "License"),
            ("Cluster", "Cluster"),
            ("Databases", "default"),
            ("Metrics", "Running queries"),
        ] {
            page.click("link", link).await?;
            page.heading(link).await?;
            page.sees(words).await?;
            page.screens(&link.to_lowercase()).await?;
        }
        Ok(())
    })
    .await;
}
