//! `/v1beta2/dashboards` and `/v1beta2/savedqueries`.

use reqwest::Method;
use serde_json::json;

use super::common::{Backend, answer};

/// As real dashboards are: keys, numbers and order that Weir does not know.
const PANELS: &str = r#"[{"id":"p1","title":"CPU","position":{"x":0,"y":0,"w":6,"h":2,"nextX":6,"nextY":2,"static":false},"viz_type":"chart","viz_content":"select cpu_percent from host_metrics","viz_config":{"chartType":"line","zz":18446744073709551616.10,"config":{"yAxis":"cpu_percent","future":{"b":1.50e30,"a":[null,{}]}}},"theme":"x"},{"viz_type":"markdown","viz_content":"SELECT 1","viz_config":{"mdString":"é \u00e9"}}]"#;

#[tokio::test]
async fn dashboards_come_back_as_they_were_sent() {
    let backend = Backend::start().await;
    let path = "/v1beta2/dashboards";
    let body = format!(r#"{{"name":"Host","description":"d","panels":{PANELS}}}"#);
    let created = backend.post(path, &body).await.expect(201);
    let kept = format!(r#""panels":{PANELS}"#);
    assert!(created.body.contains(&kept), "{}", created.body);
    let created = created.json();
    assert_eq!(
        (&created["name"], &created["description"]),
        (&json!("Host"), &json!("d"))
    );
    assert_eq!(
        created["created_by"],
        json!({"id": "admin", "name": "admin"})
    );
    assert_eq!(created["created_at"], created["last_updated_at"]);

    let backend = backend.restart().await;
    let id = created["id"].as_str().expect("id");
    let one = format!("{path}/{id}");
    let read = backend.get(&one).await.expect(200);
    assert!(read.body.contains(&kept), "{}", read.body);
    let list = backend.get(path).await.expect(200);
    assert_eq!(list.json().as_array().map(Vec::len), Some(1));
    assert!(list.body.contains(&kept));

    let put =
        |body: serde_json::Value| answer(backend.request(Method::PUT, &one).body(body.to_string()));
    let changed = put(json!({"name": "Machine"})).await.expect(200).json();
    assert_eq!(changed["panels"], json!([]));
    assert_eq!(changed["description"], "");
    assert_eq!(changed["created_at"], created["created_at"]);
    put(json!({"name": " "})).await.expect(400);
    put(json!({"name": "x", "panels": [1]})).await.expect(400);

    backend.delete(&one).await.expect(204);
    backend.delete(&one).await.expect(404);
    backend.get(&one).await.expect(404);
    put(json!({"name": "x"})).await.expect(404);
    assert_eq!(backend.get(path).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn names_are_needed_and_taken_once() {
    let backend = Backend::start().await;
    for (path, body) in [
        ("/v1beta2/dashboards", json!({"name": "a"})),
        (
            "/v1beta2/savedqueries",
            json!({"name": "a", "sql": "select 1"}),
        ),
    ] {
        backend.post(path, json!({})).await.expect(400);
        backend.post(path, "{").await.expect(400);
        backend.post(path, &body).await.expect(201);
        let taken = backend.post(path, &body).await.expect(400).json();
        assert_eq!(taken["fields"][0]["field"], "name", "{taken}");
        let mut other = body.clone();
        other["name"] = json!("b");
        let other = backend.post(path, other).await.expect(201).json();
        let one = format!("{path}/{}", other["id"].as_str().expect("id"));
        let rename = backend.request(Method::PUT, &one).body(body.to_string());
        answer(rename).await.expect(400);
        let names: Vec<_> = backend
            .get(path)
            .await
            .json()
            .as_array()
            .expect("list")
            .clone();
        assert_eq!(
            (&names[0]["name"], &names[1]["name"]),
            (&json!("a"), &json!("b"))
        );
    }
}

#[tokio::test]
async fn saved_queries_keep_sql_and_tags() {
    let backend = Backend::start().await;
    let path = "/v1beta2/savedqueries";
    backend
        .post(path, json!({"name": "no sql"}))
        .await
        .expect(400);
    let body = json!({"name": "cpu", "sql": "select 1\n-- ü", "tags": ["ops", "a b"]});
    let created = backend.post(path, &body).await.expect(201).json();
    assert_eq!(
        (&created["sql"], &created["tags"]),
        (&body["sql"], &body["tags"])
    );
    assert_eq!(created["description"], "");

    let backend = backend.restart().await;
    let one = format!("{path}/{}", created["id"].as_str().expect("id"));
    assert_eq!(backend.get(&one).await.expect(200).json(), created);
    let body = json!({"name": "cpu", "description": "d", "sql": "select 2", "tags": null});
    let put = backend.request(Method::PUT, &one).body(body.to_string());
    let changed = answer(put).await.expect(200).json();
    assert_eq!(
        (&changed["sql"], &changed["tags"]),
        (&json!("select 2"), &json!([]))
    );
    assert_eq!(changed["last_updated_by"]["name"], "admin");
    backend.delete(&one).await.expect(204);
    backend.get(&one).await.expect(404);
}
