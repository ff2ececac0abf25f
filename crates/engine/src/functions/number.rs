//! Numbers.

use rusqlite::{Connection, types::Value};
use weir_api::DataType;

use super::{Call, Function, operators::binary, scalar};
use crate::{
    typed::Typed,
    types,
    value::{Num, Op, owned},
};

macro_rules! float {
    ($name:literal, $help:literal) => {
        float!([$name], $name, $help)
    };
    ([$($names:literal),*], $function:literal, $help:literal) => {
        Function {
            names: &[$($names),*],
            signature: concat!($function, "(number) -> float64"),
            help: $help,
            arguments: (1, 1),
            build: |call| {
                number(call, 0)?;
                Ok(call.typed(format!("_{}({})", $function, call.args[0].sql), DataType::Float64))
            },
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    float!("sqrt", "Square root."),
    float!("cbrt", "Cube root."),
    float!("exp", "e to the power of the number."),
    float!(["log", "ln"], "log", "Natural logarithm."),
    float!("log2", "Logarithm to base 2."),
    float!("log10", "Logarithm to base 10."),
    float!("sin", "Sine of radians."),
    float!("cos", "Cosine of radians."),
    float!("tan", "Tangent of radians."),
    Function {
        names: &["abs"],
        signature: "abs(number) -> number",
        help: "The number without its sign.",
        arguments: (1, 1),
        build: |call| {
            let data_type = number(call, 0)?.inner().clone();
            Ok(call.typed(format!("_abs({})", call.args[0].sql), data_type))
        },
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
    Function {
        names: &["round"],
        signature: "round(number[, digits]) -> number",
        help: "Rounded to so many fraction digits, half away from zero.",
        arguments: (1, 2),
        build: |call| rounded(call, "round"),
    },
    Function {
        names: &["floor"],
        signature: "floor(number[, digits]) -> number",
        help: "Rounded down.",
        arguments: (1, 2),
        build: |call| rounded(call, "floor"),
    },
    Function {
        names: &["ceil", "ceiling"],
        signature: "ceil(number[, digits]) -> number",
        help: "Rounded up.",
        arguments: (1, 2),
        build: |call| rounded(call, "ceil"),
    },
    Function {
        names: &["trunc", "truncate"],
        signature: "trunc(number[, digits]) -> number",
        help: "Rounded towards zero.",
        arguments: (1, 2),
        build: |call| rounded(call, "trunc"),
    },
    Function {
        names: &["pow", "power"],
        signature: "pow(number, exponent) -> float64",
        help: "The number to the power of the exponent.",
        arguments: (2, 2),
        build: |call| {
            number(call, 0)?;
            number(call, 1)?;
            Ok(call.typed(format!("_pow({})", call.list()), DataType::Float64))
        },
    },
    Function {
        names: &["mod", "modulo"],
        signature: "mod(number, number) -> number",
        help: "The remainder of a division.",
        arguments: (2, 2),
        build: |call| binary(Op::Modulo, &call.args[0], &call.args[1]),
    },
    Function {
        names: &["int_div"],
        signature: "int_div(integer, integer) -> integer",
        help: "Division without remainder.",
        arguments: (2, 2),
        build: |call| {
            let data_type = types::arithmetic(Op::Modulo, number(call, 0)?, number(call, 1)?)
                .ok_or("int_div takes whole numbers")?;
            Ok(Typed::new(
                format!("_op('/{}', {})", data_type.inner(), call.list()),
                data_type,
            ))
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
        names: &["rand", "rand32"],
        signature: "rand() -> uint32",
        help: "A random number.",
        arguments: (0, 0),
        build: |_| Ok(Typed::new("(random() & 4294967295)", DataType::UInt(32))),
    },
    Function {
        names: &["pi"],
        signature: "pi() -> float64",
        help: "3.14159…",
        arguments: (0, 0),
        build: |_| {
            Ok(Typed::new(
                format!("{:?}", std::f64::consts::PI),
                DataType::Float64,
            ))
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

fn rounded(call: &Call<'_>, function: &str) -> Result<Typed, String> {
    let data_type = number(call, 0)?.inner().clone();
    let digits = if call.args.len() > 1 {
        call.int(1)?
    } else {
        "0".to_string()
    };
    let value = if types::is_wide(&data_type) {
        call.args[0].cast(&DataType::Float64)?.sql
    } else {
        call.args[0].sql.clone()
    };
    let data_type = match data_type {
        DataType::Decimal { .. } => DataType::Float64,
        other if types::is_wide(&other) => return Ok(call.args[0].clone()),
        other => other,
    };
    Ok(call.typed(format!("_{function}({value}, {digits})"), data_type))
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

/// Registers a function of one float that is NULL where its argument is.
fn of_float(conn: &Connection, name: &str, function: fn(f64) -> f64) -> rusqlite::Result<()> {
    scalar(conn, name, 1, move |context| {
        match Num::read(context.get_raw(0))? {
            Some(number) => Num::Float(function(number.float())).write(&DataType::Float64),
            None => Ok(Value::Null),
        }
    })
}

fn rounding(conn: &Connection, name: &str, function: fn(f64) -> f64) -> rusqlite::Result<()> {
    scalar(conn, name, 2, move |context| {
        let (Some(number), Some(digits)) = (
            Num::read(context.get_raw(0))?,
            Num::read(context.get_raw(1))?,
        ) else {
            return Ok(Value::Null);
        };
        let digits = digits.float();
        if let (Num::Int(_), true) = (&number, digits >= 0.0) {
            return Ok(owned(context.get_raw(0)));
        }
        let factor = 10f64.powf(digits.abs().min(300.0));
        let rounded = if digits >= 0.0 {
            let scaled = number.float() * factor;
            // Beyond that there are no fraction digits to round.
            if scaled.abs() < 9e15 {
                function(scaled) / factor
            } else {
                number.float()
            }
        } else {
            function(number.float() / factor) * factor
        };
        match number {
            Num::Int(_) => Num::Float(rounded).write(&DataType::Int(64)),
            _ => Num::Float(rounded).write(&DataType::Float64),
        }
    })
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    of_float(conn, "_sqrt", f64::sqrt)?;
    of_float(conn, "_cbrt", f64::cbrt)?;
    of_float(conn, "_exp", f64::exp)?;
    of_float(conn, "_log", f64::ln)?;
    of_float(conn, "_log2", f64::log2)?;
    of_float(conn, "_log10", f64::log10)?;
    of_float(conn, "_sin", f64::sin)?;
    of_float(conn, "_cos", f64::cos)?;
    of_float(conn, "_tan", f64::tan)?;
    rounding(conn, "_round", f64::round)?;
    rounding(conn, "_floor", f64::floor)?;
    rounding(conn, "_ceil", f64::ceil)?;
    rounding(conn, "_trunc", f64::trunc)?;
    scalar(conn, "_pow", 2, |context| {
        match (
            Num::read(context.get_raw(0))?,
            Num::read(context.get_raw(1))?,
        ) {
            (Some(base), Some(exponent)) => {
                Num::Float(base.float().powf(exponent.float())).write(&DataType::Float64)
            }
            _ => Ok(Value::Null),
        }
    })?;
    scalar(conn, "_abs", 1, |context| {
        match Num::read(context.get_raw(0))? {
            Some(Num::Int(number)) if number >= 0 => Ok(owned(context.get_raw(0))),
            Some(Num::Int(number)) => Num::Int(-number).write(&DataType::Int(64)),
            Some(Num::Float(number)) => Num::Float(number.abs()).write(&DataType::Float64),
            Some(Num::Wide { .. }) => {
                let text = context
                    .get_raw(0)
                    .as_str()
                    .map_err(|error| error.to_string())?;
                Ok(Value::Text(text.trim_start_matches('-').to_string()))
            }
            None => Ok(Value::Null),
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
