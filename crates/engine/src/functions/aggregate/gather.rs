//! Aggregates that need every row of their group before they can say anything.

use std::collections::HashMap;

use num_bigint::BigInt;
use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator, MAX_VALUES, Spec,
    key::{Order, write_key},
    memory,
    state::{self, Cell},
};
use crate::{
    functions::collection,
    typed::Typed,
    types,
    value::{Num, owned, text},
};

/// What such an aggregate gives.
pub(super) struct Rule {
    /// The type, from the arguments.
    pub(super) result: fn(&[Typed]) -> Result<DataType, String>,
    /// The value, from rows of which there is at least one.
    pub(super) finish: fn(&Rows<'_>) -> Result<Value, String>,
}

/// The arguments of every row, constants among them.
pub(super) struct Rows<'a> {
    pub(super) rows: &'a [Vec<Value>],
    pub(super) input: &'a DataType,
    /// Of the second argument.
    pub(super) order: &'a DataType,
    pub(super) result: &'a DataType,
}

impl Rows<'_> {
    fn number(&self, row: &[Value], column: usize) -> Result<f64, String> {
        let value = row.get(column).ok_or("an argument is missing")?;
        Ok(Num::read(value.into())?.map_or(f64::NAN, |number| number.float()))
    }

    fn numbers(&self, column: usize) -> Result<Vec<f64>, String> {
        self.rows
            .iter()
            .map(|row| self.number(row, column))
            .collect()
    }

    /// A constant argument.
    fn constant(&self, column: usize) -> Option<f64> {
        let row = self.rows.first()?;
        let value = row.get(column)?;
        Num::read(value.into()).ok()?.map(|number| number.float())
    }

    fn length(&self, column: usize) -> usize {
        self.constant(column)
            .map_or(usize::MAX, |length| length.max(0.0) as usize)
    }

    /// The values of the first column in order.
    fn sorted(&self) -> Vec<&Value> {
        let order = Order::of(self.input);
        let mut values: Vec<&Value> = self.rows.iter().filter_map(|row| row.first()).collect();
        values.sort_by(|left, right| order.compare((*left).into(), (*right).into()));
        values
    }

    fn item_type(&self) -> &DataType {
        match self.result {
            DataType::Array(item) => item,
            other => other,
        }
    }

    fn array<'v>(&self, values: impl IntoIterator<Item = &'v Value>) -> Value {
        let item = self.item_type();
        let items: Vec<_> = values
            .into_iter()
            .map(|value| collection::encode(value.into(), item))
            .collect();
        Value::Text(format!("[{}]", items.join(",")))
    }
}

pub(super) struct Gathered {
    rule: &'static Rule,
    spec: Spec,
    rows: Vec<Vec<Value>>,
    bytes: usize,
}

impl Gathered {
    pub(super) fn new(rule: &'static Rule, spec: &Spec) -> Self {
        Self {
            rule,
            spec: spec.clone(),
            rows: Vec::new(),
            bytes: 0,
        }
    }
}

impl Accumulator for Gathered {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if self.rows.len() >= MAX_VALUES {
            return Err(format!(
                "more than {MAX_VALUES} values in one group's state"
            ));
        }
        let row: Vec<Value> = args.iter().map(|arg| owned(*arg)).collect();
        self.bytes += row_bytes(&row);
        self.rows.push(row);
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        if self.rows.is_empty() {
            return Ok(Value::Null);
        }
        (self.rule.finish)(&Rows {
            rows: &self.rows,
            input: &self.spec.input,
            order: &self.spec.order,
            result: &self.spec.result,
        })
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::from).collect::<Vec<_>>());
        state::save(&rows.collect::<Vec<_>>())
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let rows: Vec<Vec<Cell>> = state::restore(saved)?;
        self.rows = rows
            .into_iter()
            .map(|row| row.into_iter().map(Value::from).collect())
            .collect();
        self.bytes = self.rows.iter().map(|row| row_bytes(row)).sum();
        Ok(())
    }
}

fn row_bytes(row: &[Value]) -> usize {
    let values = row.iter().map(memory::bytes).sum::<usize>();
    values + size_of::<Vec<Value>>() + size_of_val(row)
}

fn inner(args: &[Typed]) -> Result<DataType, String> {
    let first = args.first().ok_or("arguments are missing")?;
    Ok(first.data_type.inner().clone())
}

fn numeric(args: &[Typed], count: usize) -> Result<DataType, String> {
    for arg in args.iter().take(count) {
        if !arg.data_type.is_numeric() && *arg.data_type.inner() != DataType::Bool {
            return Err(format!("takes a number, not {}", arg.data_type));
        }
    }
    Ok(DataType::Float64)
}

fn array(item: DataType) -> DataType {
    DataType::Array(Box::new(item))
}

fn float(number: f64) -> Result<Value, String> {
    Num::Float(number).write(&DataType::Float64)
}

macro_rules! rule {
    ($name:ident, $result:expr, $finish:expr) => {
        pub(super) const $name: Rule = Rule {
            result: $result,
            finish: $finish,
        };
    };
}

/// Mean and the sums of the powers 2, 3 and 4 of the distances to it.
fn moments(numbers: &[f64]) -> (f64, f64, f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let sum = |power: i32| numbers.iter().map(|x| (x - mean).powi(power)).sum::<f64>();
    (count, sum(2), sum(3), sum(4))
}

fn covariance(rows: &Rows<'_>) -> Result<(f64, f64, f64, f64), String> {
    let (x, y) = (rows.numbers(0)?, rows.numbers(1)?);
    let count = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let pairs = || x.iter().zip(&y);
    let xy = pairs().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    let xx = x.iter().map(|x| (x - mx).powi(2)).sum::<f64>();
    let yy = y.iter().map(|y| (y - my).powi(2)).sum::<f64>();
    Ok((count, xy, xx, yy))
}

rule!(KURT_POP, |args| numeric(args, 1), |rows| {
    let (count, two, _, four) = moments(&rows.numbers(0)?);
    float(count * four / (two * two))
});
rule!(KURT_SAMP, |args| numeric(args, 1), |rows| {
    let (count, two, _, four) = moments(&rows.numbers(0)?);
    float(four / count / (two / (count - 1.0)).powi(2))
});
rule!(SKEW_POP, |args| numeric(args, 1), |rows| {
    let (count, two, three, _) = moments(&rows.numbers(0)?);
    float(three / count / (two / count).powf(1.5))
});
rule!(SKEW_SAMP, |args| numeric(args, 1), |rows| {
    let (count, two, three, _) = moments(&rows.numbers(0)?);
    float(three / count / (two / (count - 1.0)).powf(1.5))
});
rule!(CORR, |args| numeric(args, 2), |rows| {
    let (_, xy, xx, yy) = covariance(rows)?;
    float(xy / (xx * yy).sqrt())
});
rule!(COVAR_POP, |args| numeric(args, 2), |rows| {
    let (count, xy, ..) = covariance(rows)?;
    float(xy / count)
});
rule!(COVAR_SAMP, |args| numeric(args, 2), |rows| {
    let (count, xy, ..) = covariance(rows)?;
    float(xy / (count - 1.0))
});
rule!(
    REGRESSION,
    |args| {
        numeric(args, 2)?;
        Ok(DataType::Tuple(vec![
            ("k".into(), DataType::Float64),
            ("b".into(), DataType::Float64),
        ]))
    },
    |rows| {
        let (count, xy, xx, _) = covariance(rows)?;
        let (x, y) = (rows.numbers(0)?, rows.numbers(1)?);
        let k = xy / xx;
        let b = (y.iter().sum::<f64>() - k * x.iter().sum::<f64>()) / count;
        let text = |number: f64| {
            collection::encode(
                (&float(number).unwrap_or(Value::Null)).into(),
                &DataType::Float64,
            )
        };
        Ok(Value::Text(format!("[{},{}]", text(k), text(b))))
    }
);
rule!(AVG_WEIGHTED, |args| numeric(args, 2), |rows| {
    let (x, weights) = (rows.numbers(0)?, rows.numbers(1)?);
    let sum = x
        .iter()
        .zip(&weights)
        .map(|(x, weight)| x * weight)
        .sum::<f64>();
    float(sum / weights.iter().sum::<f64>())
});
rule!(ENTROPY, |_| Ok(DataType::Float64), |rows| {
    let mut counts: HashMap<Vec<u8>, f64> = HashMap::new();
    for row in rows.rows {
        let mut key = Vec::new();
        row.iter()
            .for_each(|value| write_key(&mut key, value.into()));
        *counts.entry(key).or_default() += 1.0;
    }
    let total = rows.rows.len() as f64;
    float(
        counts
            .values()
            .map(|count| -(count / total) * (count / total).log2())
            .sum(),
    )
});
rule!(QUANTILE_EXACT, inner, |rows| {
    Ok(at_level(&rows.sorted(), rows.constant(1).unwrap_or(0.5)))
});
rule!(QUANTILE_EXACT_LOW, inner, |rows| {
    let values = rows.sorted();
    let level = rows.constant(1).unwrap_or(0.5);
    let middle = (values.len() - 1) / 2;
    Ok(if level == 0.5 {
        values[middle].clone()
    } else {
        at_level(&values, level)
    })
});
rule!(QUANTILE_EXACT_HIGH, inner, |rows| {
    let values = rows.sorted();
    let level = rows.constant(1).unwrap_or(0.5);
    Ok(if level == 0.5 {
        values[values.len() / 2].clone()
    } else {
        at_level(&values, level)
    })
});
rule!(QUANTILES_EXACT, |args| Ok(array(inner(args)?)), |rows| {
    let values = rows.sorted();
    let levels = (1..).map_while(|column| rows.constant(column));
    let found: Vec<_> = levels.map(|level| at_level(&values, level)).collect();
    Ok(rows.array(&found))
});
rule!(QUANTILES, |args| Ok(array(numeric(args, 1)?)), |rows| {
    let mut numbers = rows.numbers(0)?;
    numbers.retain(|number| !number.is_nan());
    numbers.sort_by(f64::total_cmp);
    let levels = (1..).map_while(|column| rows.constant(column));
    let found: Vec<_> = levels
        .map(|level| Value::Real(interpolated(&numbers, level * (numbers.len() as f64 - 1.0))))
        .collect();
    Ok(rows.array(&found))
});
rule!(QUANTILE_INCLUSIVE, |args| numeric(args, 1), |rows| {
    let mut numbers = rows.numbers(0)?;
    numbers.sort_by(f64::total_cmp);
    float(interpolated(
        &numbers,
        rows.constant(1).unwrap_or(0.5) * (numbers.len() as f64 - 1.0),
    ))
});
rule!(QUANTILE_EXCLUSIVE, |args| numeric(args, 1), |rows| {
    let mut numbers = rows.numbers(0)?;
    numbers.sort_by(f64::total_cmp);
    float(interpolated(
        &numbers,
        rows.constant(1).unwrap_or(0.5) * (numbers.len() as f64 + 1.0) - 1.0,
    ))
});
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
        Ok(array(super::sum_type(&inner(args)?)))
    },
    |rows| {
        let window = rows.length(1).max(1);
        let item = rows.item_type();
        let exact = !types::is_float(item);
        let mut sums: Vec<Value> = Vec::new();
        for end in 1..=rows.rows.len() {
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
    let averages: Vec<_> = (0..numbers.len())
        .map(|end| {
            let start = (end + 1).saturating_sub(window);
            Value::Real(numbers[start..=end].iter().sum::<f64>() / window as f64)
        })
        .collect();
    Ok(rows.array(&averages))
});
rule!(MAX_K, best_type, |rows| best(rows, true));
rule!(MIN_K, best_type, |rows| best(rows, false));
rule!(
    DELTA_SUM,
    |args| numeric(args, 1).and_then(|_| inner(args)),
    |rows| {
        let numbers = rows.numbers(0)?;
        let rises = numbers
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .filter(|rise| *rise > 0.0);
        Num::Float(rises.sum()).write(rows.result)
    }
);
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
rule!(
    SUM_COUNT,
    |args| {
        numeric(args, 1)?;
        Ok(DataType::Tuple(vec![
            (String::new(), super::sum_type(&inner(args)?)),
            (String::new(), DataType::UInt(64)),
        ]))
    },
    |rows| {
        let item = super::sum_type(rows.input);
        let mut sum = super::numeric::Sum::new(&item);
        rows.rows
            .iter()
            .try_for_each(|row| sum.add(&[(&row[0]).into()]))?;
        Ok(Value::Text(format!(
            "[{},{}]",
            collection::encode((&sum.finish()?).into(), &item),
            rows.rows.len()
        )))
    }
);
rule!(BIT_AND, bits_type, |rows| bits(rows, u64::MAX, |x, y| x
    & y));
rule!(BIT_OR, bits_type, |rows| bits(rows, 0, |x, y| x | y));
rule!(BIT_XOR, bits_type, |rows| bits(rows, 0, |x, y| x ^ y));
rule!(
    LTTB,
    |args| {
        let point = args.iter().take(2).map(|arg| {
            (
                String::new(),
                if arg.data_type.is_time() {
                    arg.data_type.inner().clone()
                } else {
                    DataType::Float64
                },
            )
        });
        Ok(array(DataType::Tuple(point.collect())))
    },
    |rows| {
        let DataType::Tuple(fields) = rows.item_type() else {
            return Err("a point expected".to_string());
        };
        let mut points: Vec<(f64, f64)> =
            rows.numbers(0)?.into_iter().zip(rows.numbers(1)?).collect();
        points.sort_by(|(x, _), (y, _)| x.total_cmp(y));
        let write = |number: f64, field: &DataType| {
            let value = if field.is_time() {
                Value::Integer(number as i64)
            } else {
                Value::Real(number)
            };
            collection::encode((&value).into(), field)
        };
        let kept = buckets(&points, rows.length(2));
        let kept = kept
            .iter()
            .map(|(x, y)| format!("[{},{}]", write(*x, &fields[0].1), write(*y, &fields[1].1)));
        Ok(Value::Text(format!(
            "[{}]",
            kept.collect::<Vec<_>>().join(",")
        )))
    }
);
rule!(AVG_TIME, |args| numeric(args, 1), |rows| {
    let weighted = time_weights(rows)?;
    let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    float(
        weighted
            .iter()
            .map(|(value, weight)| value * weight)
            .sum::<f64>()
            / total,
    )
});
rule!(MEDIAN_TIME, |args| numeric(args, 1), |rows| {
    let mut weighted = time_weights(rows)?;
    weighted.sort_by(|(x, _), (y, _)| x.total_cmp(y));
    let half = weighted.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    let found = weighted.iter().find(|(_, weight)| {
        sum += weight;
        sum >= half
    });
    float(found.map_or(f64::NAN, |(value, _)| *value))
});
rule!(XIRR, |args| numeric(args, 1), |rows| {
    let per_day = match rows.order {
        DataType::DateTime { .. } => 86_400.0,
        DataType::DateTime64 { precision, .. } => 86_400.0 * 10f64.powi(i32::from(*precision)),
        _ => 1.0,
    };
    let days: Vec<_> = rows
        .numbers(1)?
        .into_iter()
        .map(|time| time / per_day)
        .collect();
    let flows = rows.numbers(0)?;
    float(internal_rate(&flows, &days))
});
rule!(SUM_MAP, |args| map_type(args, true), |rows| maps(
    rows,
    |x, y| x + y
));
rule!(MIN_MAP, |args| map_type(args, false), |rows| maps(
    rows,
    f64::min
));
rule!(MAX_MAP, |args| map_type(args, false), |rows| maps(
    rows,
    f64::max
));

/// The value at a share of the places, without interpolation.
fn at_level(values: &[&Value], level: f64) -> Value {
    let place = (level * values.len() as f64) as usize;
    values[place.min(values.len() - 1)].clone()
}

fn interpolated(numbers: &[f64], place: f64) -> f64 {
    let Some(last) = numbers.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = place.clamp(0.0, last as f64);
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    numbers[low] + (numbers[high] - numbers[low]) * (place - place.floor())
}

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

fn bits_type(args: &[Typed]) -> Result<DataType, String> {
    match inner(args)? {
        whole @ (DataType::Int(8..=64) | DataType::UInt(8..=64)) => Ok(whole),
        other => Err(format!("takes a whole number, not {other}")),
    }
}

fn bits(rows: &Rows<'_>, start: u64, combine: fn(u64, u64) -> u64) -> Result<Value, String> {
    let mut total = start;
    for row in rows.rows {
        let number = Num::read((&row[0]).into())?.and_then(|number| number.whole());
        total = combine(total, number.unwrap_or(0) as u64);
    }
    let number = match rows.result {
        DataType::Int(_) => i128::from(total.cast_signed()),
        _ => i128::from(total),
    };
    Num::Int(number).write(rows.result)
}

/// Largest triangle, three buckets: a point of every bucket that keeps the line's shape.
fn buckets(points: &[(f64, f64)], count: usize) -> Vec<(f64, f64)> {
    match (count, points) {
        (0, _) => return Vec::new(),
        (1, [first, ..]) => return vec![*first],
        (2, [first, .., last]) => return vec![*first, *last],
        _ if points.len() <= count => return points.to_vec(),
        _ => {}
    }
    let every = (points.len() - 2) as f64 / (count - 2) as f64;
    let bound = |bucket: usize| ((bucket as f64 * every) as usize + 1).min(points.len() - 1);
    let mut kept = vec![points[0]];
    for bucket in 0..count - 2 {
        let next = &points[bound(bucket + 1)
            ..bound(bucket + 2)
                .max(bound(bucket + 1) + 1)
                .min(points.len())];
        let size = next.len() as f64;
        let mean = (
            next.iter().map(|p| p.0).sum::<f64>() / size,
            next.iter().map(|p| p.1).sum::<f64>() / size,
        );
        let last = kept[kept.len() - 1];
        let area = |p: &(f64, f64)| {
            ((last.0 - mean.0) * (p.1 - last.1) - (last.0 - p.0) * (mean.1 - last.1)).abs()
        };
        let within = &points[bound(bucket)..bound(bucket + 1)];
        let mut largest = within[0];
        for point in within {
            if area(point) > area(&largest) {
                largest = *point;
            }
        }
        kept.push(largest);
    }
    kept.push(points[points.len() - 1]);
    kept
}

/// Values and how long each held: to the next time, the last one to the end that may be given.
fn time_weights(rows: &Rows<'_>) -> Result<Vec<(f64, f64)>, String> {
    let mut points: Vec<(f64, f64)> = rows.numbers(1)?.into_iter().zip(rows.numbers(0)?).collect();
    points.sort_by(|(x, _), (y, _)| x.total_cmp(y));
    let ends = points
        .iter()
        .skip(1)
        .map(|(time, _)| *time)
        .chain(rows.constant(2));
    Ok(points
        .iter()
        .zip(ends)
        .map(|((time, value), end)| (*value, end - time))
        .collect())
}

/// The yearly rate at which flows, given with their days, are worth nothing; by bisection.
fn internal_rate(flows: &[f64], days: &[f64]) -> f64 {
    let start = days.iter().copied().fold(f64::INFINITY, f64::min);
    let worth = |rate: f64| -> f64 {
        let discounted =
            |(flow, day): (&f64, &f64)| flow / (1.0 + rate).powf((day - start) / 365.0);
        flows.iter().zip(days).map(discounted).sum()
    };
    let (mut low, mut high) = (-0.999_999, 1.0);
    while worth(low) * worth(high) > 0.0 && high < 1e6 {
        high *= 10.0;
    }
    if worth(low) * worth(high) > 0.0 {
        return f64::NAN;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if worth(low) * worth(middle) <= 0.0 {
            high = middle
        } else {
            low = middle
        }
    }
    f64::midpoint(low, high)
}

fn map_type(args: &[Typed], sum: bool) -> Result<DataType, String> {
    match inner(args)? {
        DataType::Map(key, value) if value.is_numeric() => {
            let value = if sum {
                super::sum_type(value.inner())
            } else {
                *value
            };
            Ok(DataType::Map(key, Box::new(value)))
        }
        other => Err(format!("takes a map of numbers, not {other}")),
    }
}

fn maps(rows: &Rows<'_>, combine: fn(f64, f64) -> f64) -> Result<Value, String> {
    let DataType::Map(_, value) = rows.result else {
        return Err("a map expected".to_string());
    };
    let mut total: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    for row in rows.rows {
        let Value::Text(json) = &row[0] else { continue };
        for (key, json) in collection::members(json) {
            let number = Num::parse(json.get()).map_or(f64::NAN, |number| number.float());
            total
                .entry(key)
                .and_modify(|known| *known = combine(*known, number))
                .or_insert(number);
        }
    }
    let mut members = Vec::with_capacity(total.len());
    for (key, number) in total {
        let number = Num::Float(number).write(value)?;
        members.push(format!(
            "{}:{}",
            serde_json::Value::from(key),
            collection::encode((&number).into(), value)
        ));
    }
    Ok(Value::Text(format!("{{{}}}", members.join(","))))
}
