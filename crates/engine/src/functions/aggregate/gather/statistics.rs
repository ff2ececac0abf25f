//! Moments, correlation, weighted means.

use std::collections::HashMap;

use rusqlite::types::Value;
use weir_api::DataType;

use super::super::Accumulator;
use super::super::key::write_key;
use super::{Rows, Rule, float, inner, numeric};
use crate::functions::collection;

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

rule!(
    SUM_COUNT,
    |args| {
        numeric(args, 1)?;
        Ok(DataType::Tuple(vec![
            (String::new(), super::super::sum_type(&inner(args)?)),
            (String::new(), DataType::UInt(64)),
        ]))
    },
    |rows| {
        let item = super::super::sum_type(rows.input);
        let mut sum = super::super::numeric::Sum::new(&item);
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
