//! Documents. Paths are keys and positions (from 1), one argument each.

use rusqlite::{
    Connection,
    functions::Context,
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{Call, Function, collection, parsed, scalar, text_arg};
use crate::{
    typed::{Typed, escape},
    types,
};

macro_rules! extract {
    ($name:literal, $type_name:literal, $type:expr) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(json, key, …) -> ", $type_name),
            help: concat!("The ", $type_name, " at the path; NULL if there is none."),
            arguments: (1, 20),
            build: |call| path(call, "_json_at", $type),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    extract!("json_extract_string", "string", DataType::String),
    extract!("json_extract_int", "int64", DataType::Int(64)),
    extract!("json_extract_uint", "uint64", DataType::UInt(64)),
    extract!("json_extract_float", "float64", DataType::Float64),
    extract!("json_extract_bool", "bool", DataType::Bool),
    extract!("json_extract_raw", "json", DataType::Json),
    Function {
        names: &["json_has"],
        signature: "json_has(json, key, …) -> bool",
        help: "Whether there is a value at the path.",
        arguments: (2, 20),
        build: |call| {
            let at = path(call, "_json_at", DataType::Json)?;
            Ok(Typed::new(
                format!("({} IS NOT NULL)", at.sql),
                DataType::Bool,
            ))
        },
    },
    Function {
        names: &["json_length"],
        signature: "json_length(json) -> uint64",
        help: "Elements of an array or members of an object.",
        arguments: (1, 1),
        build: |call| Ok(call.typed(format!("_elements({})", call.text(0)?), DataType::UInt(64))),
    },
    Function {
        names: &["to_json_string"],
        signature: "to_json_string(any) -> string",
        help: "The value as JSON.",
        arguments: (1, 1),
        build: |call| {
            let arg = &call.args[0];
            let data_type = escape(&arg.data_type.to_string());
            Ok(Typed::new(
                format!("_json('{data_type}', {})", arg.sql),
                DataType::String,
            ))
        },
    },
    Function {
        names: &["is_valid_json"],
        signature: "is_valid_json(string) -> bool",
        help: "Whether the text is JSON.",
        arguments: (1, 1),
        build: |call| Ok(call.typed(format!("json_valid({})", call.text(0)?), DataType::Bool)),
    },
];

fn path(call: &Call<'_>, function: &str, data_type: DataType) -> Result<Typed, String> {
    let mut sql = format!(
        "{function}('{}', {}",
        escape(&data_type.to_string()),
        call.text(0)?
    );
    for (index, arg) in call.args.iter().enumerate().skip(1) {
        let numeric = arg.data_type.is_numeric();
        sql.push_str(", ");
        sql.push_str(&if numeric {
            call.int(index)?
        } else {
            call.text(index)?
        });
    }
    sql.push(')');
    Ok(Typed::new(sql, types::nullable(data_type)))
}

fn at(context: &Context<'_>) -> Result<Option<String>, String> {
    let Some(text) = text_arg(context, 1)? else {
        return Ok(None);
    };
    let mut current = text.to_string();
    for index in 2..context.len() {
        let next = match context.get_raw(index) {
            ValueRef::Integer(n) => {
                let items = collection::items(&current);
                collection::position(n, items.len())
                    .and_then(|i| items.get(i))
                    .map(|j| j.get().to_string())
            }
            ValueRef::Text(key) => collection::members(&current)
                .into_iter()
                .rev()
                .find(|(name, _)| name.as_bytes() == key)
                .map(|(_, json): (String, Box<RawValue>)| json.get().to_string()),
            _ => None,
        };
        match next {
            Some(next) => current = next,
            None => return Ok(None),
        }
    }
    Ok(Some(current))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_json_at", -1, |context| {
        let data_type = parsed(context, DataType::parse)?;
        Ok(at(context)?.map_or(Value::Null, |json| match &*data_type {
            // An object or array as text is itself.
            DataType::String if json.starts_with(['{', '[']) => Value::Text(json),
            other => collection::decode(&json, other),
        }))
    })?;
    scalar(conn, "_json", 2, |context| {
        let data_type = parsed(context, DataType::parse)?;
        Ok(Value::Text(collection::encode(
            context.get_raw(1),
            &data_type,
        )))
    })
}
