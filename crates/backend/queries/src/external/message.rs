//! A message, and what its broker tells of it besides.

use serde_json::{Map, Value};
use weir_engine::{ColumnInfo, catalog::StreamInfo};

/// What one read of an external stream brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    pub(super) time_ms: i64,
    /// Where it is, for words about what is wrong with it.
    pub(super) place: String,
    pub(super) beside: Option<Beside>,
}

/// What stands beside the bytes: columns of the names below hold it where a stream declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) key: Option<Vec<u8>>,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) offset: i64,
    pub(super) partition: i32,
}

/// Columns of these names are the server's own: no format fills them.
pub(super) fn is_own(column: &str) -> bool {
    column.starts_with("_tp_")
}

impl Message {
    /// Columns of the stream that hold what stands beside the bytes, with the value of each as JSON.
    pub(super) fn own<'a>(&self, info: &'a StreamInfo) -> Vec<(&'a str, Value)> {
        let Some(beside) = &self.beside else {
            return Vec::new();
        };
        let columns = info.columns.iter();
        let value = |column: &'a ColumnInfo| Some((column.name.as_str(), beside.value(column)?));
        columns.filter_map(value).collect()
    }
}

impl Beside {
    fn value(&self, column: &ColumnInfo) -> Option<Value> {
        let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes));
        Some(match column.name.as_str() {
            "_tp_message_key" => match &self.key {
                Some(key) => text(key),
                None if column.data_type.is_nullable() => Value::Null,
                None => text(b""),
            },
            "_tp_message_headers" => {
                let headers = self.headers.iter();
                let headers = headers.map(|(name, value)| (name.clone(), text(value)));
                Value::Object(headers.collect::<Map<String, Value>>())
            }
            "_tp_sn" => self.offset.into(),
            "_tp_shard" => self.partition.into(),
            _ => return None,
        })
    }
}
