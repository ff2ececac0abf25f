//! Arrays whose type follows from what they are made of.

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{Call, aggregate, parsed, scalar, text_arg},
    array::{bounded, same_length},
    item,
    values::{decode, encode, items},
};
use crate::{
    typed::{Literal, Typed, escape},
    types,
    value::{Num, Op, arithmetic},
};

/// Arrays one after the other.
pub(in crate::functions) fn joined(call: &Call<'_>) -> Result<Typed, String> {
    let all = crate::typed::unified(call.args)?;
    let data_type = all
        .first()
        .map_or(DataType::String, |array| array.data_type.inner().clone());
    let list: Vec<_> = all.iter().map(|array| array.sql.as_str()).collect();
    Ok(call.typed(format!("_array_concat({})", list.join(", ")), data_type))
}

pub(super) fn range(call: &Call<'_>) -> Result<Typed, String> {
    let numbers: Result<Vec<_>, _> = (0..call.args.len()).map(|index| call.int(index)).collect();
    let numbers = numbers?;
    let data_type = crate::typed::unified(call.args)?
        .first()
        .map_or(DataType::Int(64), |arg| arg.data_type.inner().clone());
    let list = match numbers.as_slice() {
        [end] => format!("0, {end}, 1"),
        [start, end] => format!("{start}, {end}, 1"),
        _ => numbers.join(", "),
    };
    Ok(call.typed(
        format!("_range({list})"),
        DataType::Array(Box::new(data_type)),
    ))
}

pub(super) fn summed(call: &Call<'_>, how: &str) -> Result<Typed, String> {
    let item = item(call, 0)?;
    if !item.is_numeric() && *item.inner() != DataType::Bool {
        return Err(format!("takes an array of numbers, not of {item}"));
    }
    let data_type = match how {
        "difference" => types::arithmetic(Op::Subtract, item.inner(), item.inner()),
        _ => Some(aggregate::sum_type(item.inner())),
    };
    let data_type = data_type.ok_or("takes an array of numbers")?;
    let sql = format!(
        "_array_sum('{how}\n{}\n{data_type}', {})",
        escape(&item.inner().to_string()),
        call.args[0].sql
    );
    let result = match how {
        "sum" => data_type,
        _ => DataType::Array(Box::new(data_type)),
    };
    Ok(call.typed(sql, result))
}

/// An aggregate by name over the elements of one or two arrays.
pub(super) fn reduced(call: &Call<'_>) -> Result<Typed, String> {
    let Literal::Text(name) = &call.args[0].literal else {
        return Err("the aggregate is a name in quotes".to_string());
    };
    let definition = aggregate::find(name).ok_or_else(|| format!("'{name}' is no aggregate"))?;
    let arrays = &call.args[1..];
    let texts: Vec<_> = arrays.iter().map(|array| array.sql.as_str()).collect();
    let elements = (0..arrays.len()).map(|index| {
        let item = item(call, index + 1)?;
        Ok(Typed::new(
            element("j", &item, (arrays.len() > 1).then_some(index)),
            item,
        ))
    });
    let elements = elements.collect::<Result<Vec<_>, String>>()?;
    let (spec, values) = definition.spec(&elements)?;
    let mut sql = format!(
        "(SELECT {} FROM json_each(_texts({})) AS j)",
        spec.sql(&values),
        texts.join(", ")
    );
    let empty = spec.empty();
    let null = empty.is_none();
    if let Some(empty) = empty {
        sql = format!("coalesce({sql}, {empty})");
    }
    Ok(Typed::new(sql, types::nullable_if(spec.result, null)))
}

/// SQLite text of an element of arrays that were unrolled by `json_each(_texts(…)) AS alias`.
pub(crate) fn element(alias: &str, item: &DataType, place: Option<usize>) -> String {
    let data_type = escape(&item.to_string());
    match place {
        None => format!("_item('{data_type}', {alias}.value)"),
        Some(place) => format!("_element('{data_type}', {alias}.value, {})", place + 1),
    }
}

/// `how`, the items' type, the sums' type.
fn sum_spec(text: &str) -> Result<(String, DataType, DataType), String> {
    let mut lines = text.split('\n');
    let mut line = || lines.next().ok_or("a type expected");
    Ok((
        line()?.to_string(),
        DataType::parse(line()?)?,
        DataType::parse(line()?)?,
    ))
}

fn integer(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    }
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_array_sum", 2, |context| {
        let spec = parsed(context, sum_spec)?;
        let (how, item, data_type) = (spec.0.as_str(), &spec.1, &spec.2);
        let Some(text) = text_arg(context, 1)? else {
            return Ok(Value::Null);
        };
        let zero = Num::Int(0).write(data_type)?;
        let (mut total, mut before, mut out) = (zero.clone(), None, Vec::new());
        for json in items(text) {
            let value = decode(json.get(), item);
            if value == Value::Null {
                continue;
            }
            let (op, left, right) = match how {
                "difference" => (Op::Subtract, &value, before.as_ref().unwrap_or(&value)),
                _ => (Op::Add, &total, &value),
            };
            let mut next = arithmetic(op, left.into(), right.into(), data_type)?;
            let negative = Num::read((&next).into())?.is_some_and(|number| number.is_negative());
            if how == "positive" && negative {
                next = zero.clone();
            }
            before = Some(value);
            if how != "sum" {
                out.push(encode((&next).into(), data_type));
            }
            total = next;
        }
        Ok(match how {
            "sum" => total,
            _ => Value::Text(format!("[{}]", out.join(","))),
        })
    })?;
    scalar(conn, "_range", 3, |context| {
        let number = |index| integer(context.get_raw(index));
        let (Some(start), Some(end), Some(step)) = (number(0), number(1), number(2)) else {
            return Ok(Value::Null);
        };
        if step == 0 {
            return Err("the step of a range is not 0".to_string());
        }
        let length = (i128::from(end) - i128::from(start)).max(0) / i128::from(step.unsigned_abs());
        let length = if step < 0 {
            (i128::from(start) - i128::from(end)).max(0) / i128::from(step.unsigned_abs())
        } else {
            length
        };
        bounded(length)?;
        let numbers = (0..).map(|n| i128::from(start) + n * i128::from(step));
        let numbers = numbers.take_while(|n| {
            if step > 0 {
                *n < end.into()
            } else {
                *n > end.into()
            }
        });
        let numbers: Vec<_> = numbers.map(|n| n.to_string()).collect();
        Ok(Value::Text(format!("[{}]", numbers.join(","))))
    })?;
    scalar(conn, "_array_repeat", 3, |context| {
        let item = parsed(context, DataType::parse)?;
        let Some(count) = integer(context.get_raw(1)) else {
            return Ok(Value::Null);
        };
        let value = encode(context.get_raw(2), &item);
        let count = bounded(count.max(0).into())?;
        if value.len().saturating_mul(count) > super::super::native::MAX_TEXT {
            return Err(super::super::native::too_long());
        }
        Ok(Value::Text(format!("[{}]", vec![value; count].join(","))))
    })?;
    scalar(conn, "_array_zip", -1, |context| {
        let mut arrays = Vec::with_capacity(context.len());
        for index in 0..context.len() {
            match text_arg(context, index)? {
                Some(text) => arrays.push(items(text)),
                None => return Ok(Value::Null),
            }
        }
        Ok(Value::Text(format!("[{}]", zipped(&arrays)?.join(","))))
    })?;
    // What json_each unrolls without changing a digit: every element as a text.
    scalar(conn, "_texts", -1, |context| {
        let mut arrays = Vec::with_capacity(context.len());
        for index in 0..context.len() {
            match text_arg(context, index)? {
                Some(text) => arrays.push(items(text)),
                None => return Ok(Value::Null),
            }
        }
        let texts: Vec<String> = match arrays.as_slice() {
            [only] => only.iter().map(|json| json.get().to_string()).collect(),
            _ => zipped(&arrays)?,
        };
        serde_json::to_string(&texts)
            .map(Value::Text)
            .map_err(|error| error.to_string())
    })?;
    scalar(conn, "_item", 2, |context| {
        let item = parsed(context, DataType::parse)?;
        Ok(text_arg(context, 1)?.map_or(Value::Null, |json| decode(json, &item)))
    })
}

/// Arrays of the elements at the same place.
fn zipped(arrays: &[Vec<&serde_json::value::RawValue>]) -> Result<Vec<String>, String> {
    let length = arrays.first().map_or(0, Vec::len);
    for array in arrays {
        same_length(length, array.len())?;
    }
    Ok((0..length)
        .map(|at| {
            let row: Vec<_> = arrays.iter().map(|array| array[at].get()).collect();
            format!("[{}]", row.join(","))
        })
        .collect())
}
