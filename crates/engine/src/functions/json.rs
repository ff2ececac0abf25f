//! Documents. Paths are keys and positions (from 1), one argument each, or `$.a[0].b`.

mod compact;
mod extract;
mod path;

use weir_api::DataType;

pub(super) use self::extract::register;
use self::{compact::compact, path::Path};
use super::{
    Call, Function, collection,
    native::{Args, Native, Out, native},
};
use crate::{
    typed::{Literal, Typed, escape},
    types,
};

macro_rules! extract {
    ($name:literal $(| $alias:literal)*, $type_name:literal, $type:expr, $help:literal) => {
        Function {
            names: &[$name $(, $alias)*],
            signature: concat!($name, "(json, key | n, …) -> ", $type_name),
            help: concat!($help, " at the path; the type's zero if there is none."),
            arguments: (1, 20),
            build: |call| at_path(call, "_json_at", call.args, $type),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    extract!(
        "json_extract_string" | "simple_json_extract_string" | "visit_param_extract_string",
        "string",
        DataType::String,
        "The text, of an object or array as JSON,"
    ),
    extract!(
        "json_extract_int" | "simple_json_extract_int" | "visit_param_extract_int",
        "int64",
        DataType::Int(64),
        "The whole number"
    ),
    extract!(
        "json_extract_uint" | "simple_json_extract_uint" | "visit_param_extract_uint",
        "uint64",
        DataType::UInt(64),
        "The whole number"
    ),
    extract!(
        "json_extract_float" | "simple_json_extract_float" | "visit_param_extract_float",
        "float64",
        DataType::Float64,
        "The number"
    ),
    extract!(
        "json_extract_bool" | "simple_json_extract_bool" | "visit_param_extract_bool",
        "bool",
        DataType::Bool,
        "The truth value"
    ),
    Function {
        names: &["json_extract"],
        signature: "json_extract(json, key | n, …, 'type') -> type",
        help: "The value of the type at the path.",
        arguments: (2, 20),
        build: |call| {
            let Some((last, rest)) = call.args.split_last() else {
                return Err("a type is missing".to_string());
            };
            let Literal::Text(name) = &last.literal else {
                return Err("the last argument is a type in quotes".to_string());
            };
            if name.starts_with('$') {
                return Err(
                    "the last argument is a type in quotes, and keys stand before it: \
                            json_value(json, '$.a') takes a path"
                        .to_string(),
                );
            }
            at_path(call, "_json_at", rest, super::data_type(name)?)
        },
    },
    Function {
        names: &[
            "json_extract_raw",
            "simple_json_extract_raw",
            "visit_param_extract_raw",
        ],
        signature: "json_extract_raw(json, key | n, …) -> string",
        help: "The value at the path, without blanks; empty if missing.",
        arguments: (1, 20),
        build: |call| at_path(call, "_json_raw", call.args, DataType::String),
    },
    Function {
        names: &["json_extract_array"],
        signature: "json_extract_array(json, key | n, …) -> array(string)",
        help: "The elements of the array at the path as text.",
        arguments: (1, 20),
        build: |call| {
            at_path(
                call,
                "_json_texts",
                call.args,
                DataType::Array(Box::new(DataType::String)),
            )
        },
    },
    Function {
        names: &["json_extract_array_raw"],
        signature: "json_extract_array_raw(json, key | n, …) -> array(string)",
        help: "The elements of the array at the path as JSON, without blanks.",
        arguments: (1, 20),
        build: |call| {
            at_path(
                call,
                "_json_raws",
                call.args,
                DataType::Array(Box::new(DataType::String)),
            )
        },
    },
    Function {
        names: &["json_extract_keys"],
        signature: "json_extract_keys(json, key | n, …) -> array(string)",
        help: "The keys of the object at the path.",
        arguments: (1, 20),
        build: |call| {
            at_path(
                call,
                "_json_keys",
                call.args,
                DataType::Array(Box::new(DataType::String)),
            )
        },
    },
    Function {
        names: &["json_extract_keys_and_values_raw"],
        signature: "json_extract_keys_and_values_raw(json, key | n, …) -> array(tuple(string, string))",
        help: "Keys and values of the object at the path, as JSON without blanks.",
        arguments: (1, 20),
        build: |call| at_path(call, "_json_pairs", call.args, pairs(DataType::String)),
    },
    Function {
        names: &["json_extract_keys_and_values"],
        signature: "json_extract_keys_and_values(json, key | n, …, 'type') -> array(tuple(string, type))",
        help: "Keys and values of the type of the object at the path.",
        arguments: (2, 20),
        build: |call| {
            let Some((last, rest)) = call.args.split_last() else {
                return Err("a type is missing".to_string());
            };
            let Literal::Text(name) = &last.literal else {
                return Err("the last argument is a type in quotes".to_string());
            };
            at_path(
                call,
                "_json_typed_pairs",
                rest,
                pairs(super::data_type(name)?),
            )
        },
    },
    Function {
        names: &["json_has", "simple_json_has", "visit_param_has"],
        signature: "json_has(json, key | n, …) -> bool",
        help: "Whether there is a value, or null, at the path.",
        arguments: (1, 20),
        build: |call| at_path(call, "_json_has", call.args, DataType::Bool),
    },
    Function {
        names: &["json_length"],
        signature: "json_length(json, key | n, …) -> uint64",
        help: "Elements of the array or members of the object at the path.",
        arguments: (1, 20),
        build: |call| at_path(call, "_json_length", call.args, DataType::UInt(64)),
    },
    Function {
        names: &["json_type"],
        signature: "json_type(json, key | n, …) -> string",
        help: "The type of the value at the path: Object, Array, String, Int64, UInt64, Double, Bool or Null.",
        arguments: (1, 20),
        build: |call| at_path(call, "_json_type", call.args, DataType::String),
    },
    Function {
        names: &["to_json_string"],
        signature: "to_json_string(any) -> string",
        help: "The value as JSON.",
        arguments: (1, 1),
        build: |call| {
            let arg = call.args[0].clone().value()?;
            let data_type = escape(&arg.data_type.to_string());
            Ok(Typed::new(
                format!("_json('{data_type}', {})", arg.sql),
                DataType::String,
            ))
        },
    },
];

pub(super) const NATIVE: &[Native] = &[
    native(
        "is_valid_json(string) -> bool",
        "Whether the text is JSON.",
        |a| {
            Ok(serde_json::from_str::<serde::de::IgnoredAny>(a.text(0)?)
                .is_ok()
                .into())
        },
    ),
    native(
        "json_array_length(string) -> uint64",
        "Elements of the array; NULL where it is none.",
        |a| {
            let text = a.text(0)?;
            if !text.trim_start().starts_with('[') {
                return Ok(Out::Null);
            }
            Ok(collection::items(text).len().into())
        },
    ),
    native(
        "json_key(string, integer) -> string",
        "The key of the n-th member of the object.",
        |a| {
            let members = collection::members(a.text(0)?);
            let place = collection::position(a.int(1)? as i64, members.len());
            Ok(place
                .and_then(|place| members.get(place))
                .map_or(String::new(), |(key, _)| key.clone())
                .into())
        },
    ),
    native(
        "json_value(string, string) -> string",
        "The text, number or truth value at a path like $.a[0].b; empty if there is none.",
        |a| {
            let path = Path::parse(a.text(1)?)?;
            let found = path
                .all(a.text(0)?)
                .into_iter()
                .find(|json| !json.starts_with(['{', '[']));
            Ok(found
                .map_or(String::new(), |json| {
                    if json == "null" {
                        String::new()
                    } else {
                        collection::plain(&json)
                    }
                })
                .into())
        },
    ),
    native(
        "json_query(string, string) -> string",
        "The objects and arrays, else the value, at a path like $.a[*].b in brackets; empty if there is none.",
        |a| {
            let found = Path::parse(a.text(1)?)?.all(a.text(0)?);
            let found: Vec<_> = found.iter().map(|json| compact(json)).collect();
            Ok(if found.is_empty() {
                String::new()
            } else {
                format!("[{}]", found.join(", "))
            }
            .into())
        },
    ),
    native(
        "json_exists(string, string) -> bool",
        "Whether there is a value at a path like $.a[0].b.",
        |a| Ok((!Path::parse(a.text(1)?)?.all(a.text(0)?).is_empty()).into()),
    ),
    native(
        "json_merge_patch(string, string…) -> string",
        "The documents as one, after RFC 7396: later values take the place of earlier ones.",
        |a| {
            let mut merged = serde_json::Value::Null;
            for index in 0..a.len() {
                let patch = serde_json::from_str(a.text(index)?)
                    .map_err(|error| format!("argument {} is not JSON: {error}", index + 1))?;
                merge(&mut merged, patch);
            }
            Ok(merged.to_string().into())
        },
    ),
    native("_json_object(string, any…) -> string", "", object),
];

fn pairs(value: DataType) -> DataType {
    let fields = vec![(String::new(), DataType::String), (String::new(), value)];
    DataType::Array(Box::new(DataType::Tuple(fields)))
}

/// serde_json limits how deeply documents are nested.
fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *into = patch;
        return;
    };
    if !into.is_object() {
        *into = serde_json::Value::Object(serde_json::Map::new());
    }
    if let serde_json::Value::Object(members) = into {
        for (key, value) in patch {
            if value.is_null() {
                members.remove(&key);
            } else {
                merge(members.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
    }
}

/// Keys as a JSON array, then their values.
fn object(a: &Args<'_>) -> Result<Out, String> {
    let keys = a.texts(0)?;
    let members = keys.iter().enumerate().map(|(index, key)| {
        format!(
            "{}:{}",
            serde_json::Value::from(key.as_str()),
            a.json(index + 1)
        )
    });
    Ok(Out::Text(format!(
        "{{{}}}",
        members.collect::<Vec<_>>().join(",")
    )))
}

fn at_path(
    call: &Call<'_>,
    function: &str,
    args: &[Typed],
    data_type: DataType,
) -> Result<Typed, String> {
    let call = call.with(args);
    let mut sql = format!(
        "{function}('{}', {}",
        escape(&data_type.to_string()),
        call.text(0)?
    );
    for (index, arg) in args.iter().enumerate().skip(1) {
        let numeric = arg.data_type.is_numeric();
        sql.push_str(", ");
        sql.push_str(&if numeric {
            call.int(index)?
        } else {
            call.text(index)?
        });
    }
    sql.push(')');
    Ok(Typed::new(
        sql,
        types::nullable_if(data_type, call.nullable()),
    ))
}
