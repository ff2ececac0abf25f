//! Wrong sign-ins say what is wrong, and the right one leads on.

use weir_e2e::run;

#[tokio::test]
async fn a_wrong_password_is_told_and_the_right_one_leads_on() {
    run("signing-in", |app| async move {
        let page = &app.page;
        page.expect_log("401");
        app.open("/c/local/streams/host_metrics").await?;
        page.fill("User", "admin").await?;
        page.fill("Password", "wrong").await?;
        page.click("button", "Sign in").await?;
        page.sees("password").await?;
        page.screens("sign-in-refused").await?;
        page.fill("Password", "end-to-end").await?;
        page.click("button", "Sign in").await?;
        page.heading("host_metrics").await
    })
    .await;
}

#[tokio::test]
async fn a_link_works_once() {
    run("link-once", |app| async move {
        app.sign_in().await?;
        app.page.client.delete_all_cookies().await?;
        app.page.expect_log("401");
        app.page.expect_log("410");
        app.page.expect_log("403");
        // The page that says so is not the console: it names no icon.
        app.page.expect_log("favicon.ico");
        app.page.open(&app.backend.sign_in).await?;
        app.page.sees("sign-in link").await
    })
    .await;
}
