//! Arrays, maps and tuples, stored as JSON.

pub(super) mod array;
mod build;
pub(super) mod empty;
pub(super) mod map;
pub(super) mod tuple;
mod values;

pub(crate) use self::build::element;
pub(super) use self::{
    build::joined,
    values::{decode, encode, items, members, plain, position},
};
use rusqlite::Connection;
use weir_api::DataType;

use super::{Call, Function};
use crate::{
    typed::{Literal, Typed, escape},
    types,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["array", "array_cast"],
        signature: "array(any, …) -> array",
        help: "An array of the values; [a, b] is the same.",
        arguments: (0, 1000),
        build: |call| array(call.args),
    },
    Function {
        names: &["array_length"],
        signature: "array_length(array) -> uint64",
        help: "The number of elements.",
        arguments: (1, 1),
        build: |call| {
            item(call, 0)?;
            Ok(call.typed(
                format!("_elements({})", call.args[0].sql),
                DataType::UInt(64),
            ))
        },
    },
    Function {
        names: &["array_element"],
        signature: "array_element(array | map, n) -> element",
        help: "The n-th element, the first being 1, the last -1, or that of a key; the type's zero if there is none. a[n] is the same.",
        arguments: (2, 2),
        build: |call| subscript(&call.args[0], &call.args[1]),
    },
    Function {
        names: &["array_element_or_null"],
        signature: "array_element_or_null(array, n) -> nullable(element)",
        help: "As array_element, NULL if there is none.",
        arguments: (2, 2),
        build: |call| {
            let item = item(call, 0)?;
            let sql = format!(
                "_element('{}', {}, {}, 1)",
                escape(&item.to_string()),
                call.args[0].sql,
                call.int(1)?
            );
            Ok(Typed::new(sql, types::nullable(item)))
        },
    },
    Function {
        names: &["tuple", "tuple_cast"],
        signature: "tuple(any, …) -> tuple",
        help: "A tuple of the values; (a, b) is the same.",
        arguments: (1, 1000),
        build: |call| tuple(call.args),
    },
    Function {
        names: &["tuple_element"],
        signature: "tuple_element(tuple, n | 'name'[, default]) -> any",
        help: "The n-th element, the first being 1, or that of a name; t.n and t.name are the same.",
        arguments: (2, 3),
        build: |call| match (subscript(&call.args[0], &call.args[1]), call.args.get(2)) {
            (Err(_), Some(default)) => Ok(default.clone()),
            (found, _) => found,
        },
    },
    Function {
        names: &["tuple_names"],
        signature: "tuple_names(tuple) -> array(string)",
        help: "The names of the elements; numbers where they have none.",
        arguments: (1, 1),
        build: |call| {
            let names: Vec<_> = fields(&call.args[0])?
                .iter()
                .enumerate()
                .map(|(index, (name, _))| match name.as_str() {
                    "" => Typed::text(&(index + 1).to_string()),
                    name => Typed::text(name),
                })
                .collect();
            array(&names)
        },
    },
    Function {
        names: &["has"],
        signature: "has(array, any) -> bool",
        help: "Whether the array has the element.",
        arguments: (2, 2),
        build: |call| {
            if let DataType::Map(..) = call.args[0].data_type.inner() {
                return super::built("map_contains", call);
            }
            item(call, 0)?;
            let place = super::built("index_of", call)?;
            Ok(call.typed(format!("({} > 0)", place.sql), DataType::Bool))
        },
    },
    Function {
        names: &["reverse", "array_reverse"],
        signature: "reverse(string | array) -> string | array",
        help: "The characters or elements from last to first.",
        arguments: (1, 1),
        build: |call| match call.args[0].data_type.inner() {
            array @ DataType::Array(_) => Ok(call.typed(
                format!("_array_reverse({})", call.args[0].sql),
                array.clone(),
            )),
            _ => super::built("reverse_utf8", call),
        },
    },
    Function {
        names: &["array_concat"],
        signature: "array_concat(array, …) -> array",
        help: "The arrays one after the other.",
        arguments: (1, 100),
        build: |call| {
            (0..call.args.len()).try_for_each(|index| item(call, index).map(|_| ()))?;
            joined(call)
        },
    },
    Function {
        names: &["array_push_back"],
        signature: "array_push_back(array, any) -> array",
        help: "With the value as last element.",
        arguments: (2, 2),
        build: |call| {
            let one = one_more(call, item(call, 0)?)?;
            joined(&call.with(&[call.args[0].clone(), one]))
        },
    },
    Function {
        names: &["array_push_front"],
        signature: "array_push_front(array, any) -> array",
        help: "With the value as first element.",
        arguments: (2, 2),
        build: |call| {
            let one = one_more(call, item(call, 0)?)?;
            joined(&call.with(&[one, call.args[0].clone()]))
        },
    },
    Function {
        names: &["array_zip"],
        signature: "array_zip(array, …) -> array(tuple)",
        help: "Tuples of the elements at the same place.",
        arguments: (1, 20),
        build: |call| {
            let fields = (0..call.args.len()).map(|index| Ok((String::new(), item(call, index)?)));
            let fields = fields.collect::<Result<Vec<_>, String>>()?;
            let tuple = DataType::Array(Box::new(DataType::Tuple(fields)));
            Ok(call.typed(format!("_array_zip({})", call.list()), tuple))
        },
    },
    Function {
        names: &["range"],
        signature: "range([start, ]end[, step]) -> array",
        help: "Whole numbers from start, or 0, to before end.",
        arguments: (1, 3),
        build: build::range,
    },
    Function {
        names: &["array_with_constant"],
        signature: "array_with_constant(n, any) -> array",
        help: "n times the value.",
        arguments: (2, 2),
        build: |call| {
            let value = call.args[1].clone().value()?;
            let sql = format!(
                "_array_repeat('{}', {}, {})",
                escape(&value.data_type.to_string()),
                call.int(0)?,
                value.sql
            );
            Ok(Typed::new(sql, DataType::Array(Box::new(value.data_type))))
        },
    },
    Function {
        names: &["replicate"],
        signature: "replicate(any, array) -> array",
        help: "The value as often as the array has elements.",
        arguments: (2, 2),
        build: |call| {
            let length = call.typed(
                format!("_elements({})", call.args[1].sql),
                DataType::UInt(64),
            );
            super::built(
                "array_with_constant",
                &call.with(&[length, call.args[0].clone()]),
            )
        },
    },
    Function {
        names: &["array_sum"],
        signature: "array_sum(array) -> number",
        help: "The sum.",
        arguments: (1, 1),
        build: |call| build::summed(call, "sum"),
    },
    Function {
        names: &["array_cum_sum"],
        signature: "array_cum_sum(array) -> array",
        help: "The sums up to every element.",
        arguments: (1, 1),
        build: |call| build::summed(call, "running"),
    },
    Function {
        names: &["array_cum_sum_non_negative"],
        signature: "array_cum_sum_non_negative(array) -> array",
        help: "The sums up to every element, beginning anew where one would be negative.",
        arguments: (1, 1),
        build: |call| build::summed(call, "positive"),
    },
    Function {
        names: &["array_difference"],
        signature: "array_difference(array) -> array",
        help: "Every element less the one before; 0 at first.",
        arguments: (1, 1),
        build: |call| build::summed(call, "difference"),
    },
    Function {
        names: &["array_reduce"],
        signature: "array_reduce('aggregate', array, …) -> any",
        help: "The aggregate over the elements.",
        arguments: (2, 3),
        build: build::reduced,
    },
];

/// The second argument as an array of it alone; NULL is an element as others are.
fn one_more(call: &Call<'_>, item: DataType) -> Result<Typed, String> {
    match call.args[1].literal {
        Literal::Null => {
            let item = types::nullable(item);
            Ok(Typed::new(
                format!("_array('{}', NULL)", escape(&item.to_string())),
                DataType::Array(Box::new(item)),
            ))
        }
        _ => array(&call.args[1..]),
    }
}

fn item(call: &Call<'_>, index: usize) -> Result<DataType, String> {
    item_type(&call.args[index]).map_err(|message| format!("argument {}: {message}", index + 1))
}

/// Of the elements of an array.
pub(crate) fn item_type(array: &Typed) -> Result<DataType, String> {
    match array.data_type.inner() {
        DataType::Array(item) => Ok(item.as_ref().clone()),
        other => Err(format!("an array expected, not {other}")),
    }
}

fn fields(tuple: &Typed) -> Result<&[(String, DataType)], String> {
    match tuple.data_type.inner() {
        DataType::Tuple(fields) => Ok(fields),
        other => Err(format!("a tuple expected, not {other}")),
    }
}

pub(crate) fn array(values: &[Typed]) -> Result<Typed, String> {
    let nothing = values.iter().all(|value| value.literal == Literal::Empty);
    let values = crate::typed::unified(values)?;
    let item = values
        .first()
        .map_or(DataType::String, |value| value.data_type.clone());
    let list: String = values
        .iter()
        .map(|value| format!(", {}", value.sql))
        .collect();
    let literal = match nothing {
        true => Literal::Empty,
        false => Literal::None,
    };
    Ok(Typed {
        literal,
        ..Typed::new(
            format!("_array('{}'{list})", escape(&item.to_string())),
            DataType::Array(Box::new(item)),
        )
    })
}

pub(crate) fn tuple(values: &[Typed]) -> Result<Typed, String> {
    let (mut list, mut fields) = (String::new(), Vec::with_capacity(values.len()));
    for value in values {
        let value = value.clone().value()?;
        list.push_str(&format!(", {}", value.sql));
        fields.push((String::new(), value.data_type));
    }
    let data_type = DataType::Tuple(fields);
    Ok(Typed::new(
        format!("_tuple('{}'{list})", escape(&data_type.to_string())),
        data_type,
    ))
}

/// `value[index]` of an array, a map, a tuple or JSON. Where there is no such element it is the
/// type's zero, of JSON NULL.
pub(crate) fn subscript(value: &Typed, index: &Typed) -> Result<Typed, String> {
    let (function, data_type, index) = match value.data_type.inner() {
        DataType::Array(item) => {
            if !index.data_type.is_numeric() {
                return Err(format!(
                    "an array's index is a whole number, not {}",
                    index.data_type
                ));
            }
            ("_element", item.as_ref(), index.cast(&DataType::Int(64))?)
        }
        DataType::Map(_, item) => ("_member", item.as_ref(), index.cast(&DataType::String)?),
        DataType::Json => (
            "_member",
            &types::nullable(DataType::Json),
            index.cast(&DataType::String)?,
        ),
        DataType::Tuple(fields) => {
            let position = match &index.literal {
                Literal::Text(wanted) => fields.iter().position(|(name, _)| name == wanted),
                _ => index
                    .sql
                    .parse::<usize>()
                    .ok()
                    .and_then(|n| n.checked_sub(1)),
            };
            let position = position.filter(|position| *position < fields.len());
            let position = position.ok_or_else(|| match &index.literal {
                Literal::Text(name) => format!("the tuple has no element '{name}'"),
                _ => format!("a tuple's index is a number from 1 to {}", fields.len()),
            })?;
            let index = Typed::new((position + 1).to_string(), DataType::Int(64));
            ("_element", &fields[position].1, index)
        }
        other => return Err(format!("{other} has no elements")),
    };
    let null = value.data_type.is_nullable() || index.data_type.is_nullable();
    Ok(Typed::new(
        format!(
            "{function}('{}', {}, {})",
            escape(&data_type.to_string()),
            value.sql,
            index.sql
        ),
        types::nullable_if(data_type.clone(), null),
    ))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    values::register(conn)?;
    build::register(conn)
}
