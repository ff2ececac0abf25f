//! State of aggregates as JSON. Floats are kept by their bits, because NaN, infinities and the
//! last digit have to survive.

use rusqlite::types::Value;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

/// An SQLite value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    Null(()),
    Integer(i64),
    Text(String),
    Real { real: Bits },
    Blob { blob: Bytes },
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null(()),
            Value::Integer(number) => Self::Integer(*number),
            Value::Real(number) => Self::Real {
                real: Bits(*number),
            },
            Value::Text(text) => Self::Text(text.clone()),
            Value::Blob(bytes) => Self::Blob {
                blob: Bytes(bytes.clone()),
            },
        }
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null(()) => Self::Null,
            Cell::Integer(number) => Self::Integer(number),
            Cell::Real { real } => Self::Real(real.0),
            Cell::Text(text) => Self::Text(text),
            Cell::Blob { blob } => Self::Blob(blob.0),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits(pub(crate) f64);

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.to_bits())
    }
}

impl<'de> Deserialize<'de> for Bits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|bits| Self(f64::from_bits(bits)))
    }
}

/// Written as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
        let text: String = self
            .0
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("hexadecimal digits expected"))
    }
}

pub(super) fn save(state: &impl Serialize) -> Result<serde_json::Value, String> {
    serde_json::to_value(state).map_err(|error| error.to_string())
}

pub(super) fn restore<T: DeserializeOwned>(saved: serde_json::Value) -> Result<T, String> {
    serde_json::from_value(saved).map_err(|error| format!("saved state of an aggregate: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_as_text() {
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(-0.0),
            Value::Real(f64::INFINITY),
            Value::Real(0.1 + 0.2),
            Value::Text("ü\n\"".into()),
            Value::Blob(u64::MAX.to_be_bytes().to_vec()),
        ];
        let cells: Vec<Cell> = values.iter().map(Cell::from).collect();
        let text = serde_json::to_string(&cells).unwrap();
        let read: Vec<Cell> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, cells, "{text}");
        assert!(serde_json::from_str::<Bytes>(r#""0g""#).is_err());
        assert!(serde_json::from_str::<Bytes>(r#""abc""#).is_err());
    }
}
