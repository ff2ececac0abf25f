//! Values and names as SQLite text.

use rusqlite::types::{Value, ValueRef};

/// What stands between the quotes of a text.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\'', "''")
}

/// A value as SQLite text.
pub(crate) fn sql_literal(value: &Value) -> String {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    match ValueRef::from(value) {
        ValueRef::Null => "NULL".to_string(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) if number.is_infinite() => {
            if number > 0.0 {
                "9e999".to_string()
            } else {
                "-9e999".to_string()
            }
        }
        ValueRef::Real(number) => format!("{number:?}"),
        // SQLite's own text ends at a NUL.
        ValueRef::Text(bytes) if bytes.contains(&0) => format!("CAST(x'{}' AS TEXT)", hex(bytes)),
        ValueRef::Text(bytes) => format!("'{}'", escape(&String::from_utf8_lossy(bytes))),
        ValueRef::Blob(bytes) => format!("x'{}'", hex(bytes)),
    }
}

/// A name as SQLite text.
pub(crate) fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
