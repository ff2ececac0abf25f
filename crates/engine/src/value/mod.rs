//! SQLite values as the types they stand for: numbers of any width, and conversion between types.

mod convert;
mod nested;
mod number;
mod wide;

pub(crate) use self::{
    convert::{convert, float_digits, literal, text},
    nested::compare as compare_nested,
    number::{Num, Op, arithmetic},
    wide::compare as compare_wide,
};

/// A copy that outlives the row.
pub(crate) fn owned(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::Value {
    use rusqlite::types::{Value, ValueRef};
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}
