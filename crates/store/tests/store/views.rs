use weir_store::{Store, StoreError, View};

use crate::common::{create, definition, open, owner};

fn view(name: &str, query: &str) -> View {
    View {
        name: name.into(),
        query: query.into(),
        ..View::default()
    }
}

#[tokio::test]
async fn views_protect_what_they_read() {
    let (dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    create(&store, definition("t", &[("a", "int64")])).await;
    for (name, query) in [
        ("v", "SELECT a FROM s"),
        ("w", "SELECT a FROM v WHERE a > 1"),
    ] {
        store
            .create_view(view(name, query), false, owner())
            .await
            .expect("created");
    }
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    assert_eq!(
        store.catalog().view("v").as_deref(),
        Some("SELECT a FROM s")
    );
    let error = store.delete_stream("s").await.expect_err("in use");
    assert_eq!(error.to_string(), "stream 's' is used by v, w");
    let error = store.drop_view("v").await.expect_err("in use");
    assert_eq!(error.to_string(), "view 'v' is used by w");
    store.delete_stream("t").await.expect("unused");
    store.drop_view("w").await.expect("dropped");
    store.drop_view("v").await.expect("dropped");
    store.delete_stream("s").await.expect("deleted");
}

#[tokio::test]
async fn names_are_shared_with_streams_and_queries_are_checked() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    let same = store
        .create_view(view("s", "SELECT 1"), false, owner())
        .await;
    assert_eq!(same.expect_err("exists").to_string(), "stream 's' exists");
    store
        .create_view(view("v", "SELECT a FROM s"), false, owner())
        .await
        .expect("created");
    let again = store
        .create_view(view("v", "SELECT a FROM s"), false, owner())
        .await;
    assert_eq!(again.expect_err("exists").to_string(), "view 'v' exists");
    let replaced = store
        .create_view(view("v", "SELECT a + 1 AS b FROM s"), true, owner())
        .await;
    assert_eq!(
        replaced.expect("replaced").query,
        "SELECT a + 1 AS b FROM s"
    );
    let stream = store
        .create_stream(definition("v", &[("a", "int8")]), owner())
        .await;
    assert_eq!(stream.expect_err("exists").to_string(), "view 'v' exists");

    for query in [
        "SELECT a FROM nope",
        "SELECT nope FROM s",
        "SELECT",
        "DROP STREAM s",
        "SELECT b FROM v",
    ] {
        let error = store.create_view(view("v", query), true, owner()).await;
        assert!(
            matches!(error, Err(StoreError::Sql(_))),
            "{query}: {error:?}"
        );
    }
    let mut materialized = view("m", "SELECT a FROM s");
    materialized.materialized = true;
    materialized.target = Some("nope".into());
    let error = store
        .create_view(materialized, false, owner())
        .await
        .expect_err("no target");
    assert!(
        matches!(error, StoreError::Invalid { ref field, .. } if field == "target_stream"),
        "{error}"
    );
    let missing = store.drop_view("nope").await.expect_err("missing");
    assert_eq!(missing.to_string(), "view 'nope' does not exist");
}
