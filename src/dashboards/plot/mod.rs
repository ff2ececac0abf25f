//! What a chart draws of the rows held: lines over an axis, bars by category, points, candles.

mod bars;
mod candles;
mod scatter;

use serde::Serialize;
use weir_live::{Aggregate, Charter, LinesSpec, Ring, X};

use self::{bars::bars, candles::candles, scatter::scatter};
use super::{
    options::{Kind, Options, Unit},
    pick,
};

/// More points than pixels only cost time.
const POINTS: usize = 1_200;
const MOST_LINES: usize = 100;
/// More than these are painted as pixels, each one pixel thick.
const STROKED_LINES: usize = 12;

/// In place of a column's name: the rows' numbers.
pub const ROW: &str = "@row";

/// Changes rarely: the chart is built anew when it does.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Shape {
    pub kind: &'static str,
    pub names: Vec<String>,
    pub colours: Vec<String>,
    pub time: bool,
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

/// Changes with the rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Window {
    /// Names of the places on the axis, where it has no numbers.
    pub places: Vec<String>,
    pub x_min: Option<f64>,
    pub x_max: Option<f64>,
    pub y_min: Option<f64>,
    pub y_max: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plot {
    pub shape: Shape,
    pub window: Window,
    /// Seconds where it is a time.
    pub x: Vec<f64>,
    /// One for each name, as long as `x`; NaN where there is nothing.
    pub ys: Vec<Vec<f64>>,
    /// Where stacked bars begin; of points: their values, and the series each belongs to.
    pub bases: Vec<Vec<f64>>,
    /// Rows that are not drawn because there are too many groups or places.
    pub left_out: u64,
}

/// Columns a chart takes its values from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// `None`: the rows' numbers.
    pub x: Option<usize>,
    pub y: Vec<usize>,
    pub group: Option<usize>,
}

impl Fields {
    /// As configured; what is not, or is not there, is guessed from the types.
    pub fn of(kind: Kind, options: &Options, ring: &Ring) -> Self {
        let named = |key: &str| options.some(key).and_then(|name| ring.column(&name));
        let names = match kind {
            Kind::SingleValue => options.list("value"),
            _ => options.list("yAxis"),
        };
        let mut y: Vec<usize> = names.iter().filter_map(|name| ring.column(name)).collect();
        let x = named("xAxis");
        if y.is_empty() {
            let counts = options.aggregate() == Aggregate::Count || kind == Kind::SingleValue;
            let first = (counts && !ring.columns().is_empty()).then_some(0);
            let number = match kind {
                Kind::Scatter => pick::numbers(ring)
                    .filter(|column| Some(*column) != x)
                    .nth(usize::from(x.is_none())),
                _ => None,
            };
            y.extend(number.or_else(|| pick::usual_number(ring)).or(first));
        }
        let by_row = options.text("xAxis") == ROW;
        let guessed = || match kind {
            // Bars are of things before they are of times.
            Kind::Bar | Kind::Column => ring
                .columns()
                .iter()
                .position(|column| !column.data_type.is_numeric() && !column.data_type.is_time())
                .or_else(|| pick::usual_time(ring)),
            Kind::Scatter => pick::numbers(ring)
                .find(|column| !y.contains(column))
                .or_else(|| pick::usual_time(ring)),
            _ => pick::usual_time(ring),
        };
        Self {
            x: x.or_else(|| if by_row { None } else { guessed() }),
            y,
            group: named("color"),
        }
    }
}

fn shape(kind: Kind, options: &Options) -> Shape {
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

fn reach(options: &Options) -> Window {
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
fn recent(ring: &Ring, x: Option<usize>, span: Option<f64>) -> (u64, Option<(f64, f64)>) {
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
fn span_of(options: &Options, span: Option<f64>) -> Option<f64> {
    let own = options.number("xRange").filter(|minutes| *minutes > 0.0);
    span.map(|seconds| seconds * 1e3)
        .or(own.map(|minutes| minutes * 60e3))
}

fn is_time(ring: &Ring, column: Option<usize>) -> bool {
    column.is_some_and(|column| ring.columns()[column].data_type.is_time())
}

fn series_name(
    ring: &Ring,
    fields: &Fields,
    aggregate: Aggregate,
    column: usize,
    group: &str,
) -> String {
    let name = &ring.columns()[column].name;
    let name = match aggregate {
        Aggregate::Newest => name.clone(),
        Aggregate::Sum => format!("sum of {name}"),
        Aggregate::Average => format!("average of {name}"),
        Aggregate::Least => format!("least {name}"),
        Aggregate::Greatest => format!("greatest {name}"),
        Aggregate::Count if fields.y.len() == 1 => "rows".into(),
        Aggregate::Count => format!("rows with {name}"),
    };
    let group = if group.is_empty() { "(empty)" } else { group };
    match (fields.group, fields.y.len()) {
        (None, _) => name,
        (Some(_), 1) => group.into(),
        (Some(_), _) => format!("{name} {group}"),
    }
}

/// Draws again and again, so that only new rows are looked at where that is enough.
#[derive(Default)]
pub struct Plotter(Option<(Stamp, Charter)>);

/// Tells rings apart: it differs when row numbers begin anew.
pub type Stamp = (u64, u64);

impl Plotter {
    /// `span`: seconds before the newest row that are shown; `None` takes the panel's own
    /// `xRange`.
    pub fn plot(
        &mut self,
        kind: Kind,
        (ring, stamp): (&Ring, Stamp),
        options: &Options,
        span: Option<f64>,
    ) -> Plot {
        match kind {
            Kind::Bar | Kind::Column => bars(kind, ring, options),
            Kind::Ohlc => candles(ring, options, span),
            Kind::Scatter => scatter(ring, options),
            _ => self.lines(kind, (ring, stamp), options, span),
        }
    }

    fn lines(
        &mut self,
        kind: Kind,
        (ring, stamp): (&Ring, Stamp),
        options: &Options,
        span: Option<f64>,
    ) -> Plot {
        let fields = Fields::of(kind, options, ring);
        let time = is_time(ring, fields.x);
        let span = span_of(options, span).filter(|_| time);
        let aggregate = options.aggregate();
        let spec = LinesSpec {
            x: fields.x.map_or(X::Row, X::Column),
            y: fields.y.clone(),
            group: fields.group,
            aggregate,
            span,
            points: POINTS,
            groups: MOST_LINES,
        };
        let known = self.0.take();
        let known = known.filter(|(of, charter)| *of == stamp && *charter.spec() == spec);
        let (_, charter) = self
            .0
            .insert(known.unwrap_or_else(|| (stamp, Charter::new(spec))));
        charter.update(ring);
        let mut drawn = charter.lines();
        let scale = if time { 1e-3 } else { 1.0 };
        drawn.x.iter_mut().for_each(|x| *x *= scale);
        let end = charter.greatest().map(|end| end * scale);
        let names = drawn.lines.iter();
        let shape = shape(kind, options);
        let plain = kind == Kind::Line && !shape.curve && !shape.points && !shape.labels;
        Plot {
            shape: Shape {
                time,
                names: names
                    .map(|line| series_name(ring, &fields, aggregate, line.column, &line.group))
                    .collect(),
                many: plain && drawn.lines.len() > STROKED_LINES,
                ..shape
            },
            window: Window {
                x_min: end.zip(span).map(|(end, span)| end - span * scale),
                x_max: end.filter(|_| span.is_some()),
                ..reach(options)
            },
            x: drawn.x,
            ys: drawn.lines.into_iter().map(|line| line.y).collect(),
            bases: Vec::new(),
            left_out: drawn.left_out,
        }
    }
}

/// In words, for those who do not see the drawing.
pub fn words(plot: &Plot) -> String {
    let last = |y: &Vec<f64>| y.iter().rev().copied().find(|v| v.is_finite());
    let parts: Vec<String> = plot
        .shape
        .names
        .iter()
        .zip(&plot.ys)
        .filter_map(|(name, y)| {
            let value = super::number::short(last(y)?, plot.shape.digits);
            Some(format!("{name} {value}{}", plot.shape.after))
        })
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn ring(columns: &[(&str, &str)], json: &str) -> Ring {
        let columns = columns.iter().map(|(name, kind)| RingColumn {
            name: (*name).into(),
            data_type: DataType::parse(kind).expect("a type"),
        });
        let mut ring = Ring::new(columns.collect(), Limits::default());
        ring.push(json.as_bytes()).expect("rows");
        ring
    }

    fn options(json: &str) -> Options {
        Options::from_json(json).expect("options")
    }

    fn plot(kind: Kind, ring: &Ring, options: &Options, span: Option<f64>) -> Plot {
        Plotter::default().plot(kind, (ring, (0, 0)), options, span)
    }

    const LOAD: &[(&str, &str)] = &[("t", "datetime"), ("host", "string"), ("v", "float64")];

    #[test]
    fn lines_by_colour_within_the_range() {
        let ring = ring(
            LOAD,
            r#"[["2026-01-01T00:00:00Z","a",1],["2026-01-01T00:10:00Z","a",2],["2026-01-01T00:10:30Z","b",3]]"#,
        );
        let drawn = plot(
            Kind::Line,
            &ring,
            &options(r#"{"color":"host","xRange":5}"#),
            None,
        );
        assert_eq!(drawn.shape.names, ["a", "b"]);
        assert_eq!((drawn.x.len(), drawn.ys[0][0]), (2, 2.0));
        let width = drawn
            .window
            .x_max
            .zip(drawn.window.x_min)
            .map(|(b, a)| b - a);
        assert_eq!(width, Some(300.0));
        // The page's range is stronger than the panel's.
        let wide = plot(
            Kind::Line,
            &ring,
            &options(r#"{"xRange":5}"#),
            Some(3_600.0),
        );
        assert_eq!(wide.x.len(), 3);
        assert_eq!(words(&wide), "v 3");
    }

    #[test]
    fn bars_stack_upwards_and_downwards() {
        let ring = ring(
            LOAD,
            r#"[["2026-01-01T00:00:00Z","a",1],["2026-01-01T00:00:00Z","b",-2],["2026-01-01T00:00:01Z","a",5],["2026-01-01T00:00:01Z","c",4]]"#,
        );
        let stacked = plot(
            Kind::Column,
            &ring,
            &options(r#"{"xAxis":"t","color":"host"}"#),
            None,
        );
        assert_eq!(stacked.window.places, ["00:00:00", "00:00:01"]);
        assert_eq!(stacked.shape.names, ["a", "b", "c"]);
        assert_eq!((stacked.bases[2][1], stacked.bases[1][0]), (5.0, 0.0));
        assert!(stacked.window.y_max > Some(9.0) && stacked.window.y_min < Some(-2.0));
        let beside = r#"{"xAxis":"t","color":"host","groupType":"dodge"}"#;
        let beside = plot(Kind::Bar, &ring, &options(beside), None);
        assert!(beside.bases.iter().flatten().all(|base| *base == 0.0));
    }

    #[test]
    fn bars_by_key_show_the_newest_value() {
        let ring = ring(
            LOAD,
            r#"[["2026-01-01T00:00:00Z","b",1],["2026-01-01T00:00:00Z","a",2],["2026-01-01T00:00:01Z","b",7]]"#,
        );
        let drawn = plot(
            Kind::Bar,
            &ring,
            &options(r#"{"updateMode":"key","updateKey":"host"}"#),
            None,
        );
        assert_eq!(drawn.window.places, ["b", "a"]);
        assert_eq!(drawn.ys, [[7.0, 2.0]]);
    }

    #[test]
    fn candles_need_their_columns_and_come_in_order() {
        let columns: &[(&str, &str)] = &[
            ("time", "datetime"),
            ("open", "float64"),
            ("high", "float64"),
            ("low", "float64"),
            ("close", "float64"),
        ];
        let ring = ring(
            columns,
            r#"[["2026-01-01T00:01:00Z",2,4,1,3],["2026-01-01T00:00:00Z",1,2,0,2],["2026-01-01T00:01:00Z",2,5,1,4]]"#,
        );
        let drawn = plot(Kind::Ohlc, &ring, &options("{}"), None);
        assert_eq!(
            (drawn.x.len(), drawn.ys[1].as_slice()),
            (2, [2.0, 5.0].as_slice())
        );
        let other = self::ring(LOAD, r#"[["2026-01-01T00:00:00Z","a",1]]"#);
        assert!(plot(Kind::Ohlc, &other, &options("{}"), None).x.is_empty());
    }

    #[test]
    fn the_range_of_values_is_read_either_way() {
        let window = reach(&options(r#"{"yRange":[0,100]}"#));
        assert_eq!((window.y_min, window.y_max), (Some(0.0), Some(100.0)));
        let window = reach(&options(r#"{"yRange":{"max":"5"}}"#));
        assert_eq!((window.y_min, window.y_max), (None, Some(5.0)));
    }
}
