//! Columns of the list of streams.

use weir_api::{
    ApiError, json_response,
    timeplus::stream::{Stream, StreamStats},
};

use crate::{
    kit::{Column, latest},
    ui::{
        field::unit::Measure,
        number::{bytes, count, rate},
        table::Cell,
        time,
    },
};

pub const COLUMNS: &[Column<Stream>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::text("kind", "Kind", 120, kind),
    Column::number("columns", "Columns", 76, |it| {
        Cell::count(it.columns.len() as u64)
    }),
    Column::number("rows", "Rows", 100, |_| Cell::Empty).late(),
    Column::number("rate", "Written", 108, |_| Cell::Empty).late(),
    Column::cell("day", "Last day", 96, |_| Cell::Empty)
        .late()
        .unsorted(),
    Column::number("size", "Size", 84, |_| Cell::Empty).late(),
    Column::text("retention", "Retention", 124, retention).unsorted(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

/// Engine and mode in one word.
pub fn kind(stream: &Stream) -> String {
    if stream.engine == super::draft::MUTABLE {
        return "mutable".into();
    }
    stream.mode.as_str().into()
}

pub fn retention(stream: &Stream) -> String {
    let limits = [
        (Measure::Span, stream.logstore_retention_ms),
        (Measure::Size, stream.logstore_retention_bytes),
    ];
    let limits: Vec<_> = limits
        .into_iter()
        .filter(|(_, value)| *value > 0)
        .map(|(measure, value)| measure.format(value))
        .collect();
    if limits.is_empty() {
        "unlimited".into()
    } else {
        limits.join(", ")
    }
}

/// Rows, rows per second, the last day's line and the size.
pub fn figures(body: &[u8]) -> Result<Vec<Cell>, ApiError> {
    let stats: StreamStats = json_response(body)?;
    let size = stats.historical_data_bytes.max(0) as u64 + stats.streaming_data_bytes.max(0) as u64;
    let rows = stats.row_count.max(0) as u64;
    let points = stats.history.unwrap_or_default();
    let day: Vec<(f64, f64)> = points
        .iter()
        .filter_map(|point| Some((time::parse(&point.start_time)?, point.written_eps)))
        .collect();
    let highest = day.iter().map(|point| point.1).fold(0.0, f64::max);
    Ok(vec![
        Cell::Number(rows as f64, count(rows)),
        Cell::Number(stats.written_eps, rate(stats.written_eps, "rows")),
        if day.is_empty() {
            Cell::Empty
        } else {
            Cell::Line(
                over_a_day(&day),
                format!("Rows written, up to {}", rate(highest, "rows")),
            )
        },
        Cell::Number(size as f64, bytes(size)),
    ])
}

/// Quarters of an hour.
const PARTS: usize = 96;
const PART_MS: f64 = 15.0 * 60_000.0;

/// Of times in ms with their values, the mean of each part of the day that ends with the newest;
/// not a number where there is none.
fn over_a_day(points: &[(f64, f64)]) -> Vec<f64> {
    let newest = points.iter().map(|point| point.0).fold(f64::MIN, f64::max);
    let mut sums = [(0.0, 0u32); PARTS];
    for (at, value) in points {
        let ago = ((newest - at) / PART_MS) as usize;
        if let Some(part) = PARTS.checked_sub(ago + 1) {
            sums[part].0 += value;
            sums[part].1 += 1;
        }
    }
    let mean = |(sum, many): (f64, u32)| match many {
        0 => f64::NAN,
        many => sum / f64::from(many),
    };
    sums.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_counts_rates_and_sizes() {
        let body = br#"{"row_count":1234567,"historical_data_bytes":1000000,"streaming_data_bytes":240000,"written_eps":2.46}"#;
        let cells = figures(body).expect("stats");
        let words: Vec<_> = cells.iter().map(Cell::words).collect();
        assert_eq!(words, ["1,234,567", "2.5 rows/s", "", "1.24 MB"]);
    }

    #[test]
    fn limits_of_both_kinds_are_shown() {
        let mut stream = Stream {
            logstore_retention_ms: 604_800_000,
            logstore_retention_bytes: 10 << 30,
            ..Default::default()
        };
        assert_eq!(retention(&stream), "7 d, 10 GiB");
        stream.logstore_retention_ms = -1;
        stream.logstore_retention_bytes = 0;
        assert_eq!(retention(&stream), "unlimited");
    }

    #[test]
    fn a_line_of_a_day_stands_where_its_times_are() {
        let minute = 60_000.0;
        let points: Vec<_> = (0..18)
            .map(|at| (f64::from(at) * minute, f64::from(at)))
            .collect();
        let line = over_a_day(&points);
        assert_eq!(line.len(), 96);
        assert!(line[..94].iter().all(|value| value.is_nan()), "{line:?}");
        assert_eq!(line[94..], [1.0, 10.0]);
        // What is older than a day is not of it.
        let line = over_a_day(&[(0.0, 7.0), (25.0 * 60.0 * minute, 1.0)]);
        assert!(line[..95].iter().all(|value| value.is_nan()), "{line:?}");
        assert_eq!(line[95], 1.0);
    }

    #[test]
    fn figures_fill_the_late_columns() {
        let late = COLUMNS.iter().filter(|column| column.head.late).count();
        assert_eq!(figures(b"{}").expect("stats").len(), late);
    }
}
