//! `/v1beta2/topology`.

use serde_json::{Value, json};

use super::common::Backend;

fn pairs(list: &Value) -> Vec<(String, String)> {
    let text = |edge: &Value, name: &str| edge[name].as_str().expect("id").to_string();
    let list = list.as_array().expect("list").iter();
    list.map(|edge| (text(edge, "source"), text(edge, "target")))
        .collect()
}

fn pair(source: &str, target: &str) -> (String, String) {
    (source.into(), target.into())
}

#[tokio::test]
async fn the_graph_follows_the_definitions() {
    let backend = Backend::start().await;
    backend
        .create_stream("orders", &[("id", "int64"), ("sum", "float64")])
        .await;
    for sql in [
        "CREATE VIEW large AS SELECT id, sum, _tp_time FROM orders WHERE sum > 100",
        "CREATE VIEW minutes AS SELECT window_start, count(id) AS n FROM tumble(large, 1m) GROUP BY window_start",
        "CREATE VIEW both_of_them AS SELECT l.id FROM large AS l JOIN table(orders) AS o ON l.id = o.id",
    ] {
        backend
            .post("/v1beta2/queries", json!({"sql": sql}))
            .await
            .expect(204);
    }
    backend
        .ingest("orders", r#"["id","sum"]"#, "[[1,2.5],[2,3.5]]")
        .await;
    let query = backend.query("SELECT id FROM large").await;
    let graph = backend.get("/v1beta2/topology").await.expect(200).json();

    let nodes = graph["nodes"].as_array().expect("nodes");
    let node = |id: &str| {
        nodes
            .iter()
            .find(|node| node["id"] == id)
            .unwrap_or_else(|| panic!("{id}"))
    };
    assert_eq!(node("stream:orders")["ownership"]["name"], "admin");
    assert_eq!(node("stream:orders")["db"], "default");
    let rate = &node("stream:orders")["properties"]["rows_per_second"];
    assert!(rate.as_f64().is_some_and(|rate| rate > 0.0), "{rate}");
    assert!(
        node("view:large")["properties"]
            .get("rows_per_second")
            .is_none()
    );
    assert_eq!(node("view:large")["type"], "view");
    let running = format!("query:{}", query.id);
    assert_eq!(node(&running)["properties"]["status"], "running");

    let edges = pairs(&graph["edges"]);
    let dependencies = pairs(&graph["dependencies"]);
    for (from, to) in [
        ("stream:orders", "view:large"),
        ("view:large", "view:minutes"),
        ("view:large", "view:both_of_them"),
        ("stream:orders", "view:both_of_them"),
        ("view:large", running.as_str()),
    ] {
        assert!(edges.contains(&pair(from, to)), "{from} {to}: {edges:?}");
        assert!(dependencies.contains(&pair(to, from)), "{to} needs {from}");
    }
    // A view of a view reads the view, not what that reads.
    assert!(!edges.contains(&pair("stream:orders", "view:minutes")));

    backend
        .post(&format!("/v1beta2/queries/{}/cancel", query.id), "")
        .await
        .expect(204);
    backend.ended(&query.id).await;
    let graph = backend.get("/v1beta2/topology").await.expect(200);
    assert!(!graph.body.contains(&running));
}

#[tokio::test]
async fn there_is_one_database_and_few_extras() {
    let backend = Backend::start().await;
    backend
        .get("/v1beta2/topology?db=default")
        .await
        .expect(200);
    backend.get("/v1beta2/topology?db=other").await.expect(404);
    backend
        .get("/v1beta2/topology?extraResources=dashboard,udf")
        .await
        .expect(200);
    let refused = backend
        .get("/v1beta2/topology?extraResources=cat")
        .await
        .expect(400);
    assert_eq!(refused.json()["fields"][0]["field"], "extraResources");
}
