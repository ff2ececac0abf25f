//! Events one after the other: funnels, those who come back, means that forget, values with weights.

use std::collections::HashMap;

use rusqlite::types::Value;
use weir_api::DataType;

use super::super::key::write_key;
use super::{Rule, array, float, inner, numeric};
use crate::typed::{Literal, Typed};

rule!(
    RETENTION,
    |args| conditions(args).map(|()| array(DataType::UInt(8))),
    |rows| {
        let width = rows.rows.first().map_or(0, Vec::len);
        let any = |column: usize| rows.rows.iter().any(|row| holds(row, column));
        let first = any(0);
        let kept = (0..width).map(|column| Value::Integer(i64::from(first && any(column))));
        Ok(rows.array(&kept.collect::<Vec<_>>()))
    }
);

rule!(
    WINDOW_FUNNEL,
    |args| {
        let [time, conditions_and_window @ ..] = args else {
            return Err("takes a time and conditions".to_string());
        };
        let wanted = matches!(
            time.data_type.inner(),
            DataType::Date
                | DataType::DateTime { .. }
                | DataType::DateTime64 { .. }
                | DataType::UInt(_)
        );
        if !wanted {
            return Err(format!("takes a time first, not {}", time.data_type));
        }
        let Some((window, rest)) = conditions_and_window.split_last() else {
            return Err("takes a length: window_funnel(3600)(time, first, second)".to_string());
        };
        if !is_written(window) {
            return Err("takes a length: window_funnel(3600)(time, first, second)".to_string());
        }
        conditions(rest)?;
        Ok(DataType::UInt(8))
    },
    |rows| {
        let width = rows.rows.first().map_or(0, Vec::len);
        let levels = width.saturating_sub(2);
        let per_second = match rows.input {
            DataType::DateTime64 { precision, .. } => 10f64.powi(i32::from(*precision)),
            _ => 1.0,
        };
        let window = rows.constant(width - 1).unwrap_or_default() * per_second;
        let mut events = Vec::new();
        for row in rows.rows {
            let time = rows.number(row, 0)?;
            // One row is no two steps: later steps are looked at before earlier ones.
            let reached = (0..levels).rev().filter(|level| holds(row, level + 1));
            events.extend(reached.map(|level| (time, level)));
        }
        events.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        let mut began: Vec<Option<f64>> = vec![None; levels];
        for (time, level) in events {
            let start = match level {
                0 => Some(time),
                level => began[level - 1].filter(|start| time <= start + window),
            };
            if start.is_some() {
                began[level] = start;
            }
        }
        let reached = began.iter().rposition(Option::is_some);
        Ok(Value::Integer(reached.map_or(0, |level| level as i64 + 1)))
    }
);

rule!(
    MOVING_EXPONENTIAL,
    |args| match args {
        [value, time, half] if is_written(half) => {
            numeric(std::slice::from_ref(value), 1)?;
            match time.data_type.is_numeric() || time.data_type.is_time() {
                true => Ok(DataType::Float64),
                false => Err(format!(
                    "takes a time or a number second, not {}",
                    time.data_type
                )),
            }
        }
        _ => Err("takes a half-life: exponential_moving_average(10)(value, time)".to_string()),
    },
    |rows| {
        let half = rows.constant(2).unwrap_or(1.0);
        let (values, times) = (rows.numbers(0)?, rows.numbers(1)?);
        let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weighted = values.iter().zip(&times);
        let sum: f64 = weighted
            .map(|(value, time)| value * (-(last - time) / half).exp2())
            .sum();
        float(sum * (1.0 - (-1.0 / half).exp2()))
    }
);

rule!(
    TOP_K_WEIGHTED,
    |args| match args {
        [_, weight, length] if weight.data_type.is_numeric() && is_written(length) => {
            Ok(array(inner(args)?))
        }
        _ => Err("takes a length: top_k_weighted(10)(value, weight)".to_string()),
    },
    |rows| {
        let mut weights: HashMap<Vec<u8>, (usize, f64, &Value)> = HashMap::new();
        for (place, row) in rows.rows.iter().enumerate() {
            let Some(value) = row.first() else { continue };
            let mut key = Vec::new();
            write_key(&mut key, value.into());
            weights.entry(key).or_insert((place, 0.0, value)).1 += rows.number(row, 1)?;
        }
        let mut all: Vec<_> = weights.into_values().collect();
        all.sort_by(|(x, left, _), (y, right, _)| right.total_cmp(left).then(x.cmp(y)));
        let most = all.into_iter().take(rows.length(2));
        Ok(rows.array(most.map(|(_, _, value)| value)))
    }
);

rule!(
    QUANTILE_EXACT_WEIGHTED,
    |args| match args {
        [_, weight, level @ ..]
            if weight.data_type.is_numeric() && level.iter().all(is_written) =>
        {
            inner(args)
        }
        _ => Err("takes a value and its weight".to_string()),
    },
    |rows| {
        let order = super::Order::of(rows.input);
        let mut all: Vec<(&Value, f64)> = Vec::with_capacity(rows.rows.len());
        for row in rows.rows {
            if let Some(value) = row.first() {
                all.push((value, rows.number(row, 1)?));
            }
        }
        all.sort_by(|(left, _), (right, _)| order.compare((*left).into(), (*right).into()));
        let total: f64 = all.iter().map(|(_, weight)| weight).sum();
        let threshold = (total * rows.constant(2).unwrap_or(0.5)).ceil();
        let mut sum = 0.0;
        let found = all.iter().find(|(_, weight)| {
            sum += weight;
            sum >= threshold
        });
        let found = found.or(all.last()).map(|(value, _)| (*value).clone());
        Ok(found.unwrap_or(Value::Null))
    }
);

rule!(
    UNIQUE_UP_TO,
    |args| match args {
        [_, .., most] if is_written(most) => Ok(DataType::UInt(8)),
        _ => Err("takes a number: unique_up_to(3)(value)".to_string()),
    },
    |rows| {
        let width = rows.rows.first().map_or(0, Vec::len);
        let most = rows.length(width - 1);
        let mut seen = std::collections::HashSet::new();
        for row in rows.rows {
            let mut key = Vec::new();
            let values = row.iter().take(width - 1);
            values.for_each(|value| write_key(&mut key, value.into()));
            seen.insert(key);
        }
        Ok(Value::Integer(seen.len().min(most + 1) as i64))
    }
);

/// Whether it is a number that stands in the statement.
fn is_written(arg: &Typed) -> bool {
    matches!(arg.literal, Literal::Number(_))
}

pub(super) fn conditions(args: &[Typed]) -> Result<(), String> {
    let wrong = args.iter().find(|arg| {
        let data_type = arg.data_type.inner();
        !(data_type.is_numeric() || *data_type == DataType::Bool)
    });
    match wrong {
        Some(arg) => Err(format!("takes conditions, not {}", arg.data_type)),
        None => Ok(()),
    }
}

pub(super) fn holds(row: &[Value], column: usize) -> bool {
    !matches!(
        row.get(column),
        None | Some(Value::Null | Value::Integer(0))
    )
}
