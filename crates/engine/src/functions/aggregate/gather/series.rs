//! Values in the order of their times: changes, chosen points, means by time, returns.

use rusqlite::types::Value;
use weir_api::DataType;

use super::{Rows, Rule, array, float, inner, numeric};
use crate::{functions::collection, value::Num};

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
