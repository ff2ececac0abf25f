//! Numbers.

pub(super) mod math;
pub(super) mod random;
pub(super) mod readable;
mod round;

use rusqlite::{Connection, types::Value};
use weir_api::DataType;

use super::{Call, Function, operators::binary, scalar};
use crate::{
    typed::{Typed, condition},
    types,
    value::{Num, Op},
};

macro_rules! operator {
    ($name:literal $(| $alias:literal)*, $op:expr, $help:literal) => {
        Function {
            names: &[$name $(, $alias)*],
            signature: concat!($name, "(number, number) -> number"),
            help: $help,
            arguments: (2, 2),
            build: |call| binary($op, &call.args[0], &call.args[1]),
        }
    };
}

macro_rules! whole {
    ($name:literal, $form:expr, $help:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(number, number) -> number"),
            help: $help,
            arguments: (2, 2),
            build: |call| divided(call, $form),
        }
    };
}

macro_rules! rounded {
    ($names:expr, $function:literal, $help:literal) => {
        Function {
            names: &$names,
            signature: concat!($function, "(number[, digits]) -> number"),
            help: $help,
            arguments: (1, 2),
            build: |call| rounded(call, $function),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["abs"],
        signature: "abs(number) -> number",
        help: "The number without its sign; of whole numbers unsigned.",
        arguments: (1, 1),
        build: |call| {
            let data_type = match number(call, 0)?.inner() {
                DataType::Int(bits) => DataType::UInt(*bits),
                DataType::Bool => DataType::UInt(8),
                other => other.clone(),
            };
            let sql = format!("_abs('{data_type}', {})", call.args[0].sql);
            Ok(call.typed(sql, data_type))
        },
    },
    Function {
        names: &["negate"],
        signature: "negate(number) -> number",
        help: "The number with the other sign; -x is the same.",
        arguments: (1, 1),
        build: |call| negated(&call.args[0]),
    },
    Function {
        names: &["sign"],
        signature: "sign(number) -> int8",
        help: "-1, 0 or 1.",
        arguments: (1, 1),
        build: |call| {
            number(call, 0)?;
            Ok(call.typed(format!("_sign({})", call.args[0].sql), DataType::Int(8)))
        },
    },
    rounded!(
        ["round"],
        "round",
        "Rounded to so many fraction digits; halves of floats to the even digit, of others away from zero."
    ),
    rounded!(
        ["round_bankers"],
        "round_bankers",
        "Rounded to so many fraction digits, halves to the even digit."
    ),
    rounded!(["floor"], "floor", "Rounded down."),
    rounded!(["ceil", "ceiling"], "ceil", "Rounded up."),
    rounded!(["trunc", "truncate"], "trunc", "Rounded towards zero."),
    operator!("plus", Op::Add, "The sum."),
    operator!("minus", Op::Subtract, "The difference."),
    operator!("multiply", Op::Multiply, "The product."),
    operator!("divide", Op::Divide, "The quotient as a float64."),
    operator!(
        "mod" | "modulo",
        Op::Modulo,
        "The remainder of a division, with the sign of the first."
    ),
    whole!("int_div", "/", "Division without remainder."),
    whole!(
        "int_div_or_zero",
        "/0",
        "Division without remainder; 0 where it is by 0."
    ),
    whole!(
        "modulo_or_zero",
        "%0",
        "The remainder of a division; 0 where it is by 0."
    ),
    Function {
        names: &["positive_modulo", "pmod"],
        signature: "positive_modulo(number, number) -> number",
        help: "The remainder of a division, never negative.",
        arguments: (2, 2),
        build: |call| {
            let rest = binary(Op::Modulo, &call.args[0], &call.args[1])?;
            let size = Typed::new(
                format!("_abs('{}', {})", rest.data_type.inner(), call.args[1].sql),
                call.args[1].data_type.clone(),
            );
            let again = binary(Op::Modulo, &binary(Op::Add, &rest, &size)?, &size)?;
            again.cast(&rest.data_type)
        },
    },
    Function {
        names: &["greatest"],
        signature: "greatest(any, any, …) -> any",
        help: "The greatest of the values; NULL if one is NULL.",
        arguments: (1, 100),
        build: |call| extreme(call, "max"),
    },
    Function {
        names: &["least"],
        signature: "least(any, any, …) -> any",
        help: "The least of the values; NULL if one is NULL.",
        arguments: (1, 100),
        build: |call| extreme(call, "min"),
    },
    Function {
        names: &["max2"],
        signature: "max2(number, number) -> float64",
        help: "The greater of two numbers.",
        arguments: (2, 2),
        build: |call| extreme(call, "max")?.cast(&DataType::Float64),
    },
    Function {
        names: &["min2"],
        signature: "min2(number, number) -> float64",
        help: "The lesser of two numbers.",
        arguments: (2, 2),
        build: |call| extreme(call, "min")?.cast(&DataType::Float64),
    },
    Function {
        names: &["clamp"],
        signature: "clamp(any, low, high) -> any",
        help: "The value, but not below low and not above high.",
        arguments: (3, 3),
        build: |call| {
            let low = extreme(&call.with(&call.args[..2]), "max")?;
            extreme(&call.with(&[low, call.args[2].clone()]), "min")
        },
    },
    Function {
        names: &["xor"],
        signature: "xor(bool, bool, …) -> bool",
        help: "Whether an odd number of the conditions hold.",
        arguments: (2, 100),
        build: |call| {
            let all: Result<Vec<_>, _> = call
                .args
                .iter()
                .map(|arg| Ok(format!("({} <> 0)", condition(arg)?)))
                .collect();
            let all: Vec<String> = all.map_err(|message: String| message)?;
            Ok(call.typed(format!("(({}) % 2 = 1)", all.join(" + ")), DataType::Bool))
        },
    },
];

fn number<'a>(call: &'a Call<'_>, index: usize) -> Result<&'a DataType, String> {
    let data_type = &call.args[index].data_type;
    if data_type.is_numeric() || *data_type.inner() == DataType::Bool {
        Ok(data_type)
    } else {
        Err(format!(
            "argument {} is a number, not {data_type}",
            index + 1
        ))
    }
}

/// With the other sign, in a type that holds it.
pub(crate) fn negated(value: &Typed) -> Result<Typed, String> {
    let null = value.data_type.is_nullable();
    match value.data_type.inner() {
        DataType::Decimal { .. } => {
            let data_type = value.data_type.inner().clone();
            let sql = format!("_negate('{data_type}', {})", value.sql);
            Ok(Typed::new(sql, types::nullable_if(data_type, null)))
        }
        // 0 - 0 would lose the sign.
        float @ (DataType::Float32 | DataType::Float64) => {
            let sql = format!("_negate('{float}', {})", value.sql);
            Ok(Typed::new(sql, types::nullable_if(float.clone(), null)))
        }
        _ => binary(Op::Subtract, &Typed::number("0")?, value),
    }
}

fn divided(call: &Call<'_>, form: &str) -> Result<Typed, String> {
    let (left, right) = (number(call, 0)?, number(call, 1)?);
    let data_type = types::arithmetic(Op::Modulo, left, right).ok_or("takes numbers")?;
    let data_type = match data_type.inner() {
        // Whole numbers come of floats too.
        DataType::Float64 if form.starts_with('/') => {
            types::nullable_if(DataType::Int(64), call.nullable())
        }
        _ => data_type,
    };
    let list = call.list();
    let sql = format!("_op('{}{}', {list})", &form[..1], data_type.inner());
    let sql = match form.ends_with('0') {
        true => format!("CASE WHEN {} = 0 THEN 0 ELSE {sql} END", call.args[1].sql),
        false => sql,
    };
    Ok(Typed::new(sql, data_type))
}

fn rounded(call: &Call<'_>, function: &str) -> Result<Typed, String> {
    let data_type = match number(call, 0)?.inner() {
        DataType::Bool => DataType::UInt(8),
        other => other.clone(),
    };
    let digits = if call.args.len() > 1 {
        call.int(1)?
    } else {
        "0".to_string()
    };
    let sql = format!(
        "_round('{function} {data_type}', {}, {digits})",
        call.args[0].sql
    );
    Ok(call.typed(sql, data_type))
}

fn extreme(call: &Call<'_>, function: &str) -> Result<Typed, String> {
    let all = crate::typed::unified(call.args)?;
    if let [only] = all.as_slice() {
        return Ok(only.clone());
    }
    let list: Vec<_> = all.iter().map(Typed::ordered).collect();
    let data_type = all
        .first()
        .map_or(DataType::String, |typed| typed.data_type.inner().clone());
    Ok(call.typed(format!("{function}({})", list.join(", ")), data_type))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    round::register(conn)?;
    random::register(conn)?;
    let signed = |conn: &Connection, name: &str, change: fn(Num) -> Num| {
        scalar(conn, name, 2, move |context| {
            let data_type = super::parsed(context, DataType::parse)?;
            match Num::read(context.get_raw(1))? {
                Some(number) => change(number).write(&data_type),
                None => Ok(Value::Null),
            }
        })
    };
    signed(conn, "_negate", Num::negated)?;
    signed(conn, "_abs", |number| {
        if number.is_negative() {
            number.negated()
        } else {
            number
        }
    })?;
    scalar(conn, "_sign", 1, |context| {
        Ok(
            Num::read(context.get_raw(0))?.map_or(Value::Null, |number| {
                let number = number.float();
                Value::Integer(i64::from(number > 0.0) - i64::from(number < 0.0))
            }),
        )
    })
}
