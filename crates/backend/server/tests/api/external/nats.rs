//! NATS JetStream.

use serde_json::{Value, json};
use weir_services::{Nats, PASSWORD, USER};

use super::{super::common::Backend, next_rows, rows, settings};

#[tokio::test]
async fn nats_jetstream_is_followed_read_whole_and_previewed() {
    let nats = Nats::start_with_password().expect("nats");
    nats.create_stream("orders").expect("stream");
    nats.publish("orders.a", r#"{"id": 9007199254740993, "item": "x"}"#)
        .expect("publish");
    nats.publish("orders.b", r#"{"id": 2, "item": "é", "more": 1}"#)
        .expect("publish");
    let backend = Backend::start().await;
    let place = |more: &[(&str, &str)]| {
        let mut all = vec![
            ("type", "nats_jetstream"),
            ("url", nats.url.as_str()),
            ("stream_name", "orders"),
            ("username", USER),
            ("password", PASSWORD),
            ("data_format", "JSONEachRow"),
        ];
        all.extend_from_slice(more);
        settings(&all)
    };
    let preview = |settings: Value, count: u32| {
        let body =
            json!({"settings": settings, "count": count, "offset": "earliest", "timeout": 20});
        backend.post("/v1beta2/external_streams/preview", body)
    };
    let seen = preview(place(&[]), 2).await.expect(200).json();
    assert_eq!(
        seen[0],
        json!({"id": 9_007_199_254_740_993_i64, "item": "x"})
    );
    let seen = preview(place(&[("subject", "orders.b")]), 1)
        .await
        .expect(200)
        .json();
    assert_eq!(seen[0]["more"], 1);

    let columns = json!([{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}]);
    let body = json!({"name": "o", "columns": columns, "settings": place(&[])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let expected = json!([[9_007_199_254_740_993_i64, "x"], [2, "é"]]);
    assert_eq!(
        rows(&backend, "SELECT id, item FROM table(o)").await,
        expected
    );
    let early = "SELECT id, item FROM o LIMIT 2 SETTINGS seek_to = 'earliest'";
    assert_eq!(rows(&backend, early).await, expected);

    let mut live = backend.query("SELECT id FROM o").await;
    let mut sums = backend
        .query("SELECT sum(id) AS s FROM o WHERE id < 1000 EMIT PERIODIC 100ms")
        .await;
    nats.publish("orders.a", r#"{"id": 30, "item": "y"}{"id": 40}"#)
        .expect("publish");
    assert_eq!(next_rows(&mut live, 2).await, [json!([30]), json!([40])]);
    loop {
        if next_rows(&mut sums, 1).await[0] == json!([70]) {
            break;
        }
    }
    // A message that does not fit ends the query and says which one it is.
    nats.publish("orders.a", r#"{"id": "no number"}"#)
        .expect("publish");
    let ended = backend.ended(&live.id).await;
    let message = ended["message"].as_str().expect("message");
    assert!(
        message.contains("message 4") && message.contains("'id'"),
        "{message}"
    );

    let wrong = place(&[]).to_string().replace("river", "lake");
    let refused = preview(serde_json::from_str(&wrong).expect("json"), 1)
        .await
        .expect(400);
    assert!(refused.message().contains("NATS at"), "{}", refused.body);
}
