//! `histogram`: bins of values that need not be known beforehand, after Ben-Haim and Tom-Tov.

use rusqlite::types::Value;
use weir_api::DataType;

use super::{Rule, array};
use crate::functions::collection;

/// As many as the vendor has.
const MOST_BINS: usize = 250;

rule!(
    HISTOGRAM,
    |args| {
        let number = |place: usize| args.get(place).map(|arg| arg.data_type.inner());
        if !number(0).is_some_and(|t| t.is_numeric() || *t == DataType::Bool) {
            return Err("takes numbers".into());
        }
        let bin = ["lower", "upper", "height"].map(|_| (String::new(), DataType::Float64));
        Ok(array(DataType::Tuple(bin.into())))
    },
    |rows| {
        let bins = rows.length(1);
        if !(1..=MOST_BINS).contains(&bins) {
            return Err(format!("takes from 1 to {MOST_BINS} bins"));
        }
        let values = rows.numbers(0)?;
        if values.iter().any(|value| !value.is_finite()) {
            return Err("takes finite numbers".into());
        }
        let float =
            |number: f64| collection::encode((&Value::Real(number)).into(), &DataType::Float64);
        let bins = histogram(&values, bins);
        let bins = bins.iter().map(|bin| {
            let [lower, upper, height] = bin.map(float);
            format!("[{lower},{upper},{height}]")
        });
        let bins: Vec<String> = bins.collect();
        Ok(Value::Text(format!("[{}]", bins.join(","))))
    }
);

#[derive(Debug, Clone, Copy)]
struct Point {
    mean: f64,
    weight: f64,
}

impl Point {
    fn with(self, other: Self) -> Self {
        let weight = self.weight + other.weight;
        Self {
            mean: self.mean + other.weight * (other.mean - self.mean) / weight,
            weight,
        }
    }
}

/// Lower edge, upper edge and height of each bin.
fn histogram(values: &[f64], bins: usize) -> Vec<[f64; 3]> {
    let mut points: Vec<Point> = Vec::with_capacity(2 * bins);
    let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        points.push(Point {
            mean: *value,
            weight: 1.0,
        });
        (least, greatest) = (least.min(*value), greatest.max(*value));
        if points.len() >= 2 * bins {
            compress(&mut points, bins);
        }
    }
    compress(&mut points, bins);
    points.dedup_by(|next, point| {
        let same = (point.mean - next.mean).abs() < 1e-8;
        if same {
            *point = point.with(*next);
        }
        same
    });
    // Between two points the height goes over from one to the other in a straight line.
    let half = |point: &Point, beside: Option<&Point>| match beside {
        Some(beside) => (3.0 * point.weight + beside.weight) / 8.0,
        None => point.weight / 2.0,
    };
    let edge = |left: &Point, right: &Point| (left.mean + right.mean) / 2.0;
    let bin = |(at, point): (usize, &Point)| {
        let before = at.checked_sub(1).and_then(|at| points.get(at));
        let behind = points.get(at + 1);
        [
            before.map_or(least, |before| edge(before, point)),
            behind.map_or(greatest, |behind| edge(point, behind)),
            half(point, before) + half(point, behind),
        ]
    };
    points.iter().enumerate().map(bin).collect()
}

/// Makes one of the two closest points until so many are left.
fn compress(points: &mut Vec<Point>, most: usize) {
    points.sort_by(|left, right| left.mean.total_cmp(&right.mean));
    while points.len() > most {
        let apart = points.windows(2).map(|pair| pair[1].mean - pair[0].mean);
        let closest = apart
            .enumerate()
            .min_by(|(_, one), (_, other)| one.total_cmp(other));
        let Some((at, _)) = closest else {
            return;
        };
        let next = points.remove(at + 1);
        points[at] = points[at].with(next);
    }
}
