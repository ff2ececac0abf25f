//! What the states of aggregates hold.

use rusqlite::types::Value;

/// Of a value in the state, beside its place.
pub(super) fn bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.capacity(),
        Value::Blob(bytes) => bytes.capacity(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 0,
    }
}
