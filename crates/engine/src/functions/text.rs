//! Text.

use rusqlite::{Connection, types::Value};
use weir_api::DataType;

use super::{Call, Function, scalar, text_arg};
use crate::typed::Typed;

macro_rules! text {
    ($names:expr, $signature:literal, $help:literal, $arguments:expr, $build:expr) => {
        Function {
            names: &$names,
            signature: $signature,
            help: $help,
            arguments: $arguments,
            build: $build,
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    text!(
        ["length", "len"],
        "length(string | array | map) -> uint64",
        "Bytes of a text, or elements.",
        (1, 1),
        |call| {
            let sql = match call.args[0].data_type.inner() {
                DataType::Array(_) | DataType::Map(..) => {
                    format!("_elements({})", call.args[0].sql)
                }
                _ => format!("octet_length({})", call.text(0)?),
            };
            Ok(call.typed(sql, DataType::UInt(64)))
        }
    ),
    text!(
        ["char_length", "length_utf8"],
        "char_length(string) -> uint64",
        "Characters of a text.",
        (1, 1),
        |call| { one(call, "length", DataType::UInt(64)) }
    ),
    text!(
        ["lower"],
        "lower(string) -> string",
        "ASCII letters in lower case.",
        (1, 1),
        |call| one(call, "lower", DataType::String)
    ),
    text!(
        ["upper"],
        "upper(string) -> string",
        "ASCII letters in upper case.",
        (1, 1),
        |call| one(call, "upper", DataType::String)
    ),
    text!(
        ["trim", "trim_both"],
        "trim(string) -> string",
        "Without spaces at both ends.",
        (1, 1),
        |call| one(call, "trim", DataType::String)
    ),
    text!(
        ["trim_left", "ltrim"],
        "trim_left(string) -> string",
        "Without spaces at the start.",
        (1, 1),
        |call| one(call, "ltrim", DataType::String)
    ),
    text!(
        ["trim_right", "rtrim"],
        "trim_right(string) -> string",
        "Without spaces at the end.",
        (1, 1),
        |call| one(call, "rtrim", DataType::String)
    ),
    text!(
        ["reverse"],
        "reverse(string) -> string",
        "The characters from last to first.",
        (1, 1),
        |call| one(call, "_reverse", DataType::String)
    ),
    text!(
        ["empty"],
        "empty(string) -> bool",
        "Whether the text is empty.",
        (1, 1),
        |call| { Ok(call.typed(format!("({} = '')", call.text(0)?), DataType::Bool)) }
    ),
    text!(
        ["not_empty"],
        "not_empty(string) -> bool",
        "Whether the text is not empty.",
        (1, 1),
        |call| { Ok(call.typed(format!("({} <> '')", call.text(0)?), DataType::Bool)) }
    ),
    text!(
        ["concat"],
        "concat(any, …) -> string",
        "The values as text, one after the other.",
        (1, 100),
        |call| {
            let parts: Result<Vec<_>, _> =
                (0..call.args.len()).map(|index| call.text(index)).collect();
            Ok(call.typed(format!("({})", parts?.join(" || ")), DataType::String))
        }
    ),
    text!(
        ["substring", "substr", "mid"],
        "substring(string, start[, length]) -> string",
        "Characters from the start-th, the first being 1.",
        (2, 3),
        |call| {
            let length = if call.args.len() > 2 {
                format!(", {}", call.int(2)?)
            } else {
                String::new()
            };
            Ok(call.typed(
                format!("substr({}, {}{length})", call.text(0)?, call.int(1)?),
                DataType::String,
            ))
        }
    ),
    text!(
        ["left"],
        "left(string, n) -> string",
        "The first n characters.",
        (2, 2),
        |call| {
            Ok(call.typed(
                format!("substr({}, 1, {})", call.text(0)?, call.int(1)?),
                DataType::String,
            ))
        }
    ),
    text!(
        ["right"],
        "right(string, n) -> string",
        "The last n characters.",
        (2, 2),
        |call| {
            Ok(call.typed(
                format!("substr({}, -max({}, 0))", call.text(0)?, call.int(1)?),
                DataType::String,
            ))
        }
    ),
    text!(
        ["replace", "replace_all"],
        "replace(string, from, to) -> string",
        "Every occurrence replaced.",
        (3, 3),
        |call| texts(call, "replace", DataType::String)
    ),
    text!(
        ["replace_one"],
        "replace_one(string, from, to) -> string",
        "The first occurrence replaced.",
        (3, 3),
        |call| texts(call, "_replace_one", DataType::String)
    ),
    text!(
        ["replace_regex"],
        "replace_regex(string, pattern, to) -> string",
        "Every match replaced; $1 is the first group.",
        (3, 3),
        |call| {
            Ok(call.typed(
                format!(
                    "_replace_regex({}, {}, {})",
                    call.text(1)?,
                    call.text(0)?,
                    call.text(2)?
                ),
                DataType::String,
            ))
        }
    ),
    text!(
        ["position"],
        "position(haystack, needle) -> uint64",
        "Where the needle first occurs, counted from 1; 0 if nowhere.",
        (2, 2),
        |call| texts(call, "instr", DataType::UInt(64))
    ),
    text!(
        ["starts_with"],
        "starts_with(string, prefix) -> bool",
        "Whether the text starts so.",
        (2, 2),
        |call| texts(call, "_starts_with", DataType::Bool)
    ),
    text!(
        ["ends_with"],
        "ends_with(string, suffix) -> bool",
        "Whether the text ends so.",
        (2, 2),
        |call| texts(call, "_ends_with", DataType::Bool)
    ),
    text!(
        ["like"],
        "like(string, pattern) -> bool",
        "% stands for any text, _ for one character.",
        (2, 2),
        |call| like(call, false)
    ),
    text!(
        ["ilike"],
        "ilike(string, pattern) -> bool",
        "Like, whatever the case of letters.",
        (2, 2),
        |call| like(call, true)
    ),
    text!(
        ["match"],
        "match(string, pattern) -> bool",
        "Whether the regular expression occurs.",
        (2, 2),
        |call| {
            Ok(call.typed(
                format!("_match({}, {})", call.text(1)?, call.text(0)?),
                DataType::Bool,
            ))
        }
    ),
    text!(
        ["extract"],
        "extract(string, pattern) -> string",
        "The first group (or whole) of the first match; empty if none.",
        (2, 2),
        |call| {
            Ok(call.typed(
                format!("_extract({}, {})", call.text(1)?, call.text(0)?),
                DataType::String,
            ))
        }
    ),
    text!(
        ["split_by_char", "split_by_string"],
        "split_by_char(separator, string) -> array(string)",
        "The parts between separators.",
        (2, 2),
        |call| { texts(call, "_split", DataType::Array(Box::new(DataType::String))) }
    ),
];

fn one(call: &Call<'_>, function: &str, data_type: DataType) -> Result<Typed, String> {
    Ok(call.typed(format!("{function}({})", call.text(0)?), data_type))
}

fn texts(call: &Call<'_>, function: &str, data_type: DataType) -> Result<Typed, String> {
    let args: Result<Vec<_>, _> = (0..call.args.len()).map(|index| call.text(index)).collect();
    Ok(call.typed(format!("{function}({})", args?.join(", ")), data_type))
}

/// The pattern comes first, so that it is compiled once where it is constant.
fn like(call: &Call<'_>, any_case: bool) -> Result<Typed, String> {
    let function = if any_case { "_ilike" } else { "_like" };
    Ok(call.typed(
        format!("{function}({}, {})", call.text(1)?, call.text(0)?),
        DataType::Bool,
    ))
}

/// Registers a function of texts that is NULL where one of them is.
fn of_texts<const N: usize>(
    conn: &Connection,
    name: &str,
    function: fn([&str; N]) -> Value,
) -> rusqlite::Result<()> {
    let arguments = i32::try_from(N).unwrap_or(-1);
    scalar(conn, name, arguments, move |context| {
        let mut texts = [""; N];
        for (index, slot) in texts.iter_mut().enumerate() {
            match text_arg(context, index)? {
                Some(text) => *slot = text,
                None => return Ok(Value::Null),
            }
        }
        Ok(function(texts))
    })
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    of_texts(conn, "_starts_with", |[text, part]| {
        Value::Integer(i64::from(text.starts_with(part)))
    })?;
    of_texts(conn, "_ends_with", |[text, part]| {
        Value::Integer(i64::from(text.ends_with(part)))
    })?;
    of_texts(conn, "_replace_one", |[text, from, to]| {
        Value::Text(text.replacen(from, to, 1))
    })?;
    of_texts(conn, "_reverse", |[text]| {
        Value::Text(text.chars().rev().collect())
    })?;
    of_texts(conn, "_split", |[separator, text]| {
        let parts: Vec<&str> = if separator.is_empty() {
            vec![text]
        } else {
            text.split(separator).collect()
        };
        Value::Text(serde_json::to_string(&parts).unwrap_or_default())
    })
}
