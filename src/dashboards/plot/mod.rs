//! What a chart draws of the rows held: lines over an axis, bars by category, points, candles.

mod bars;
mod candles;
mod fields;
mod scatter;
mod shape;
mod window;

use weir_live::{Aggregate, Charter, LinesSpec, Ring, X};

use self::{
    bars::bars,
    candles::candles,
    fields::{is_date, is_time},
    scatter::scatter,
    shape::shape,
    window::{reach, recent, span_of},
};

pub use self::{fields::Fields, shape::Shape, window::Window};
use super::{kind::Kind, options::Options};
use crate::{
    text::visible,
    ui::{number::plural, zone::Clock},
};

/// More points than pixels only cost time.
const POINTS: usize = 1_200;
const MOST_LINES: usize = 100;
/// More than these are painted as pixels, each one pixel thick.
const STROKED_LINES: usize = 12;

/// In place of a column's name: the rows' numbers.
pub const ROW: &str = "@row";

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
    /// Rows that are not drawn: of too many groups or places, or without a number.
    pub left_out: u64,
    /// Rows that a later one of the same line stands before.
    pub behind: u64,
}

fn series_name(
    ring: &Ring,
    fields: &Fields,
    aggregate: Aggregate,
    column: usize,
    group: &str,
) -> String {
    let name = visible(&ring.columns()[column].name);
    let name = match aggregate {
        Aggregate::Newest => name.into_owned(),
        Aggregate::Sum => format!("sum of {name}"),
        Aggregate::Average => format!("average of {name}"),
        Aggregate::Least => format!("minimum of {name}"),
        Aggregate::Greatest => format!("maximum of {name}"),
        Aggregate::Count if fields.y.len() == 1 => "rows".into(),
        Aggregate::Count => format!("rows with {name}"),
    };
    let group = match group {
        "" => "(empty)".into(),
        group => visible(group),
    };
    match (fields.group, fields.y.len()) {
        (None, _) => name,
        (Some(_), 1) => group.into_owned(),
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
    /// `xRange`. Times are on this clock.
    pub fn plot(
        &mut self,
        kind: Kind,
        (ring, stamp): (&Ring, Stamp),
        options: &Options,
        span: Option<f64>,
        clock: &Clock,
    ) -> Plot {
        let mut plot = match kind {
            Kind::Bar | Kind::Column => bars(kind, ring, options, &clock.zone),
            Kind::Ohlc => candles(ring, options, span),
            Kind::Scatter => scatter(ring, options),
            _ => self.lines(kind, (ring, stamp), options, span),
        };
        let x = Fields::of(kind, options, ring).x;
        let time = plot.shape.time || is_time(ring, x);
        plot.shape.x_name = x.map_or_else(String::new, |x| ring.columns()[x].name.clone());
        plot.shape.dates = time && is_date(ring, x);
        if time && !plot.shape.dates {
            plot.shape.zone = clock.name.clone();
        }
        plot
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
            behind: drawn.behind,
        }
    }
}

/// What is not seen of the rows, in words; nothing where all are.
pub fn unseen(plot: &Plot) -> String {
    let parts = [
        (plot.left_out, "not drawn"),
        (plot.behind, "hidden by a later one at the same position"),
    ];
    let parts = parts.into_iter().filter(|(rows, _)| *rows > 0);
    let words = parts.map(|(rows, what)| format!("{} {what}", plural(rows, "row", "rows")));
    words.collect::<Vec<_>>().join(", ")
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
    use weir_live::{Limits, RingColumn, format::Zone};

    use super::*;
    use crate::live::arrange::Look;

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
        let clock = Look::default().clock();
        Plotter::default().plot(kind, (ring, (0, 0)), options, span, &clock)
    }

    const LOAD: &[(&str, &str)] = &[("t", "datetime"), ("host", "string"), ("v", "float64")];

    #[test]
    fn rows_that_are_not_seen_are_counted_and_names_mark_what_cannot_be() {
        let ring = ring(
            LOAD,
            r#"[["2026-01-01T00:00:00Z","a\u202eb",1],["2026-01-01T00:00:00Z","c",2],["2026-01-01T00:00:00Z","c",3],[null,"c",4]]"#,
        );
        let drawn = |json| plot(Kind::Line, &ring, &options(json), None);
        let one = drawn("{}");
        assert_eq!(
            unseen(&one),
            "1 row not drawn, 2 rows hidden by a later one at the same position"
        );
        let each = drawn(r#"{"color":"host"}"#);
        assert_eq!(each.shape.names, ["a‹202E›b", "c"]);
        assert_eq!(
            unseen(&each),
            "1 row not drawn, 1 row hidden by a later one at the same position"
        );
    }

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
    fn dates_are_on_nobodys_clocks() {
        let columns: &[(&str, &str)] = &[("d", "nullable(date32)"), ("v", "float64")];
        let ring = ring(columns, r#"[["2026-01-01",1],["2026-01-02",2]]"#);
        let clock = Clock {
            name: "America/New_York".into(),
            zone: Zone::In(std::rc::Rc::new(|_| -18_000)),
        };
        for kind in [Kind::Line, Kind::Area, Kind::Column] {
            let drawn =
                Plotter::default().plot(kind, (&ring, (0, 0)), &options("{}"), None, &clock);
            assert!(drawn.shape.dates, "{kind:?}");
            assert_eq!(drawn.shape.zone, "", "{kind:?}");
        }
        let drawn = plot(Kind::Line, &ring, &options("{}"), None);
        assert_eq!(drawn.x, [1_767_225_600.0, 1_767_312_000.0]);
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
        assert_eq!(stacked.window.places, ["2026-01-01 00:00:00", "00:00:01"]);
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
