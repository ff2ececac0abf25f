//! How a picture looks.

use serde::Serialize;

use super::super::options::{Options, Unit};
use crate::dashboards::kind::Kind;

/// Changes rarely: the chart is built anew when it does.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Shape {
    pub kind: &'static str,
    pub names: Vec<String>,
    pub colours: Vec<String>,
    pub time: bool,
    /// They are days, without a clock: the axis has no zone.
    pub dates: bool,
    /// Whose clocks the times are on, by the name that browsers know.
    pub zone: String,
    /// Column of the axis.
    pub x_name: String,
    pub curve: bool,
    pub points: bool,
    pub grid: bool,
    pub legend: bool,
    pub stacked: bool,
    /// More lines than can be stroked in time or named in a legend.
    pub many: bool,
    /// Numbers are written at bars and points.
    pub labels: bool,
    pub x_title: String,
    pub y_title: String,
    pub x_format: String,
    pub before: String,
    pub after: String,
    pub digits: Option<usize>,
    pub max_char: Option<usize>,
}

pub(super) fn shape(kind: Kind, options: &Options) -> Shape {
    let unit = Unit::of(options);
    Shape {
        kind: kind.word(),
        colours: options.list("colors"),
        curve: options.text("lineStyle") == "curve",
        points: options.flag("points", false),
        grid: options.flag("gridlines", true),
        legend: options.flag("legend", true),
        labels: options.flag("dataLabel", false),
        x_title: options.text("xTitle"),
        y_title: options.text("yTitle"),
        x_format: options.text("xFormat"),
        before: unit.before,
        after: unit.after,
        digits: options.digits(),
        max_char: options
            .number("yTickLabel.maxChar")
            .map(|n| n.max(1.0) as usize),
        ..Shape::default()
    }
}
