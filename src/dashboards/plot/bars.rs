//! Bars by category.

use weir_live::{Aggregate, BarsSpec, Ring, format::Zone, time_labels};

use super::{Fields, Plot, Shape, is_time, reach, series_name, shape};
use crate::{
    dashboards::{
        kind::Kind,
        options::Options,
        pick::{self, Update},
    },
    text::visible,
};

const MOST_SERIES: usize = 12;
/// More bars cannot be told apart.
const MOST_BARS: usize = 60;
/// Rows looked at where each is shown by itself.
const ROWS: u64 = 5_000;

pub(super) fn bars(kind: Kind, ring: &Ring, options: &Options, zone: &Zone) -> Plot {
    let fields = Fields::of(kind, options, ring);
    let aggregate = options.aggregate();
    let spec = BarsSpec {
        x: fields.x,
        y: fields.y.clone(),
        group: fields.group,
        aggregate,
        places: MOST_BARS,
        groups: MOST_SERIES,
    };
    let drawn = match Update::of(options, ring) {
        // The newest of each place is among the newest rows; a sum is of all there are.
        Update::All => {
            let from = match aggregate {
                Aggregate::Newest => ring.end().saturating_sub(ROWS).max(ring.first()),
                _ => ring.first(),
            };
            weir_live::bars(ring, from..ring.end(), &spec)
        }
        update => {
            let rows = pick::rows(ring, update, ROWS as usize);
            weir_live::bars(ring, rows.into_iter(), &spec)
        }
    };
    let ys: Vec<Vec<f64>> = drawn.lines.iter().map(|line| line.y.clone()).collect();
    let stacked = options.text("groupType") != "dodge";
    let (bases, tops) = stack(&ys, stacked);
    let mut window = reach(options);
    let ends = bases.iter().chain(&tops).flatten().copied();
    let (low, high) = ends
        .filter(|value| value.is_finite())
        .fold((0.0f64, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
    let room = (high - low) * 0.05;
    let below = if low < 0.0 { low - room } else { 0.0 };
    window.y_min = window.y_min.or(Some(below));
    let above = if high > low { high + room } else { 1.0 };
    window.y_max = window.y_max.or(Some(above));
    (window.places, window.told) = if is_time(ring, fields.x) {
        let labels = time_labels(&drawn.places, zone).into_iter();
        labels.map(|label| (label.short, label.whole)).unzip()
    } else {
        let places = drawn.places.iter().map(|place| visible(place).into_owned());
        let places: Vec<String> = places.collect();
        (places.clone(), places)
    };
    let names = drawn.lines.iter();
    Plot {
        shape: Shape {
            names: names
                .map(|line| series_name(ring, &fields, aggregate, line.column, &line.group))
                .collect(),
            stacked,
            ..shape(kind, options)
        },
        window,
        x: (0..drawn.places.len()).map(|index| index as f64).collect(),
        ys,
        bases,
        left_out: drawn.left_out,
        behind: 0,
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
