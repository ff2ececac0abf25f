use weir_api::timeplus::ingest::Format;
use weir_store::{Store, StoreError};

use crate::common::{append, create, definition, open};

#[tokio::test]
async fn sizes_times_and_rates_are_those_of_the_rows() {
    let (dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    let empty = store.stats("s", None).expect("stats");
    assert_eq!(
        (empty.row_count, empty.latest_event, empty.history),
        (0, None, None)
    );

    let body = r#"{"columns":["a","_tp_time"],"data":[[1,"2023-02-01 01:02:03.456"],[2,0]]}"#;
    append(&store, "s", Format::Compact, body).await;
    store.note_read("s", 10, 1000);
    store.note_read("unknown", 1, 1);
    for store in [store.clone(), store] {
        let stats = store.stats("s", Some(1)).expect("stats");
        assert_eq!(stats.row_count, 2);
        assert_eq!(stats.historical_data_bytes, 29 + 5);
        assert_eq!(
            stats.earliest_event.as_deref(),
            Some("1970-01-01T00:00:00.000Z")
        );
        assert_eq!(
            stats.latest_event.as_deref(),
            Some("2023-02-01T01:02:03.456Z")
        );
        assert!(
            stats.written_eps > 0.0 && stats.written_eps <= 2.0,
            "{stats:?}"
        );
        assert!(
            (stats.read_eps / stats.written_eps - 5.0).abs() < 1e-9,
            "{stats:?}"
        );
        assert!(
            (stats.read_bps / stats.read_eps - 100.0).abs() < 1e-9,
            "{stats:?}"
        );
        let history = stats.history.expect("history");
        assert!(history.iter().any(|point| point.written_eps > 0.0));
        assert!(
            (1..=2).contains(&history.len()),
            "minutes since the creation"
        );
        assert!(history[0].start_time.ends_with(":00.000Z"));
    }
    let store = Store::open(dir.path()).expect("store");
    let stats = store.stats("s", Some(7)).expect("stats");
    assert_eq!(stats.row_count, 2);
    assert!((1..=2).contains(&stats.history.expect("history").len()));
}

#[tokio::test]
async fn unknown_streams_have_none() {
    let (_dir, store) = open();
    let error = store.stats("nope", None).expect_err("unknown");
    assert!(matches!(error, StoreError::NotFound(_)));
    assert_eq!(error.to_string(), "stream 'nope' does not exist");
}
