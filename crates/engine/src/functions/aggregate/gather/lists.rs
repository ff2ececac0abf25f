//! Lists and texts of values, and the values among them that stand out.

use num_bigint::BigInt;
use rusqlite::types::Value;
use weir_api::DataType;

use super::super::key::Order;
use super::{Rows, Rule, array, inner, numeric};
use crate::{
    functions::{collection, native::go_on},
    typed::Typed,
    types,
    value::{Num, text},
};

rule!(SORTED, |args| Ok(array(inner(args)?)), |rows| {
    Ok(rows.array(rows.sorted().into_iter().take(rows.length(1))))
});

rule!(LAST, |args| Ok(array(inner(args)?)), |rows| {
    let skip = rows.rows.len().saturating_sub(rows.length(1));
    Ok(rows.array(rows.rows.iter().skip(skip).filter_map(|row| row.first())))
});

rule!(SAMPLE, |args| Ok(array(inner(args)?)), |rows| {
    let length = rows.length(1);
    let mut sample: Vec<&Value> = Vec::new();
    // xorshift64 from a fixed seed: the same rows give the same sample.
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for (seen, row) in rows.rows.iter().enumerate() {
        let Some(value) = row.first() else { continue };
        if sample.len() < length {
            sample.push(value);
            continue;
        }
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let slot = (random % (seen as u64 + 1)) as usize;
        if let Some(known) = sample.get_mut(slot) {
            *known = value;
        }
    }
    Ok(rows.array(sample))
});

rule!(CONCAT, |_| Ok(DataType::String), |rows| {
    let parts = rows
        .rows
        .iter()
        .filter_map(|row| row.first())
        .map(|value| text(value.into(), rows.input));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let separator = match rows.rows.first().and_then(|row| row.get(1)) {
        Some(Value::Text(separator)) => separator.as_str(),
        _ => "",
    };
    Ok(Value::Text(parts.join(separator)))
});

rule!(
    MOVING_SUM,
    |args| {
        numeric(args, 1)?;
        Ok(array(super::super::sum_type(&inner(args)?)))
    },
    |rows| {
        let window = rows.length(1).max(1);
        let item = rows.item_type();
        let exact = !types::is_float(item);
        let mut sums: Vec<Value> = Vec::new();
        for end in 1..=rows.rows.len() {
            go_on()?;
            // Without a window the sum before is at hand.
            let (start, mut total) = match sums.last() {
                Some(last) if end <= window => (end - 1, Num::read(last.into())?),
                _ => (end.saturating_sub(window), None),
            };
            for row in &rows.rows[start..end] {
                let next = Num::read((&row[0]).into())?;
                total = match (total, next) {
                    (Some(total), Some(next)) if exact => {
                        let ((x, xs), (y, ys)) = (
                            total.scaled().ok_or("a number expected")?,
                            next.scaled().ok_or("a number expected")?,
                        );
                        let scale = xs.max(ys);
                        let up =
                            |digits: BigInt, from: u32| digits * BigInt::from(10).pow(scale - from);
                        Some(Num::Wide {
                            digits: up(x, xs) + up(y, ys),
                            scale,
                        })
                    }
                    (Some(total), Some(next)) => Some(Num::Float(total.float() + next.float())),
                    (total, next) => total.or(next),
                };
            }
            sums.push(total.unwrap_or(Num::Int(0)).write(item)?);
        }
        Ok(rows.array(&sums))
    }
);

rule!(MOVING_AVG, |args| Ok(array(numeric(args, 1)?)), |rows| {
    let numbers = rows.numbers(0)?;
    let window = rows
        .constant(1)
        .map_or(numbers.len(), |window| window.max(1.0) as usize);
    let average = |end: usize| {
        go_on()?;
        let start = (end + 1).saturating_sub(window);
        let sum = numbers[start..=end].iter().sum::<f64>();
        Ok::<_, String>(Value::Real(sum / window as f64))
    };
    let averages: Result<Vec<_>, _> = (0..numbers.len()).map(average).collect();
    Ok(rows.array(&averages?))
});

rule!(MAX_K, best_type, |rows| best(rows, true));

rule!(MIN_K, best_type, |rows| best(rows, false));

rule!(ANY_HEAVY, inner, |rows| {
    // Boyer and Moore: the majority, if there is one.
    let (mut candidate, mut count) = (&rows.rows[0][0], 0u64);
    for row in rows.rows {
        match (count, *candidate == row[0]) {
            (0, _) => (candidate, count) = (&row[0], 1),
            (_, true) => count += 1,
            (_, false) => count -= 1,
        }
    }
    Ok(candidate.clone())
});

rule!(SINGLE, |args| Ok(types::nullable(inner(args)?)), |rows| {
    let first = &rows.rows[0][0];
    Ok(if rows.rows.iter().all(|row| row[0] == *first) {
        first.clone()
    } else {
        Value::Null
    })
});

/// Of `max_k(value, k, context, …)`: values, or tuples with their context.
fn best_type(args: &[Typed]) -> Result<DataType, String> {
    let value = inner(args)?;
    let fields: Vec<_> = std::iter::once(value.clone())
        .chain(args.iter().skip(2).map(|arg| arg.data_type.inner().clone()))
        .map(|field| (String::new(), field))
        .collect();
    Ok(array(if fields.len() > 1 {
        DataType::Tuple(fields)
    } else {
        value
    }))
}

fn best(rows: &Rows<'_>, max: bool) -> Result<Value, String> {
    let order = Order::of(rows.input);
    let mut all: Vec<&Vec<Value>> = rows.rows.iter().collect();
    all.sort_by(|left, right| {
        let found = order.compare((&left[0]).into(), (&right[0]).into());
        if max { found.reverse() } else { found }
    });
    all.truncate(rows.length(1));
    match rows.item_type() {
        DataType::Tuple(fields) if all.first().is_some_and(|row| row.len() > 2) => {
            let tuples = all.iter().map(|row| {
                let values = row
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| *index != 1)
                    .map(|(_, value)| value);
                let parts: Vec<_> = values
                    .zip(fields)
                    .map(|(value, (_, field))| collection::encode(value.into(), field))
                    .collect();
                format!("[{}]", parts.join(","))
            });
            Ok(Value::Text(format!(
                "[{}]",
                tuples.collect::<Vec<_>>().join(",")
            )))
        }
        _ => Ok(rows.array(all.into_iter().filter_map(|row| row.first()))),
    }
}
