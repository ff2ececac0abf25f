//! A point for each row.

use weir_live::{Aggregate, PointsSpec, Ring};

use super::{Fields, Plot, Shape, is_time, reach, series_name, shape};
use crate::dashboards::{kind::Kind, options::Options};

const MOST_SERIES: usize = 12;
const MOST_POINTS: u64 = 20_000;

pub(super) fn scatter(ring: &Ring, options: &Options) -> Plot {
    let fields = Fields::of(Kind::Scatter, options, ring);
    let named = |column: usize| ring.columns()[column].name.clone();
    let time = is_time(ring, fields.x);
    let mut shape = Shape {
        time,
        ..shape(Kind::Scatter, options)
    };
    if shape.x_title.is_empty() && !time {
        shape.x_title = fields.x.map(named).unwrap_or_default();
    }
    if let ([y], true) = (fields.y.as_slice(), shape.y_title.is_empty()) {
        shape.y_title = named(*y);
    }
    let mut window = reach(options);
    let Some(x) = fields.x else {
        return Plot {
            shape,
            window,
            ..Plot::default()
        };
    };
    let spec = PointsSpec {
        x,
        y: fields.y.clone(),
        group: fields.group,
        rows: MOST_POINTS,
        groups: MOST_SERIES,
    };
    let mut drawn = weir_live::points(ring, &spec);
    if time {
        drawn.x.iter_mut().for_each(|x| *x *= 1e-3);
    }
    if let Some((low, high)) = ends(&drawn.x) {
        (window.x_min, window.x_max) = (Some(low), Some(high));
    }
    if let Some((low, high)) = ends(&drawn.y) {
        window.y_min = window.y_min.or(Some(low));
        window.y_max = window.y_max.or(Some(high));
    }
    let names = drawn.names.iter();
    shape.names = names
        .map(|(column, group)| series_name(ring, &fields, Aggregate::Newest, *column, group))
        .collect();
    // What the chart reads for its legend; the points themselves are in `bases`.
    let nothing = vec![f64::NAN; drawn.x.len()];
    Plot {
        ys: vec![nothing; shape.names.len()],
        shape,
        window,
        x: drawn.x,
        bases: vec![drawn.y, drawn.series],
        left_out: drawn.left_out,
        behind: 0,
    }
}

/// With some room around.
fn ends(values: &[f64]) -> Option<(f64, f64)> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let room = match high - low {
        0.0 => low.abs().max(1.0) * 0.05,
        span => span * 0.04,
    };
    low.is_finite().then_some((low - room, high + room))
}
