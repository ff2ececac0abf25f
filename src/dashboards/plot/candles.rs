//! Open, high, low and close.

use weir_live::Ring;

use super::{Plot, Shape, Window, reach, recent, shape, span_of};
use crate::dashboards::{kind::Kind, options::Options, pick};

/// Columns `time`, `open`, `high`, `low`, `close`; the newest row of a time holds.
pub(super) fn candles(ring: &Ring, options: &Options, span: Option<f64>) -> Plot {
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
        } else {
            plot.left_out += 1;
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
