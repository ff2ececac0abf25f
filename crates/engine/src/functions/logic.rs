//! Choice and NULL.

use weir_api::DataType;

use super::{Call, Function};
use crate::{
    typed::{Typed, condition, equal, unified},
    types,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["if"],
        signature: "if(condition, then, otherwise) -> any",
        help: "One of two values.",
        arguments: (3, 3),
        build: |call| choose(call),
    },
    Function {
        names: &["multi_if"],
        signature: "multi_if(condition, then, …, otherwise) -> any",
        help: "The value after the first condition that holds, else the last.",
        arguments: (3, 99),
        build: |call| {
            if call.args.len().is_multiple_of(2) {
                return Err("multi_if takes pairs and a last value".to_string());
            }
            choose(call)
        },
    },
    Function {
        names: &["coalesce", "if_null", "ifnull"],
        signature: "coalesce(any, …) -> any",
        help: "The first value that is not NULL.",
        arguments: (1, 100),
        build: |call| {
            let all = unified(call.args)?;
            let Some(first) = all.first() else {
                return Ok(Typed::null());
            };
            let null = call.args.iter().all(|arg| arg.data_type.is_nullable());
            let data_type = types::nullable_if(first.data_type.inner().clone(), null);
            if all.len() == 1 {
                return Ok(Typed::new(first.sql.clone(), data_type));
            }
            let list: Vec<_> = all.iter().map(|typed| typed.sql.as_str()).collect();
            Ok(Typed::new(
                format!("coalesce({})", list.join(", ")),
                data_type,
            ))
        },
    },
    Function {
        names: &["null_if", "nullif"],
        signature: "null_if(any, any) -> any",
        help: "NULL where both are equal, else the first.",
        arguments: (2, 2),
        build: |call| {
            let equal = equal(&call.args[0], &call.args[1])?;
            let value = &call.args[0];
            Ok(Typed::new(
                format!("CASE WHEN {equal} THEN NULL ELSE {} END", value.sql),
                types::nullable(value.data_type.inner().clone()),
            ))
        },
    },
    Function {
        names: &["is_null"],
        signature: "is_null(any) -> bool",
        help: "Whether the value is NULL.",
        arguments: (1, 1),
        build: |call| {
            Ok(Typed::new(
                format!("({} IS NULL)", call.args[0].sql),
                DataType::Bool,
            ))
        },
    },
    Function {
        names: &["is_not_null"],
        signature: "is_not_null(any) -> bool",
        help: "Whether the value is not NULL.",
        arguments: (1, 1),
        build: |call| {
            Ok(Typed::new(
                format!("({} IS NOT NULL)", call.args[0].sql),
                DataType::Bool,
            ))
        },
    },
    Function {
        names: &["is_nan"],
        signature: "is_nan(number) -> bool",
        help: "Whether the value is not a number.",
        arguments: (1, 1),
        build: |call| Ok(call.typed(format!("({} IS 'nan')", call.args[0].sql), DataType::Bool)),
    },
];

/// Pairs of condition and value, and a last value.
fn choose(call: &Call<'_>) -> Result<Typed, String> {
    let values: Vec<Typed> = call
        .args
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 2 == 1 || index + 1 == call.args.len())
        .map(|(_, arg)| arg.clone())
        .collect();
    let values = unified(&values)?;
    let mut sql = String::from("CASE");
    for (index, value) in values.iter().enumerate() {
        match call
            .args
            .get(index * 2)
            .filter(|_| index + 1 < values.len())
        {
            Some(when) => sql.push_str(&format!(" WHEN {} THEN {}", condition(when)?, value.sql)),
            None => sql.push_str(&format!(" ELSE {} END", value.sql)),
        }
    }
    let data_type = values
        .first()
        .map_or(DataType::String, |value| value.data_type.clone());
    Ok(Typed::new(sql, data_type))
}
