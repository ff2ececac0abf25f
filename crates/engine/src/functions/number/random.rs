//! Random numbers and texts.

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{Call, Function, scalar},
    number,
};
use crate::{typed::Typed, value::Num};

macro_rules! random {
    ($names:expr, $signature:literal, $help:literal, $arguments:expr, $type:expr, $sql:expr) => {
        Function {
            names: &$names,
            signature: $signature,
            help: $help,
            arguments: $arguments,
            build: |call| {
                let floats: Result<Vec<_>, String> = (0..call.args.len())
                    .map(|index| {
                        number(call, index)?;
                        Ok(call.args[index].cast(&DataType::Float64)?.sql)
                    })
                    .collect();
                let sql: fn(&[String]) -> String = $sql;
                Ok(Typed::new(sql(&floats?), $type))
            },
        }
    };
}

/// SQL of so many random bytes as the argument says.
fn random_bytes(call: &Call<'_>) -> Result<String, String> {
    number(call, 0)?;
    let length = call.args[0].cast(&DataType::Int(64))?.sql;
    Ok(format!(
        "(SELECT CASE WHEN n > 0 THEN randomblob(n) WHEN n <= 0 THEN '' END FROM (SELECT {length} \
         AS n))"
    ))
}

/// A share from 0 to 1, both without.
const SHARE: &str = "(((random() & 9007199254740991) + 0.5) / 9007199254740992.0)";
/// Standard normal, by Box and Muller.
const NORMAL: &str = "_normal(random(), random())";

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    random!(
        ["rand", "rand32"],
        "rand([any]) -> uint32",
        "A random number.",
        (0, 1),
        DataType::UInt(32),
        |_| "(random() & 4294967295)".to_string()
    ),
    random!(
        ["rand64"],
        "rand64([any]) -> uint64",
        "A random number of 64 bits.",
        (0, 1),
        DataType::UInt(64),
        |_| "_unsigned(random())".to_string()
    ),
    random!(
        ["rand_canonical"],
        "rand_canonical() -> float64",
        "A random number from 0 to 1.",
        (0, 1),
        DataType::Float64,
        |_| SHARE.to_string()
    ),
    random!(
        ["rand_uniform"],
        "rand_uniform(low, high) -> float64",
        "A random number, evenly spread from low to high.",
        (2, 2),
        DataType::Float64,
        |args| format!("({0} + ({1} - {0}) * {SHARE})", args[0], args[1])
    ),
    Function {
        names: &["random_string", "random_fixed_string"],
        signature: "random_string(length) -> string",
        help: "So many random bytes.",
        arguments: (1, 1),
        build: |call| Ok(Typed::new(random_bytes(call)?, DataType::String)),
    },
    Function {
        names: &["random_printable_ascii"],
        signature: "random_printable_ascii(length) -> string",
        help: "So many random characters from the space to the tilde.",
        arguments: (1, 1),
        build: |call| {
            let sql = format!("_printable({})", random_bytes(call)?);
            Ok(Typed::new(sql, DataType::String))
        },
    },
    random!(
        ["rand_normal"],
        "rand_normal(mean, deviation) -> float64",
        "A random number, normally distributed.",
        (2, 2),
        DataType::Float64,
        |args| format!("({} + {} * {NORMAL})", args[0], args[1])
    ),
    random!(
        ["rand_log_normal"],
        "rand_log_normal(mean, deviation) -> float64",
        "A random number whose logarithm is normally distributed.",
        (2, 2),
        DataType::Float64,
        |args| format!("exp({} + {} * {NORMAL})", args[0], args[1])
    ),
    random!(
        ["rand_exponential"],
        "rand_exponential(rate) -> float64",
        "A random number, exponentially distributed.",
        (1, 1),
        DataType::Float64,
        |args| format!("(-ln({SHARE}) / {})", args[0])
    ),
    random!(
        ["rand_bernoulli"],
        "rand_bernoulli(share) -> uint64",
        "1 with that probability, else 0.",
        (1, 1),
        DataType::UInt(64),
        |args| format!("({SHARE} < {})", args[0])
    ),
];

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_unsigned", 1, |context| match context.get_raw(0) {
        ValueRef::Integer(bits) => Num::Int(bits.cast_unsigned().into()).write(&DataType::UInt(64)),
        _ => Ok(Value::Null),
    })?;
    scalar(conn, "_printable", 1, |context| {
        let bytes = match context.get_raw(0) {
            ValueRef::Blob(bytes) => bytes,
            ValueRef::Text(_) => &[],
            _ => return Ok(Value::Null),
        };
        let printable = bytes
            .iter()
            .map(|byte| char::from(b' ' + (u16::from(*byte) * 95 / 256) as u8));
        Ok(Value::Text(printable.collect()))
    })?;
    scalar(conn, "_normal", 2, |context| {
        let share = |index: usize| match context.get_raw(index) {
            ValueRef::Integer(bits) => {
                ((bits & 0x1f_ffff_ffff_ffff) as f64 + 0.5) / 9_007_199_254_740_992.0
            }
            _ => 0.5,
        };
        let angle = std::f64::consts::TAU * share(1);
        Ok(Value::Real((-2.0 * share(0).ln()).sqrt() * angle.cos()))
    })
}
