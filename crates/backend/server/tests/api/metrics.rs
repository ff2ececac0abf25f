//! `/v1beta2/global-metrics`, `/v1beta2/subscription` and `/v1beta2/workspace`.

use serde_json::json;

use super::common::Backend;

#[tokio::test]
async fn metrics_count_what_really_happens() {
    let backend = Backend::start().await;
    let metrics = || async {
        backend
            .get("/v1beta2/global-metrics")
            .await
            .expect(200)
            .json()
    };
    let before = metrics().await;
    assert!(before["storage"].as_i64().expect("bytes") > 0);
    assert!(before["counters"]["memory"].as_i64().expect("bytes") > 1 << 20);
    // The first of them is taken when it starts, whoever looks.
    let levels = before["counters"]["levels"].as_array().expect("levels");
    assert!(
        levels[0]["memory"].as_i64().expect("bytes") > 1 << 20,
        "{levels:?}"
    );

    backend.create_stream("orders", &[("id", "int64")]).await;
    backend.ingest("orders", r#"["id"]"#, "[[1],[2],[3]]").await;
    let query = backend.query("SELECT id FROM table(orders)").await;
    backend.ended(&query.id).await;
    let after = metrics().await;
    let grown = |name: &str| {
        let of = |all: &serde_json::Value| all["counters"][name].as_i64().expect("count");
        of(&after) - of(&before)
    };
    assert_eq!((grown("streams"), grown("queries_finished")), (1, 1));
    assert!(grown("rows") >= 3);
    let minutes = after["counters"]["minutes"].as_array().expect("minutes");
    let sum = |name: &str| {
        minutes
            .iter()
            .map(|m| m[name].as_i64().expect("count"))
            .sum::<i64>()
    };
    assert!(
        sum("written_rows") >= 3 && sum("read_rows") >= 3,
        "{minutes:?}"
    );
}

#[tokio::test]
async fn the_subscription_is_this_machine_and_nobody_pays() {
    let backend = Backend::start().await;
    let subscription = backend
        .get("/v1beta2/subscription")
        .await
        .expect(200)
        .json();
    assert!(subscription["spec"]["cpu"].as_i64().expect("cores") >= 1000);
    assert!(subscription["spec"]["memory"].as_i64().expect("GiB") >= 1);
    assert!(subscription.get("payment").is_none());
}

#[tokio::test]
async fn workspace_settings_are_kept() {
    let backend = Backend::start().await;
    let path = "/v1beta2/workspace";
    let change = json!({"settings": {"enabled_user_tracking": true}});
    backend.patch(path, change).await.expect(204);
    let backend = backend.restart().await;
    let workspace = backend.get(path).await.expect(200).json();
    assert_eq!(workspace["settings"]["enabled_user_tracking"], true);
    assert_eq!(workspace["last_updated_by"]["name"], "admin");
}
