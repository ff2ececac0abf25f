//! Choice and NULL.

use weir_api::DataType;

use super::{Call, Function};
use crate::{
    typed::{Typed, compare, condition, equal, unified},
    types,
};

/// An operator of two values under a name.
macro_rules! comparison {
    ($name:literal, $symbol:literal, $help:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(any, any) -> bool"),
            help: $help,
            arguments: (2, 2),
            build: |call| compare($symbol, &call.args[0], &call.args[1]),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    comparison!("equals", "=", "As =."),
    comparison!("not_equals", "<>", "As !=."),
    comparison!("less", "<", "As <."),
    comparison!("less_or_equals", "<=", "As <=."),
    comparison!("greater", ">", "As >."),
    comparison!("greater_or_equals", ">=", "As >=."),
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
        names: &["is_zero_or_null"],
        signature: "is_zero_or_null(number) -> bool",
        help: "Whether the number is 0 or NULL.",
        arguments: (1, 1),
        build: |call| {
            let zero = equal(&call.args[0], &Typed::number("0")?)?;
            Ok(Typed::new(format!("coalesce({zero}, 1)"), DataType::Bool))
        },
    },
    Function {
        names: &["transform"],
        signature: "transform(any, array, array[, default]) -> any",
        help: "The element of the third at the value's place in the second, else the default or the value.",
        arguments: (3, 4),
        build: |call| {
            let place = super::built(
                "index_of",
                &call.with(&[call.args[1].clone(), call.args[0].clone()]),
            )?;
            let found = super::subscript(&call.args[2], &place)?;
            let default = call.args.get(3).unwrap_or(&call.args[0]);
            let test = Typed::new(format!("({} > 0)", place.sql), DataType::Bool);
            choose(&call.with(&[test, found, default.clone()]))
        },
    },
    Function {
        names: &["case_with_expression"],
        signature: "case_with_expression(any, value, then, …, otherwise) -> any",
        help: "What follows the first value that equals the first argument, else the last.",
        arguments: (4, 99),
        build: |call| {
            let Some((subject, rest)) = call.args.split_first() else {
                return Err("arguments are missing".to_string());
            };
            if rest.len().is_multiple_of(2) {
                return Err("takes pairs and a last value".to_string());
            }
            let last = rest.len() - 1;
            let pairs = rest.iter().enumerate().map(|(index, arg)| match index % 2 {
                0 if index < last => Ok(Typed::new(equal(subject, arg)?, DataType::Bool)),
                _ => Ok(arg.clone()),
            });
            choose(&call.with(&pairs.collect::<Result<Vec<_>, String>>()?))
        },
    },
    Function {
        names: &["throw_if"],
        signature: "throw_if(condition[, message]) -> uint8",
        help: "An error where the condition holds, else 0.",
        arguments: (1, 2),
        build: |call| {
            let message = if call.args.len() > 1 {
                call.text(1)?
            } else {
                "'throw_if: the condition holds'".to_string()
            };
            Ok(Typed::new(
                format!("_throw_if({}, {message})", condition(&call.args[0])?),
                DataType::UInt(8),
            ))
        },
    },
    Function {
        names: &["current_database"],
        signature: "current_database() -> string",
        help: "The database in which names are looked up: default.",
        arguments: (0, 0),
        build: |_| Ok(Typed::text("default")),
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
