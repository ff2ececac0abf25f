use rusqlite::types::Value;
use tempfile::TempDir;
use weir_api::{
    DataType, Owner,
    timeplus::{
        ingest::Format,
        stream::{ColumnDef, StreamDef},
    },
};
use weir_engine::codec;
use weir_store::{Store, ingest};

pub(crate) fn open() -> (TempDir, Store) {
    let dir = tempfile::tempdir().expect("folder");
    let store = Store::open(dir.path()).expect("store");
    (dir, store)
}

pub(crate) fn owner() -> Owner {
    Owner {
        id: "1".into(),
        name: "tester".into(),
    }
}

pub(crate) fn definition(name: &str, columns: &[(&str, &str)]) -> StreamDef {
    StreamDef {
        name: name.into(),
        columns: columns
            .iter()
            .map(|(name, data_type)| column(name, data_type))
            .collect(),
        ..StreamDef::default()
    }
}

pub(crate) fn column(name: &str, data_type: &str) -> ColumnDef {
    ColumnDef {
        name: name.into(),
        data_type: data_type.into(),
        ..ColumnDef::default()
    }
}

pub(crate) async fn create(store: &Store, definition: StreamDef) {
    store
        .create_stream(definition, owner())
        .await
        .expect("created");
}

pub(crate) async fn append(store: &Store, stream: &str, format: Format, body: &str) -> u64 {
    let info = store.catalog().stream(stream).expect("stream");
    let rows = ingest::parse(&info, format, body.as_bytes()).expect("rows");
    store.append(stream, rows).await.expect("appended")
}

/// The rows of `columns`, as wire JSON, in order of `_seq`.
pub(crate) fn rows(store: &Store, stream: &str, columns: &[&str]) -> Vec<String> {
    let info = store.catalog().stream(stream).expect("stream");
    let types: Vec<DataType> = columns
        .iter()
        .map(|name| {
            let column = info.columns.iter().find(|column| column.name == *name);
            column.expect("column").data_type.clone()
        })
        .collect();
    let conn = store.reader().expect("reader");
    let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY _seq",
        names.join(", "),
        info.table
    );
    let mut statement = conn.prepare(&sql).expect("query");
    let mut found = statement.query([]).expect("rows");
    let mut rows = Vec::new();
    while let Some(row) = found.next().expect("row") {
        let values: Vec<Value> = (0..types.len())
            .map(|i| row.get(i).expect("value"))
            .collect();
        let values: Vec<_> = values.iter().map(Into::into).collect();
        let mut out = Vec::new();
        codec::encode_row(&mut out, &types, &values);
        rows.push(String::from_utf8(out).expect("UTF-8"));
    }
    rows
}

pub(crate) fn number(store: &Store, stream: &str, expression: &str) -> i64 {
    let info = store.catalog().stream(stream).expect("stream");
    let sql = format!("SELECT {expression} FROM {}", info.table);
    let conn = store.reader().expect("reader");
    conn.query_row(&sql, [], |row| row.get(0)).expect("number")
}
