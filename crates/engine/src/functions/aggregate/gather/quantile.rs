//! Quantiles of all values.

use rusqlite::types::Value;

use super::{Rule, array, float, inner, numeric};

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
