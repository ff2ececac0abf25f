use weir_api::timeplus::{
    ingest::Format,
    stream::{Mode, UpdateStream},
};
use weir_store::Store;

use crate::common::{append, create, definition, number, open, owner, rows};

const HOUR_MS: i64 = 3_600_000;

fn now_ms() -> i64 {
    let elapsed = std::time::UNIX_EPOCH.elapsed().expect("clock");
    i64::try_from(elapsed.as_millis()).expect("time")
}

fn compact(cells: impl Iterator<Item = i64>) -> String {
    let data: Vec<String> = cells.map(|cell| format!("[{cell}]")).collect();
    format!(r#"{{"columns":["a"],"data":[{}]}}"#, data.join(","))
}

/// As the background thread does, but at a time of the test's choosing.
async fn apply(store: &Store, now_ms: i64) {
    let store = store.clone();
    tokio::task::spawn_blocking(move || store.apply_retention(now_ms))
        .await
        .expect("task")
        .expect("retention");
}

fn counted(store: &Store) {
    let stats = store.stats("s", None).expect("stats");
    assert_eq!(stats.row_count, number(store, "s", "count(*)"));
    assert_eq!(
        stats.historical_data_bytes,
        number(store, "s", "coalesce(sum(_size), 0)")
    );
}

#[tokio::test]
async fn old_rows_go_and_numbers_are_not_reused() {
    let (dir, store) = open();
    let mut short = definition("s", &[("a", "int64")]);
    short.logstore_retention_ms = Some(HOUR_MS);
    create(&store, short).await;
    append(&store, "s", Format::Compact, &compact(0..20_000)).await;
    apply(&store, now_ms() + HOUR_MS / 2).await;
    assert_eq!(number(&store, "s", "count(*)"), 20_000);
    apply(&store, now_ms() + 2 * HOUR_MS).await;
    assert_eq!(number(&store, "s", "count(*)"), 0);
    counted(&store);
    assert_eq!(store.stats("s", None).expect("stats").earliest_event, None);

    append(&store, "s", Format::Compact, &compact(0..1)).await;
    assert_eq!(number(&store, "s", "max(_seq)"), 20_001);
    apply(&store, now_ms() + 2 * HOUR_MS).await;
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    append(&store, "s", Format::Compact, &compact(0..1)).await;
    assert_eq!(number(&store, "s", "max(_seq)"), 20_002);
    counted(&store);
}

#[tokio::test]
async fn the_oldest_rows_go_until_the_bytes_fit() {
    let (dir, store) = open();
    let mut small = definition("s", &[("a", "int64")]);
    // `[100000]` is 8 bytes.
    small.logstore_retention_bytes = Some(8 * 1000);
    small.logstore_retention_ms = Some(-1);
    create(&store, small).await;
    for start in [100_000, 200_000, 300_000] {
        append(&store, "s", Format::Compact, &compact(start..start + 7000)).await;
    }
    apply(&store, now_ms()).await;
    assert_eq!(number(&store, "s", "count(*)"), 1000);
    assert_eq!(number(&store, "s", "min(a)"), 306_000);
    counted(&store);
    append(&store, "s", Format::Compact, &compact(400_000..400_001)).await;
    apply(&store, now_ms()).await;
    assert_eq!(number(&store, "s", "min(a)"), 306_001);
    assert_eq!(number(&store, "s", "max(a)"), 400_000);
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    counted(&store);

    let unlimited = UpdateStream {
        logstore_retention_bytes: Some(0),
        ..UpdateStream::default()
    };
    store
        .update_stream("s", unlimited, owner())
        .await
        .expect("changed");
    append(&store, "s", Format::Compact, &compact(500_000..505_000)).await;
    apply(&store, now_ms()).await;
    assert_eq!(number(&store, "s", "count(*)"), 6000);
}

#[tokio::test]
async fn the_background_thread_applies_it() {
    let (_dir, store) = open();
    let mut small = definition("s", &[("a", "int64")]);
    small.logstore_retention_bytes = Some(1);
    create(&store, small).await;
    append(&store, "s", Format::Compact, &compact(0..100)).await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while number(&store, "s", "count(*)") > 0 {
        assert!(std::time::Instant::now() < deadline, "not applied");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn replaced_rows_are_not_counted_twice() {
    let (_dir, store) = open();
    let mut keyed = definition("s", &[("a", "int64")]);
    keyed.mode = Some(Mode::VersionedKv);
    keyed.primary_key = Some("a".into());
    keyed.logstore_retention_ms = Some(HOUR_MS);
    create(&store, keyed).await;
    for _ in 0..3 {
        append(
            &store,
            "s",
            Format::Compact,
            &compact((0..500).chain(0..500)),
        )
        .await;
        counted(&store);
    }
    assert_eq!(store.stats("s", None).expect("stats").row_count, 500);
    apply(&store, now_ms() + 2 * HOUR_MS).await;
    counted(&store);
    append(&store, "s", Format::Compact, &compact(0..10)).await;
    counted(&store);
    assert_eq!(number(&store, "s", "count(*)"), 10);
}

#[tokio::test]
async fn rows_past_their_ttl_go() {
    let (dir, store) = open();
    let mut expiring = definition("s", &[("a", "int64")]);
    expiring.logstore_retention_ms = Some(0);
    expiring.ttl_expression = Some("to_datetime(_tp_time) + INTERVAL 1 DAY".into());
    create(&store, expiring).await;
    let day = 24 * HOUR_MS;
    let now = now_ms();
    let body: String = [
        (1, now - 2 * day),
        (2, now),
        (3, now - 2 * day),
        (4, now + day),
    ]
    .iter()
    .map(|(a, time)| format!(r#"{{"a":{a},"_tp_time":{time}}}"#))
    .collect();
    append(&store, "s", Format::Streaming, &body).await;
    apply(&store, now).await;
    assert_eq!(rows(&store, "s", &["a"]), ["[2]", "[4]"]);
    counted(&store);

    let longer = UpdateStream {
        ttl_expression: Some("to_datetime(_tp_time) + INTERVAL 7 DAY".into()),
        ..UpdateStream::default()
    };
    store
        .update_stream("s", longer, owner())
        .await
        .expect("changed");
    apply(&store, now + 3 * day).await;
    assert_eq!(number(&store, "s", "count(*)"), 2);
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    apply(&store, now + 7 * day + HOUR_MS).await;
    assert_eq!(rows(&store, "s", &["a"]), ["[4]"]);
    counted(&store);
    let none = UpdateStream {
        ttl_expression: Some(String::new()),
        ..UpdateStream::default()
    };
    store
        .update_stream("s", none, owner())
        .await
        .expect("changed");
    apply(&store, now + 100 * day).await;
    assert_eq!(number(&store, "s", "count(*)"), 1);
}

#[tokio::test]
async fn the_ttl_is_found_through_an_index() {
    let (_dir, store) = open();
    let mut expiring = definition("s", &[("a", "datetime")]);
    expiring.ttl_expression = Some("a".into());
    create(&store, expiring).await;
    let table = store.catalog().stream("s").expect("stream").table;
    let conn = store.reader().expect("reader");
    let found: i64 = conn
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = ?1",
            [format!("{table}_ttl")],
            |row| row.get(0),
        )
        .expect("indexes");
    assert_eq!(found, 1);
}
