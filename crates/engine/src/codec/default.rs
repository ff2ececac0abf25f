//! What a column holds when a row does not say.

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::encode::encode_value;

/// NULL where allowed, else the type's zero: 0, an empty text or container, 1970-01-01.
pub fn default_value(data_type: &DataType) -> Value {
    match data_type {
        DataType::Nullable(_) => Value::Null,
        DataType::LowCardinality(inner) => default_value(inner),
        DataType::Bool
        | DataType::Int(8..=64)
        | DataType::UInt(8..=64)
        | DataType::Date
        | DataType::DateTime { .. }
        | DataType::DateTime64 { .. } => Value::Integer(0),
        DataType::Int(_) | DataType::UInt(_) | DataType::Decimal { scale: 0, .. } => {
            Value::Text("0".into())
        }
        DataType::Decimal { scale, .. } => {
            Value::Text(format!("0.{:0<width$}", "", width = usize::from(*scale)))
        }
        DataType::Float32 | DataType::Float64 => Value::Real(0.0),
        DataType::String | DataType::FixedString(_) => Value::Text(String::new()),
        DataType::Uuid => Value::Text("00000000-0000-0000-0000-000000000000".into()),
        DataType::Ipv4 => Value::Text("0.0.0.0".into()),
        DataType::Ipv6 => Value::Text("::".into()),
        DataType::Enum(definition) => {
            Value::Text(definition.split('\'').nth(1).unwrap_or_default().into())
        }
        DataType::Json | DataType::Map(..) => Value::Text("{}".into()),
        DataType::Array(_) => Value::Text("[]".into()),
        DataType::Tuple(fields) => {
            let mut out = vec![b'['];
            for (index, (_, field)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                encode_value(
                    &mut out,
                    field.inner(),
                    ValueRef::from(&default_value(field)),
                );
            }
            out.push(b']');
            Value::Text(String::from_utf8_lossy(&out).into_owned())
        }
    }
}
