use weir_api::{
    Owner,
    timeplus::{ingest::Format, stream::StreamDef},
};
use weir_store::ingest;

use super::*;

async fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("folder");
    let store = Store::open(dir.path()).expect("store");
    create(&store).await;
    (dir, store)
}

async fn create(store: &Store) {
    let definition = serde_json::json!({
        "name": "s",
        "columns": [{"name": "n", "type": "int64"}, {"name": "big", "type": "uint64"}],
    });
    let definition: StreamDef = serde_json::from_value(definition).expect("definition");
    let created = store.create_stream(definition, Owner::default()).await;
    created.expect("stream");
}

async fn append(store: &Store, numbers: std::ops::Range<i64>) {
    let stream = store.catalog().stream("s").expect("stream");
    let rows: Vec<_> = numbers
        .map(|n| format!("[{n},18446744073709551615]"))
        .collect();
    let body = format!(r#"{{"columns":["n","big"],"data":[{}]}}"#, rows.join(","));
    let rows = ingest::parse(&stream, Format::Compact, body.as_bytes()).expect("rows");
    store.append("s", rows).await.expect("appended");
}

/// Reads `count` rows; their first values, and the checkpoint after them.
async fn read(follow: &mut Follow, count: usize) -> (Vec<String>, Checkpoint) {
    let mut all = Vec::new();
    loop {
        let batch = follow.next().await.expect("running").expect("batch");
        all.extend(batch.rows.iter().map(|row| row[0].get().to_string()));
        assert!(all.len() <= count, "{all:?}");
        if all.len() == count {
            return (all, batch.checkpoint);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_where_its_checkpoint_was_made() {
    let (_dir, store) = store().await;
    append(&store, 0..3).await;
    let mut follow = Follow::start(&store, "SELECT n, big FROM s", None)
        .await
        .expect("follow");
    let started = follow.started().clone();
    append(&store, 3..6).await;
    let (rows, checkpoint) = read(&mut follow, 3).await;
    assert_eq!(rows, ["3", "4", "5"]);
    append(&store, 6..8).await;
    drop(follow);
    append(&store, 8..9).await;
    for (from, expected) in [(checkpoint, vec!["6", "7", "8"]), (started, vec!["3"; 6])] {
        let text = serde_json::to_string(&from).expect("JSON");
        let from = serde_json::from_str(&text).expect("checkpoint");
        let mut follow = Follow::start(&store, "SELECT n, big FROM s", Some(from))
            .await
            .expect("follow");
        let (rows, _) = read(&mut follow, expected.len()).await;
        assert_eq!(rows.len(), expected.len());
        assert_eq!(
            (rows[0].as_str(), rows[rows.len() - 1].as_str()),
            (expected[0], "8")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_exact_and_columns_are_named() {
    let (_dir, store) = store().await;
    let mut follow = Follow::start(&store, "SELECT big, n AS m FROM s", None)
        .await
        .expect("follow");
    append(&store, 1..2).await;
    let batch = follow.next().await.expect("running").expect("batch");
    assert_eq!(batch.rows[0][0].get(), "18446744073709551615");
    let columns: Vec<_> = batch
        .columns
        .iter()
        .map(|c| (&*c.name, &*c.data_type))
        .collect();
    assert_eq!(columns, [("big", "uint64"), ("m", "int64")]);
    assert_eq!(follow.stats().emitted_rows, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_position_is_told_when_no_rows_come_out() {
    let (_dir, store) = store().await;
    let mut follow = Follow::start(&store, "SELECT n FROM s WHERE n > 100", None)
        .await
        .expect("follow");
    append(&store, 0..5).await;
    let batch = follow.next().await.expect("running").expect("batch");
    assert!(batch.rows.is_empty());
    assert_eq!(batch.checkpoint.position(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounded_query_ends() {
    let (_dir, store) = store().await;
    append(&store, 0..4500).await;
    let mut follow = Follow::start(&store, "SELECT n FROM table(s)", None)
        .await
        .expect("follow");
    let (mut rows, mut done) = (0, false);
    while let Some(batch) = follow.next().await.expect("running") {
        assert!(!done);
        rows += batch.rows.len();
        done = batch.checkpoint.is_done();
    }
    assert_eq!((rows, done), (4500, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_its_stream_is_an_error() {
    let (_dir, store) = store().await;
    let mut follow = Follow::start(&store, "SELECT n FROM s", None)
        .await
        .expect("follow");
    let from = follow.started().clone();
    store.delete_stream("s").await.expect("deleted");
    let error = follow.next().await.map(|_| ()).expect_err("an error");
    assert_eq!(error, "stream 's' was deleted");
    create(&store).await;
    let again = Follow::start(&store, "SELECT n FROM s", Some(from)).await;
    let error = again.map(|_| ()).expect_err("another stream");
    assert!(error.message().contains("another stream"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_it_lets_go_of_the_store() {
    let (_dir, store) = store().await;
    let idle = Follow::start(&store, "SELECT n FROM s", None).await;
    append(&store, 0..10_000).await;
    let from_the_start = "SELECT n FROM s SETTINGS seek_to='earliest'";
    let full = Follow::start(&store, from_the_start, None).await;
    let closed = store.closed();
    drop((idle, full, store));
    closed.await;
}
