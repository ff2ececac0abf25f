//! How much of the result is in the picture.

use serde::Serialize;
use weir_live::Ring;

use super::super::options::Options;

/// Changes with the rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Window {
    /// Names of the places on the axis, where it has no numbers.
    pub places: Vec<String>,
    /// The same where one is told by itself.
    pub told: Vec<String>,
    pub x_min: Option<f64>,
    pub x_max: Option<f64>,
    pub y_min: Option<f64>,
    pub y_max: Option<f64>,
}

pub(super) fn reach(options: &Options) -> Window {
    let pair: Option<[f64; 2]> = options
        .raw("yRange")
        .and_then(|raw| serde_json::from_str(&raw).ok());
    Window {
        y_min: options.number("yRange.min").or(pair.map(|pair| pair[0])),
        y_max: options.number("yRange.max").or(pair.map(|pair| pair[1])),
        ..Window::default()
    }
}

/// Rows from the first within `span` milliseconds of the newest x on, and the ends of the axis.
pub(super) fn recent(
    ring: &Ring,
    x: Option<usize>,
    span: Option<f64>,
) -> (u64, Option<(f64, f64)>) {
    let (Some(x), Some(span)) = (x, span) else {
        return (ring.first(), None);
    };
    let newest = ring
        .cells(x, ring.first()..ring.end())
        .filter_map(|(_, cell)| cell.as_f64())
        .fold(f64::NEG_INFINITY, f64::max);
    let from = newest - span;
    let first = ring
        .cells(x, ring.first()..ring.end())
        .find(|(_, cell)| cell.as_f64().is_some_and(|value| value >= from));
    let ends = newest.is_finite().then_some((from / 1e3, newest / 1e3));
    (first.map_or(ring.first(), |(row, _)| row), ends)
}

/// Milliseconds.
pub(super) fn span_of(options: &Options, span: Option<f64>) -> Option<f64> {
    let own = options.number("xRange").filter(|minutes| *minutes > 0.0);
    span.map(|seconds| seconds * 1e3)
        .or(own.map(|minutes| minutes * 60e3))
}
