//! `random_in_type('type', max, x -> …)`: random values of a type.

use weir_api::DataType;

use super::{Call, Function, built, conversion};
use crate::typed::{Literal, Typed};

/// What a number below the second argument is read from; the lambda is the plan's.
pub(crate) const NAME: &str = "random_in_type";

pub(super) const FUNCTIONS: &[Function] = &[Function {
    names: &[NAME],
    signature: "random_in_type('type'[, max[, x -> any]]) -> type",
    help: "A random value of the type, from a number below max; the lambda converts that number.",
    arguments: (1, 2),
    build: |call| {
        let (data_type, most) = arguments(call.args)?;
        value(call, &data_type, most)
    },
}];

/// The type, and what the numbers are below.
pub(crate) fn arguments(args: &[Typed]) -> Result<(DataType, Option<i64>), String> {
    let Some(Literal::Text(name)) = args.first().map(|arg| &arg.literal) else {
        return Err("the type is a text in quotes".to_string());
    };
    let most = match args.get(1).map(|arg| &arg.literal) {
        None => None,
        Some(Literal::Number(text)) => text.parse().ok().filter(|most| *most > 0),
        Some(_) => None,
    };
    if args.len() > 1 && most.is_none() {
        return Err("the second argument is a whole number above 0".to_string());
    }
    Ok((conversion::data_type(name)?, most))
}

/// A whole number from 0 on, below `most`.
pub(crate) fn below(most: i64) -> Typed {
    Typed::new(format!("abs(random() % {most})"), DataType::UInt(64))
}

fn value(call: &Call<'_>, data_type: &DataType, most: Option<i64>) -> Result<Typed, String> {
    const SHARE: &str = "abs(random() % 9007199254740992) / 9007199254740992.0";
    let float = |most: i64| Typed::new(format!("({SHARE} * {most})"), DataType::Float64);
    let made = match data_type.inner() {
        DataType::Int(bits) | DataType::UInt(bits) => {
            // All that are not negative, of wide types those of 63 bits.
            let all = match bits {
                ..64 => 1_i64 << (bits - 1),
                _ => i64::MAX,
            };
            below(most.unwrap_or(all))
        }
        DataType::Float32 | DataType::Float64 => float(most.unwrap_or(1)),
        DataType::Decimal { .. } => float(most.unwrap_or(100)),
        DataType::Bool => Typed::new("(random() & 1)", DataType::Bool),
        DataType::Date => below(most.unwrap_or(20_000)),
        DataType::DateTime { .. } | DataType::DateTime64 { .. } => {
            below(most.unwrap_or(2_000_000_000))
        }
        DataType::String | DataType::FixedString(_) => {
            let length = match data_type.inner() {
                DataType::FixedString(length) => i64::from(*length),
                _ => most.unwrap_or(16),
            };
            let length = length.min(1_000);
            let sql = format!("substr(lower(hex(randomblob({length}))), 1, {length})");
            Typed::new(sql, DataType::String)
        }
        DataType::Uuid => built(
            "uuid",
            &Call {
                args: &[],
                now_ms: call.now_ms,
            },
        )?,
        DataType::Ipv4 => {
            let number = below(most.unwrap_or(4_294_967_296)).cast(&DataType::UInt(32))?;
            built(
                "ipv4_num_to_string",
                &Call {
                    args: &[number],
                    now_ms: call.now_ms,
                },
            )?
        }
        DataType::Ipv6 => {
            let bytes = Typed::new("randomblob(16)", DataType::FixedString(16));
            built(
                "ipv6_num_to_string",
                &Call {
                    args: &[bytes],
                    now_ms: call.now_ms,
                },
            )?
        }
        other => return Err(format!("has no random values of {other}")),
    };
    made.cast(data_type)
}
