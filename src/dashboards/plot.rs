//! What a chart draws of the rows held: lines over an axis, bars by category, candles.

use serde::Serialize;
use weir_live::{ChartSpec, Ring, X, chart};

use super::{
    options::{Kind, Options, Unit},
    pick::{self, Update},
};

const POINTS: usize = 800;
const MOST_SERIES: usize = 12;
/// More bars cannot be told apart.
const MOST_BARS: usize = 60;
const ROWS: usize = 5_000;

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
    /// Where stacked bars and areas begin.
    pub bases: Vec<Vec<f64>>,
}

/// Columns a chart takes its values from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pub x: Option<usize>,
    pub y: Vec<usize>,
    pub group: Option<usize>,
}

impl Fields {
    /// As configured; what is not, or is not there, is guessed from the types.
    pub fn of(options: &Options, ring: &Ring) -> Self {
        let named = |key: &str| options.some(key).and_then(|name| ring.column(&name));
        let names = options.list("yAxis");
        let mut y: Vec<usize> = names.iter().filter_map(|name| ring.column(name)).collect();
        if y.is_empty() {
            y.extend(pick::usual_number(ring));
        }
        Self {
            x: named("xAxis").or_else(|| pick::usual_time(ring)),
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

/// `span`: seconds before the newest row that are shown; `None` takes the panel's own `xRange`.
pub fn plot(kind: Kind, ring: &Ring, options: &Options, span: Option<f64>) -> Plot {
    match kind {
        Kind::Bar | Kind::Column => bars(kind, ring, options),
        Kind::Ohlc => candles(ring, options, span),
        _ => lines(kind, ring, options, span),
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

fn series_name(ring: &Ring, fields: &Fields, column: usize, group: &str) -> String {
    let name = &ring.columns()[column].name;
    match (fields.group, fields.y.len()) {
        (None, _) => name.clone(),
        (Some(_), 1) => group.into(),
        (Some(_), _) => format!("{name} {group}"),
    }
}

fn lines(kind: Kind, ring: &Ring, options: &Options, span: Option<f64>) -> Plot {
    let fields = Fields::of(options, ring);
    let time = is_time(ring, fields.x);
    let span = span_of(options, span).filter(|_| time);
    let (first, ends) = recent(ring, fields.x, span);
    let spec = ChartSpec {
        x: fields.x.map_or(X::Row, X::Column),
        y: fields.y.clone(),
        group: fields.group,
        points: POINTS,
        lines: MOST_SERIES,
    };
    let drawn = chart(ring, first..ring.end(), &spec);
    let scale = if time { 1e-3 } else { 1.0 };
    let mut plot = Plot {
        shape: Shape {
            time,
            names: drawn
                .lines
                .iter()
                .map(|line| series_name(ring, &fields, line.column, &line.group))
                .collect(),
            ..shape(kind, options)
        },
        window: Window {
            x_min: ends.map(|ends| ends.0),
            x_max: ends.map(|ends| ends.1),
            ..reach(options)
        },
        ..Plot::default()
    };
    // Where a point stands for many rows, low and high are drawn beside each other: no spike is
    // lost.
    let half = match drawn.x.as_slice() {
        [first, second, ..] => (second - first) / 2.0,
        _ => 0.0,
    };
    for x in &drawn.x {
        plot.x.push(x * scale);
        if drawn.gathered {
            plot.x.push((x + half) * scale);
        }
    }
    let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
    for line in drawn.lines {
        let both = line.min.iter().zip(&line.max);
        plot.ys.push(if drawn.gathered {
            both.flat_map(|(low, high)| [finite(*low), finite(*high)])
                .collect()
        } else {
            line.last
        });
    }
    plot
}

fn bars(kind: Kind, ring: &Ring, options: &Options) -> Plot {
    let mut fields = Fields::of(options, ring);
    if options.some("xAxis").is_none() {
        // Bars are of things before they are of times.
        let named = ring
            .columns()
            .iter()
            .position(|column| !column.data_type.is_numeric() && !column.data_type.is_time());
        fields.x = named.or(fields.x);
    }
    let rows = pick::rows(ring, Update::of(options, ring), ROWS);
    let mut places: Vec<(String, f64)> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    // Place, series, value; the newest of the same place and series holds.
    let mut values: Vec<(usize, usize, f64)> = Vec::new();
    for row in rows {
        let (place, order) = match fields.x {
            Some(x) => {
                let cell = ring.cell(row, x);
                (cell.text(), cell.as_f64().unwrap_or(f64::NAN))
            }
            None => (row.to_string(), row as f64),
        };
        let place = position(
            &mut places,
            |known| known.0 == place,
            || (place.clone(), order),
        );
        let group = fields.group.map(|group| ring.cell(row, group).text());
        for column in &fields.y {
            let name = series_name(ring, &fields, *column, group.as_deref().unwrap_or_default());
            let series = position(&mut names, |known| *known == name, || name.clone());
            if let Some(value) = ring.cell(row, *column).as_f64().filter(|v| v.is_finite()) {
                values.push((place, series, value));
            }
        }
    }
    names.truncate(MOST_SERIES);
    // Times and numbers in their order, everything else as it came.
    let mut order: Vec<usize> = (0..places.len()).collect();
    if places.iter().all(|(_, value)| !value.is_nan()) {
        order.sort_by(|a, b| places[*a].1.total_cmp(&places[*b].1));
    }
    let beyond = order.len().saturating_sub(MOST_BARS);
    let order: Vec<usize> = order.split_off(beyond);
    let mut at = vec![usize::MAX; places.len()];
    for (index, place) in order.iter().enumerate() {
        at[*place] = index;
    }
    let empty = vec![f64::NAN; order.len()];
    let mut ys = vec![empty; names.len()];
    for (place, series, value) in values {
        if series < names.len() && at[place] < order.len() {
            ys[series][at[place]] = value;
        }
    }
    let stacked = options.text("groupType") != "dodge";
    let (bases, tops) = stack(&ys, stacked);
    let mut window = reach(options);
    let ends = bases
        .iter()
        .chain(&tops)
        .flatten()
        .copied()
        .filter(|v| v.is_finite());
    let (low, high) = ends.fold((0.0f64, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
    let room = (high - low) * 0.05;
    window.y_min = window
        .y_min
        .or(Some(if low < 0.0 { low - room } else { 0.0 }));
    window.y_max = window
        .y_max
        .or(Some(if high > low { high + room } else { 1.0 }));
    window.places = order.iter().map(|place| label(&places[*place].0)).collect();
    Plot {
        shape: Shape {
            names,
            stacked,
            ..shape(kind, options)
        },
        window,
        x: (0..order.len()).map(|index| index as f64).collect(),
        ys,
        bases,
    }
}

/// A time without what does not change from bar to bar.
fn label(text: &str) -> String {
    match (text.find('T'), text.strip_suffix('Z')) {
        (Some(10), Some(time)) => time[11..].split('.').next().unwrap_or_default().into(),
        _ => text.into(),
    }
}

fn position<T>(all: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> usize {
    match all.iter().position(is) {
        Some(found) => found,
        None => {
            all.push(make());
            all.len() - 1
        }
    }
}

/// Where each bar begins and ends: on the one before of the same sign, or all at 0.
fn stack(ys: &[Vec<f64>], stacked: bool) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let places = ys.first().map_or(0, Vec::len);
    let (mut up, mut down) = (vec![0.0; places], vec![0.0; places]);
    let (mut bases, mut tops) = (Vec::new(), Vec::new());
    for y in ys {
        let mut base = vec![0.0; places];
        let mut top = y.clone();
        if stacked {
            for (place, value) in y.iter().enumerate() {
                if value.is_finite() {
                    let edge = if *value < 0.0 { &mut down } else { &mut up };
                    base[place] = edge[place];
                    edge[place] += value;
                    top[place] = edge[place];
                }
            }
        }
        bases.push(base);
        tops.push(top);
    }
    (bases, tops)
}

/// Columns `time`, `open`, `high`, `low`, `close`; the newest row of a time holds.
fn candles(ring: &Ring, options: &Options, span: Option<f64>) -> Plot {
    let named = |key: &str| {
        let name = options.some(key).unwrap_or_else(|| key.into());
        ring.column(&name)
    };
    let time = named("time").or_else(|| pick::usual_time(ring));
    let (first, ends) = recent(ring, time, span_of(options, span));
    let mut plot = Plot {
        shape: Shape {
            time: true,
            names: ["open", "high", "low", "close"].map(String::from).into(),
            ..shape(Kind::Ohlc, options)
        },
        window: Window {
            x_min: ends.map(|ends| ends.0),
            x_max: ends.map(|ends| ends.1),
            ..reach(options)
        },
        ys: vec![Vec::new(); 4],
        ..Plot::default()
    };
    let columns = ["open", "high", "low", "close"].map(named);
    let (Some(time), [Some(open), Some(high), Some(low), Some(close)]) = (time, columns) else {
        return plot;
    };
    let mut rows: Vec<(f64, [f64; 4])> = Vec::new();
    for row in first..ring.end() {
        let read = |column| ring.cell(row, column).as_f64().filter(|v| v.is_finite());
        if let (Some(at), Some(o), Some(h), Some(l), Some(c)) =
            (read(time), read(open), read(high), read(low), read(close))
        {
            rows.push((at / 1e3, [o, h, l, c]));
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (at, values) in rows {
        if plot.x.last() == Some(&at) {
            plot.x.pop();
            for y in &mut plot.ys {
                y.pop();
            }
        }
        plot.x.push(at);
        for (y, value) in plot.ys.iter_mut().zip(values) {
            y.push(value);
        }
    }
    plot
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
