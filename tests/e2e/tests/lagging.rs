//! What was made a moment ago on a server whose lists and pages lag behind.

use serde_json::json;
use weir_e2e::run;

/// The page's calls get what the server had before `late` ones were made, until it catches up.
const LAG: &str = "
    const own = window.fetch;
    window.lags = true;
    window.fetch = async (request, options) => {
        const url = new URL(request.url ?? request, location.href);
        const reads = (request.method ?? options?.method ?? 'GET') === 'GET';
        const asked = reads && window.lags && /\\/views(\\/|$)/.test(url.pathname);
        const answer = await own(request, options);
        if (!asked) return answer;
        const json = { 'Content-Type': 'application/json' };
        if (url.pathname.includes('late')) {
            const body = JSON.stringify({ code: 404, message: 'no such view' });
            return new Response(body, { status: 404, headers: json });
        }
        const all = (await answer.json()).filter((one) => !one.name.includes('late'));
        return new Response(JSON.stringify(all), { status: 200, headers: json });
    };";

#[tokio::test]
async fn what_was_just_made_is_awaited_on_its_page_and_in_its_list() {
    run("lagging", |app| async move {
        let (page, api) = (&app.page, &app.backend.api);
        let old = json!({ "name": "old", "query": "SELECT 1 AS n" });
        api.post("/v1beta2/views", &old).await?;
        app.sign_in().await?;
        page.click("link", "Views").await?;
        page.heading("Views").await?;
        page.run(LAG, vec![]).await?;
        for name in ["late", "later"] {
            page.click("link", "Create view").await?;
            page.heading("Create view").await?;
            page.fill("Name", name).await?;
            page.write_sql("SELECT 2 AS n").await?;
            page.click("button", "Create view").await?;
            page.sees(&format!("Waiting for {name}")).await?;
            page.click("link", "Views").await?;
            page.find("link", "old").await?;
            page.sees("not in this list yet").await?;
            assert!(!page.has("link", name).await?);
        }
        page.run("window.lags = false", vec![]).await?;
        page.find("link", "late").await?;
        page.click("link", "later").await?;
        page.heading("later").await
    })
    .await;
}
