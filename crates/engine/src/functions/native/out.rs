//! What a function gives.

use std::iter::{RepeatN, repeat_n};

use rusqlite::types::Value;
use weir_api::DataType;

use super::MAX_TEXT;
use crate::{value::Num, working};

/// A result, still to be brought into the storage form of its type.
pub(in crate::functions) enum Out {
    Null,
    Int(i128),
    Float(f64),
    Text(String),
    /// Shown as hexadecimal digits where they are not UTF-8.
    Bytes(Vec<u8>),
    Value(Value),
}

impl Out {
    pub(super) fn write(self, data_type: &DataType) -> Result<Value, String> {
        match self {
            Self::Null => Ok(Value::Null),
            Self::Int(number) if data_type.is_time() => i64::try_from(number)
                .map(Value::Integer)
                .map_err(|_| "the time is out of range".to_string()),
            Self::Int(number) => Num::Int(number).write(data_type),
            Self::Float(number) => Num::Float(number).write(data_type),
            Self::Text(text) if text.len() > MAX_TEXT => Err(too_long()),
            Self::Text(text) => Ok(Value::Text(text)),
            Self::Bytes(bytes) if bytes.len() > MAX_TEXT => Err(too_long()),
            Self::Bytes(bytes) => Ok(match String::from_utf8(bytes) {
                Ok(text) => Value::Text(text),
                Err(error) => Value::Blob(error.into_bytes()),
            }),
            Self::Value(value) => Ok(value),
        }
    }

    /// An array of JSON values.
    pub(in crate::functions) fn array<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        let mut text = String::from("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(item.as_ref());
            // It is refused when it is written.
            if text.len() > MAX_TEXT {
                break;
            }
        }
        text.push(']');
        Self::Text(text)
    }

    /// An array of texts.
    pub(in crate::functions) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        let quote = |item: T| serde_json::Value::from(item.as_ref()).to_string();
        Self::array(items.into_iter().map(quote))
    }
}

/// Asked inside of loops that can be long: SQLite stops a statement between calls only.
pub(in crate::functions) fn go_on() -> Result<(), String> {
    match working::is_stopped() {
        true => Err("canceled".to_string()),
        false => Ok(()),
    }
}

/// Texts with a separator between. Refused before it is made: the separator may be as long as any text.
pub(in crate::functions) fn joined<T: AsRef<str>>(
    parts: &[T],
    separator: &str,
) -> Result<String, String> {
    let between = separator
        .len()
        .saturating_mul(parts.len().saturating_sub(1));
    let lengths = parts.iter().map(|part| part.as_ref().len());
    if lengths.fold(between, usize::saturating_add) > MAX_TEXT {
        return Err(too_long());
    }
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    Ok(parts.join(separator))
}

/// So many of one text, which may be as long as any.
pub(in crate::functions) fn times(text: String, count: usize) -> Result<RepeatN<String>, String> {
    match text.len().saturating_mul(count) > MAX_TEXT {
        true => Err(too_long()),
        false => Ok(repeat_n(text, count)),
    }
}

pub(in crate::functions) fn too_long() -> String {
    format!("the result is longer than {} MiB", MAX_TEXT >> 20)
}

macro_rules! out {
    ($($from:ty => |$value:ident| $out:expr),* $(,)?) => {
        $(impl From<$from> for Out {
            fn from($value: $from) -> Self {
                $out
            }
        })*
    };
}

out! {
    bool => |value| Self::Int(value.into()),
    i64 => |value| Self::Int(value.into()),
    u64 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    i128 => |value| Self::Int(value),
    usize => |value| Self::Int(value as i128),
    f64 => |value| Self::Float(value),
    String => |value| Self::Text(value),
    &str => |value| Self::Text(value.to_string()),
    Vec<u8> => |value| Self::Bytes(value),
    Value => |value| Self::Value(value),
}

impl<T: Into<Out>> From<Option<T>> for Out {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
