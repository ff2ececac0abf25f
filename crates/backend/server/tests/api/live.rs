//! What goes over the wire while a query runs.

use serde_json::{Value, json};

use super::common::{Backend, Event};

/// Numbers of a one-column query, in the order they came.
fn numbers(events: &[Event]) -> Vec<i64> {
    let rows = events
        .iter()
        .filter(|event| event.is_rows())
        .map(Event::json);
    rows.flat_map(|rows| rows.as_array().expect("rows").clone())
        .map(|row| row[0].as_i64().expect("number"))
        .collect()
}

fn data(numbers: std::ops::Range<i64>) -> String {
    let rows: Vec<Value> = numbers.map(|n| json!([n])).collect();
    Value::from(rows).to_string()
}

#[tokio::test]
async fn query_first_then_data_then_metrics_then_the_end() {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int64"), ("t", "string")])
        .await;
    backend
        .ingest("s", r#"["n","t"]"#, r#"[[1,"a"],[2,"b\nc"]]"#)
        .await;
    let mut events = backend.query("SELECT n, t FROM table(s)").await;
    assert_eq!(events.headers["cache-control"], "no-store");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    assert!(events.headers.get("content-encoding").is_none());
    assert_eq!(events.query["status"], "running");
    assert_eq!(
        events.query["result"]["header"],
        json!([{"name": "n", "type": "int64"}, {"name": "t", "type": "string"}])
    );
    let rest = events.rest().await;
    let names: Vec<&str> = rest.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["message", "metrics", "query"]);
    assert_eq!(rest[0].data, r#"[[1,"a"],[2,"b\nc"]]"#);
    assert!(rest.iter().all(|event| event.id == "2"), "{rest:?}");
    let metrics = rest[1].json();
    assert_eq!(metrics["count"], 2);
    assert!(metrics["scanned_rows"].as_i64() > Some(0), "{metrics}");
    assert_eq!(rest[2].json()["status"], "finished");
}

#[tokio::test]
async fn metrics_come_while_nothing_else_does() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let mut events = backend.query("SELECT n FROM s").await;
    let first = events.next().await.expect("event");
    assert_eq!((first.name.as_str(), first.id.as_str()), ("metrics", "0"));
    backend.ingest("s", r#"["n"]"#, "[[1]]").await;
    assert_eq!(events.rows(1).await, [json!([1])]);
    let after = events.next_of("metrics").await;
    assert_eq!(
        (after.json()["count"].clone(), after.id.as_str()),
        (json!(1), "1")
    );
}

#[tokio::test]
async fn extreme_values_are_exact() {
    let backend = Backend::start().await;
    let columns = [
        ("u", "uint64"),
        ("i", "int64"),
        ("w", "uint256"),
        ("d", "decimal(38, 4)"),
        ("f", "float64"),
        ("b", "bool"),
        ("a", "array(uint64)"),
        ("o", "nullable(string)"),
    ];
    backend.create_stream("s", &columns).await;
    let names = r#"["u","i","w","d","f","b","a","o"]"#;
    let wide = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let rows = [
        format!(
            r#"[18446744073709551615,-9223372036854775808,"{wide}",12345678901234567890.1234,"inf",true,[18446744073709551615],null]"#
        ),
        r#"[0,9223372036854775807,"0",-0.0001,"-inf",false,[],"x"]"#.to_string(),
        r#"[9223372036854775808,0,"1",0.0000,"nan",false,[1,2],""]"#.to_string(),
    ];
    let mut events = backend.query("SELECT u, i, w, d, f, b, a, o FROM s").await;
    backend
        .ingest("s", names, &format!("[{}]", rows.join(",")))
        .await;
    let event = events.next_of("message").await;
    assert_eq!(event.data, format!("[{}]", rows.join(",")));
    let history = backend
        .query("SELECT u, i, w, d, f, b, a, o FROM table(s)")
        .await;
    let mut history = history;
    assert_eq!(history.next_of("message").await.data, event.data);
}

#[tokio::test]
async fn the_batching_policy_bounds_a_batch() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    backend.ingest("s", r#"["n"]"#, &data(0..7)).await;
    let body = json!({"sql": "SELECT n FROM table(s)", "batching_policy": {"count": 3, "time_ms": 60_000}});
    let events = backend.query_with(body).await.rest().await;
    let sizes: Vec<usize> = events
        .iter()
        .filter(|event| event.is_rows())
        .map(|event| event.json().as_array().expect("rows").len())
        .collect();
    assert_eq!(sizes, [3, 3, 1]);
    // Nothing more to come now: the rest is sent without waiting for the minute to pass.
    let body =
        json!({"sql": "SELECT n FROM s", "batching_policy": {"count": 1000, "time_ms": 3_600_000}});
    let mut live = backend.query_with(body).await;
    backend.ingest("s", r#"["n"]"#, "[[9]]").await;
    assert_eq!(live.rows(1).await, [json!([9])]);
    let zero = json!({"sql": "SELECT 1", "batching_policy": {"count": 0}});
    let refused = backend
        .post("/v1beta2/queries", zero)
        .await
        .expect(400)
        .json();
    assert_eq!(refused["fields"][0]["field"], "batching_policy.count");
}

#[tokio::test]
async fn a_second_reader_gets_the_same_rows() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let mut first = backend.query("SELECT n FROM s").await;
    backend.ingest("s", r#"["n"]"#, &data(0..3)).await;
    first.rows(3).await;
    let mut second = backend.attach(&first.id, None).await;
    assert_eq!(second.query, first.query);
    assert_eq!(second.rows(3).await, [json!([0]), json!([1]), json!([2])]);
    backend.ingest("s", r#"["n"]"#, &data(3..5)).await;
    assert_eq!(first.rows(2).await, second.rows(2).await);
}

#[tokio::test]
async fn resuming_neither_loses_nor_doubles_rows() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let body =
        json!({"sql": "SELECT n FROM s", "batching_policy": {"count": 7}, "resume_within": 0});
    let mut events = backend.query_with(body).await;
    let id = events.id.clone();
    let mut got = Vec::new();
    for round in 0..6 {
        backend
            .ingest("s", r#"["n"]"#, &data(round * 100..(round + 1) * 100))
            .await;
        // Breaks off in the middle of what is there.
        let mut last = String::new();
        while got.len() < usize::try_from(round).expect("small") * 100 + 50 {
            let event = events.next_of("message").await;
            got.extend(numbers(std::slice::from_ref(&event)));
            last = event.id;
        }
        drop(events);
        events = backend.attach(&id, Some(&last)).await;
    }
    backend
        .post(&format!("/v1beta2/queries/{id}/cancel"), "")
        .await
        .expect(204);
    got.extend(numbers(&events.rest().await));
    assert_eq!(got, (0..600).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_wrong_event_id_is_refused() {
    let backend = Backend::start().await;
    let query = backend.query("SELECT * FROM host_metrics").await;
    let request = backend
        .request(
            reqwest::Method::GET,
            &format!("/v1beta2/queries/{}", query.id),
        )
        .header("Accept", "text/event-stream")
        .header("Last-Event-ID", "abc");
    let refused = super::common::answer(request).await.expect(400);
    assert!(refused.message().contains("'abc'"), "{}", refused.body);
}

/// The vendor's own clients: one of them takes every line that is no event's for rows.
#[tokio::test]
async fn who_cannot_come_back_gets_no_ids() {
    let backend = Backend::start().await;
    let body = serde_json::json!({"sql": "SELECT 1 AS n"});
    let events = backend.query_with(body).await.rest().await;
    assert_eq!(numbers(&events), [1]);
    assert!(events.iter().all(|event| event.id.is_empty()), "{events:?}");
}

#[tokio::test]
async fn a_short_querys_rows_wait_for_a_reader() {
    let backend = Backend::start().await;
    let request = backend
        .request(reqwest::Method::POST, "/v1beta2/queries")
        .header("Prefer", "respond-async")
        .body(r#"{"sql":"SELECT 42 AS n"}"#);
    let query = super::common::answer(request).await.expect(202).json();
    let id = query["id"].as_str().expect("id");
    backend.ended(id).await;
    let events = backend.attach(id, None).await.rest().await;
    assert_eq!(numbers(&events), [42]);
}

/// The slow reader does not read at all; what the kernel does not buffer for it has to go.
#[tokio::test]
async fn a_slow_reader_gets_a_gap_and_the_fast_one_everything() {
    const ROWS: i64 = 200;
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int64"), ("t", "string")])
        .await;
    let mut fast = backend.query("SELECT n, t FROM s").await;
    let mut slow = backend.attach(&fast.id, None).await;
    let text = "x".repeat(200_000);
    let mut seen = Vec::new();
    for n in 0..ROWS {
        let row = json!([[n, text]]).to_string();
        backend.ingest("s", r#"["n","t"]"#, &row).await;
        let event = fast.next_of("message").await;
        seen.extend(numbers(&[event]));
    }
    assert_eq!(seen, (0..ROWS).collect::<Vec<_>>());
    backend
        .post(&format!("/v1beta2/queries/{}/cancel", fast.id), "")
        .await
        .expect(204);
    let events = slow.rest().await;
    let got = numbers(&events);
    let missed: u64 = events
        .iter()
        .filter(|event| event.name == "gap")
        .map(|event| event.json()["rows"].as_u64().expect("rows"))
        .sum();
    assert!(missed > 0, "no gap");
    assert_eq!(got.len() as u64 + missed, ROWS as u64);
    assert!(got.is_sorted(), "{got:?}");
}

#[tokio::test]
async fn a_reader_that_pauses_alone_loses_nothing() {
    const ROWS: i64 = 100;
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int64"), ("t", "string")])
        .await;
    let mut events = backend.query("SELECT n, t FROM s").await;
    let text = "x".repeat(200_000);
    for n in 0..ROWS {
        let row = json!([[n, text]]).to_string();
        backend.ingest("s", r#"["n","t"]"#, &row).await;
    }
    let mut got = Vec::new();
    while got.len() < 100 {
        let event = events.next().await.expect("event");
        assert_ne!(event.name, "gap");
        got.extend(numbers(&[event]));
    }
    assert_eq!(got, (0..ROWS).collect::<Vec<_>>());
}
