//! `empty_array_uint8()` and its kind.

use weir_api::DataType;

use super::super::{Call, Function};
use crate::typed::Typed;

macro_rules! empty {
    ($name:literal, $item:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "() -> array(", $item, ")"),
            help: "An array without elements.",
            arguments: (0, 0),
            build: |call| of(call, $item),
        }
    };
}

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    empty!("empty_array_uint8", "uint8"),
    empty!("empty_array_uint16", "uint16"),
    empty!("empty_array_uint32", "uint32"),
    empty!("empty_array_uint64", "uint64"),
    empty!("empty_array_int8", "int8"),
    empty!("empty_array_int16", "int16"),
    empty!("empty_array_int32", "int32"),
    empty!("empty_array_int64", "int64"),
    empty!("empty_array_float32", "float32"),
    empty!("empty_array_float64", "float64"),
    empty!("empty_array_date", "date"),
    empty!("empty_array_datetime", "datetime"),
    empty!("empty_array_string", "string"),
];

fn of(call: &Call<'_>, item: &str) -> Result<Typed, String> {
    let item = Box::new(DataType::parse(item)?);
    Ok(call.typed("'[]'".to_string(), DataType::Array(item)))
}
