//! Columns that are added, renamed and dropped, and rows that a person deletes.

use weir_api::timeplus::{ingest::Format, stream::ColumnDef};
use weir_engine::ColumnChange;
use weir_store::{Store, StoreError, View};

use crate::common::{append, column, create, definition, open, owner, rows};

fn add(name: &str, data_type: &str) -> ColumnChange {
    ColumnChange::Add {
        column: column(name, data_type),
        if_not_exists: false,
    }
}

fn rename(from: &str, to: &str) -> ColumnChange {
    ColumnChange::Rename {
        from: from.into(),
        to: to.into(),
    }
}

fn drop(name: &str) -> ColumnChange {
    ColumnChange::Drop {
        name: name.into(),
        if_exists: false,
    }
}

async fn alter(store: &Store, changes: Vec<ColumnChange>) -> Result<(), StoreError> {
    store.alter_columns("s", changes, owner()).await.map(|_| ())
}

#[tokio::test]
async fn columns_change_and_rows_stay() {
    let (dir, store) = open();
    create(&store, definition("s", &[("a", "int32"), ("b", "string")])).await;
    append(&store, "s", Format::Streaming, r#"{"a":1,"b":"x"}"#).await;
    let doubled = ColumnDef {
        default: Some("a * 2".into()),
        ..column("d", "int64")
    };
    let changes = vec![
        add("c", "decimal(10, 2)"),
        add("n", "nullable(string)"),
        ColumnChange::Add {
            column: doubled,
            if_not_exists: false,
        },
    ];
    alter(&store, changes).await.expect("added");
    append(
        &store,
        "s",
        Format::Streaming,
        r#"{"a":2,"b":"y","c":"1.50"}"#,
    )
    .await;
    let all = ["a", "b", "c", "n", "d"];
    let wanted = [r#"[1,"x",0.00,null,2]"#, r#"[2,"y",1.50,null,4]"#];
    assert_eq!(rows(&store, "s", &all), wanted);

    alter(&store, vec![rename("b", "text"), drop("d")])
        .await
        .expect("changed");
    append(&store, "s", Format::Streaming, r#"{"a":3,"text":"z"}"#).await;
    let wanted = [r#"[1,"x"]"#, r#"[2,"y"]"#, r#"[3,"z"]"#];
    assert_eq!(rows(&store, "s", &["a", "text"]), wanted);

    // As it was left.
    drop_store(store);
    let store = Store::open(dir.path()).expect("store");
    assert_eq!(rows(&store, "s", &["a", "text"]), wanted);
    append(&store, "s", Format::Streaming, r#"{"a":4,"text":"w"}"#).await;
    assert_eq!(rows(&store, "s", &["text"]).len(), 4);
}

fn drop_store(store: Store) {
    std::mem::drop(store);
}

#[tokio::test]
async fn what_cannot_change_is_named() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int32"), ("b", "string")])).await;
    for (changes, words) in [
        (vec![add("a", "int32")], "has a column 'a' already"),
        (vec![drop("z")], "no column 'z'"),
        (vec![rename("_tp_time", "t")], "_tp_time stays"),
        (vec![add("c", "nonsense")], "nonsense"),
        (vec![drop("a"), drop("b")], "at least one column"),
    ] {
        let error = alter(&store, changes).await.expect_err(words);
        assert!(error.to_string().contains(words), "{error}");
    }
    let view = View {
        name: "v".into(),
        query: "SELECT a FROM s".into(),
        ..View::default()
    };
    store.create_view(view, false, owner()).await.expect("view");
    let error = alter(&store, vec![drop("b")])
        .await
        .expect_err("read by a view");
    assert!(matches!(error, StoreError::Dependents { .. }), "{error}");
    alter(&store, vec![add("c", "int8")]).await.expect("added");
}

#[tokio::test]
async fn rows_are_deleted_by_a_condition() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int32"), ("b", "string")])).await;
    let body: String = (0..12_000)
        .map(|n| format!("{{\"a\":{n},\"b\":\"x\"}}\n"))
        .collect();
    append(&store, "s", Format::Streaming, &body).await;
    let deleted = store.delete_rows("s", Some("a >= 10".into())).await;
    assert_eq!(deleted.expect("deleted"), 11_990);
    assert_eq!(rows(&store, "s", &["a"]).len(), 10);
    let error = store.delete_rows("s", Some("nope = 1".into())).await;
    let error = error.expect_err("no such column").to_string();
    assert!(error.contains("nope"), "{error}");
    assert_eq!(store.delete_rows("s", None).await.expect("deleted"), 10);
}

fn modify(name: &str, data_type: &str) -> ColumnChange {
    ColumnChange::Modify {
        column: column(name, data_type),
        typed: true,
    }
}

#[tokio::test]
async fn a_column_gets_another_type_with_all_its_values_or_none() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "string"), ("b", "int32")])).await;
    append(&store, "s", Format::Streaming, r#"{"a":"1","b":7}"#).await;
    append(&store, "s", Format::Streaming, r#"{"a":"22","b":8}"#).await;
    let changes = vec![modify("a", "int64"), modify("b", "string")];
    alter(&store, changes).await.expect("changed");
    append(&store, "s", Format::Streaming, r#"{"a":3,"b":"x"}"#).await;
    let wanted = [r#"[1,"7"]"#, r#"[22,"8"]"#, r#"[3,"x"]"#];
    assert_eq!(rows(&store, "s", &["a", "b"]), wanted);

    // 'x' is no number: what was changed before it in the statement stays as it was, too.
    let changes = vec![modify("a", "string"), modify("b", "int32")];
    let refused = alter(&store, changes).await.expect_err("x");
    assert!(refused.to_string().contains("'b'"), "{refused}");
    assert_eq!(rows(&store, "s", &["a", "b"]), wanted);

    let later = ColumnChange::Modify {
        column: ColumnDef {
            default: Some("'later'".into()),
            ..column("b", "")
        },
        typed: false,
    };
    alter(&store, vec![later]).await.expect("another default");
    append(&store, "s", Format::Streaming, r#"{"a":4}"#).await;
    assert_eq!(rows(&store, "s", &["a", "b"])[3], r#"[4,"later"]"#);
    let unknown = alter(&store, vec![modify("c", "string")]).await;
    assert!(
        unknown
            .expect_err("c")
            .to_string()
            .contains("no column 'c'")
    );
    let own = alter(&store, vec![modify("_tp_time", "string")]).await;
    assert!(own.expect_err("_tp_time").to_string().contains("stays"));
}

#[tokio::test]
async fn a_stream_gets_another_name_and_keeps_its_rows() {
    let (dir, store) = open();
    create(&store, definition("s", &[("a", "int32")])).await;
    create(&store, definition("other", &[("a", "int32")])).await;
    append(&store, "s", Format::Streaming, r#"{"a":1}"#).await;
    let taken = store.rename_stream("s", "other", owner()).await;
    assert!(matches!(taken, Err(StoreError::Exists(_))), "{taken:?}");
    let named = store
        .rename_stream("s", "t", owner())
        .await
        .expect("renamed");
    assert_eq!(named.name, "t");
    append(&store, "t", Format::Streaming, r#"{"a":2}"#).await;
    assert_eq!(rows(&store, "t", &["a"]), ["[1]", "[2]"]);
    assert!(store.stream("s").is_none());
    create(&store, definition("s", &[("a", "int32")])).await;
    let view = View {
        name: "v".into(),
        query: "SELECT a FROM t".into(),
        ..View::default()
    };
    store.create_view(view, false, owner()).await.expect("view");
    let used = store.rename_stream("t", "u", owner()).await;
    assert!(
        matches!(used, Err(StoreError::Dependents { .. })),
        "{used:?}"
    );

    // As it was left.
    drop_store(store);
    let store = Store::open(dir.path()).expect("store");
    assert_eq!(rows(&store, "t", &["a"]), ["[1]", "[2]"]);
}
