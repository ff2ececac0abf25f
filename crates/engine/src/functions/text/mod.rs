//! Text. Lengths and positions count characters, but for `length`, which counts bytes.

pub(super) mod distance;
pub(super) mod form;
pub(super) mod ngram;
pub(super) mod pattern;
pub(super) mod printf;
pub(super) mod search;
pub(super) mod split;

use weir_api::DataType;

use super::{Call, Function};
use crate::typed::Typed;

macro_rules! test {
    ($name:literal, $function:literal, $not:literal, $help:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(string, pattern) -> bool"),
            help: $help,
            arguments: (2, 2),
            build: |call| {
                let sql = format!(
                    "{}{}({}, {})",
                    $not,
                    $function,
                    call.text(1)?,
                    call.text(0)?
                );
                Ok(call.typed(format!("({sql})"), DataType::Bool))
            },
        }
    };
}

/// Those that SQLite or an index can help with, or whose pattern is compiled once.
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["length", "len"],
        signature: "length(string | array | map) -> uint64",
        help: "Bytes of a text, or elements.",
        arguments: (1, 1),
        build: |call| {
            let sql = match call.args[0].data_type.inner() {
                DataType::Array(_) | DataType::Map(..) => elements(call),
                DataType::FixedString(length) => format!(
                    "CASE WHEN {} IS NULL THEN NULL ELSE {length} END",
                    call.args[0].sql
                ),
                _ => format!("octet_length({})", call.text(0)?),
            };
            Ok(call.typed(sql, DataType::UInt(64)))
        },
    },
    Function {
        names: &["empty"],
        signature: "empty(string | array | map | uuid) -> bool",
        help: "Whether a text has no characters, an array or map no elements, a UUID only zeros.",
        arguments: (1, 1),
        build: |call| emptiness(call, "="),
    },
    Function {
        names: &["not_empty"],
        signature: "not_empty(string | array | map | uuid) -> bool",
        help: "The contrary of empty.",
        arguments: (1, 1),
        build: |call| emptiness(call, "<>"),
    },
    Function {
        names: &["concat"],
        signature: "concat(any, …) -> string",
        help: "The values as text, one after the other; of arrays one array.",
        arguments: (1, 100),
        build: |call| {
            let arrays = |arg: &Typed| matches!(arg.data_type.inner(), DataType::Array(_));
            if call.args.iter().all(arrays) {
                return super::collection::joined(call);
            }
            let parts: Result<Vec<_>, _> =
                (0..call.args.len()).map(|index| call.text(index)).collect();
            Ok(call.typed(format!("({})", parts?.join(" || ")), DataType::String))
        },
    },
    test!("like", "_like", "", "% matches any text, _ one character."),
    test!("ilike", "_ilike", "", "Like, whatever the case of letters."),
    test!("not_like", "_like", "NOT ", "The contrary of like."),
    test!("not_ilike", "_ilike", "NOT ", "The contrary of ilike."),
    test!(
        "match",
        "_match",
        "",
        "Whether the regular expression matches; a dot also matches line breaks."
    ),
    test!(
        "not_match",
        "_match",
        "NOT ",
        "Whether the regular expression does not occur."
    ),
];

fn elements(call: &Call<'_>) -> String {
    format!("_elements({})", call.args[0].sql)
}

fn emptiness(call: &Call<'_>, symbol: &str) -> Result<Typed, String> {
    let (left, right) = match call.args[0].data_type.inner() {
        DataType::Array(_) | DataType::Map(..) => (elements(call), "0"),
        DataType::Uuid => (call.text(0)?, "'00000000-0000-0000-0000-000000000000'"),
        DataType::Ipv6 => (call.text(0)?, "'::'"),
        DataType::Ipv4 => (call.text(0)?, "'0.0.0.0'"),
        data_type if data_type.is_numeric() || data_type.is_time() => {
            return Err(format!("takes a text, an array or a map, not {data_type}"));
        }
        _ => (call.text(0)?, "''"),
    };
    Ok(call.typed(format!("({left} {symbol} {right})"), DataType::Bool))
}
