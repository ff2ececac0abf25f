//! Places and widths of columns, in pixels.

use std::ops::Range;

use weir_live::Ring;

const CHARACTER: f64 = 7.3;
/// Names are bold and of the page's font.
const NAME_CHARACTER: f64 = 8.6;
const PADDING: f64 = 22.0;
const NARROWEST: f64 = 48.0;
const WIDEST_BY_ITSELF: f64 = 380.0;
/// Rows looked at for the widths.
const SAMPLE: u64 = 200;

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub data_type: String,
    /// Right-aligned.
    pub numeric: bool,
    pub left: f64,
    pub width: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Columns {
    pub all: Vec<Column>,
    /// Rows before this one were looked at for the widths; `None` once that is over.
    measured: Option<u64>,
}

impl Columns {
    pub fn of(ring: &Ring) -> Self {
        let all = ring.columns().iter().map(|column| {
            let data_type = column.data_type.to_string();
            let name = column.name.chars().count() as f64 * NAME_CHARACTER;
            let kind = data_type.len().min(16) as f64 * CHARACTER;
            Column {
                width: width(name.max(kind)),
                name: column.name.clone(),
                numeric: column.data_type.is_numeric(),
                data_type,
                left: 0.0,
            }
        });
        let mut columns = Self {
            all: all.collect(),
            measured: Some(0),
        };
        columns.place();
        columns
    }

    /// Widens columns to their first values. True when something changed.
    pub fn measure(&mut self, ring: &Ring) -> bool {
        let Some(from) = self.measured.filter(|from| *from < ring.end()) else {
            return false;
        };
        let rows = from..ring.end().min(ring.first() + SAMPLE);
        self.measured = (rows.end < ring.first() + SAMPLE).then_some(rows.end);
        let before = self.total();
        let mut text = String::new();
        for (index, column) in self.all.iter_mut().enumerate() {
            for (_, cell) in ring.cells(index, rows.clone()) {
                let length = match cell.as_str() {
                    Some(text) => text.chars().take(80).count(),
                    None => {
                        text.clear();
                        cell.write_text(&mut text);
                        text.len()
                    }
                };
                column.width = column.width.max(width(length as f64 * CHARACTER));
            }
        }
        self.place();
        self.total() != before
    }

    pub fn resize(&mut self, column: usize, width: f64) {
        if let Some(column) = self.all.get_mut(column) {
            // The person's widths are not to be changed any more.
            self.measured = None;
            column.width = width.clamp(NARROWEST, 2_000.0).round();
            self.place();
        }
    }

    fn place(&mut self) {
        let mut left = 0.0;
        for column in &mut self.all {
            column.left = left;
            left += column.width;
        }
    }

    pub fn total(&self) -> f64 {
        self.all.last().map_or(0.0, |last| last.left + last.width)
    }

    /// Those that show between `left` and `right`.
    pub fn seen(&self, left: f64, right: f64) -> Range<usize> {
        let first = self
            .all
            .partition_point(|column| column.left + column.width <= left);
        let end = self.all.partition_point(|column| column.left < right);
        first..end.max(first)
    }

    pub fn at(&self, x: f64) -> Option<usize> {
        let index = self
            .all
            .partition_point(|column| column.left + column.width <= x);
        (x >= 0.0 && index < self.all.len()).then_some(index)
    }
}

/// Width of a column for content that is so wide.
fn width(content: f64) -> f64 {
    (content + PADDING)
        .ceil()
        .clamp(NARROWEST, WIDEST_BY_ITSELF)
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn ring(columns: usize) -> Ring {
        let columns = (0..columns).map(|index| RingColumn {
            name: format!("column_{index}"),
            data_type: DataType::Int(64),
        });
        Ring::new(columns.collect(), Limits::default())
    }

    #[test]
    fn only_columns_in_view_are_seen() {
        let mut columns = Columns::of(&ring(500));
        for index in 0..500 {
            columns.resize(index, 100.0);
        }
        assert_eq!(columns.total(), 50_000.0);
        assert_eq!(columns.seen(0.0, 1000.0), 0..10);
        assert_eq!(columns.seen(250.0, 601.0), 2..7);
        assert_eq!((columns.at(250.0), columns.at(60_000.0)), (Some(2), None));
    }

    #[test]
    fn the_first_rows_widen_a_column_until_the_person_does() {
        let mut ring = ring(1);
        let mut columns = Columns::of(&ring);
        assert!(!columns.measure(&ring));
        ring.push(b"[[1],[-9223372036854775]]").expect("rows");
        let before = columns.all[0].width;
        assert!(columns.measure(&ring));
        assert!(columns.all[0].width > before);
        assert!(!columns.measure(&ring));
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(columns.measure(&ring));
        columns.resize(0, 60.0);
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(!columns.measure(&ring));
    }

    #[test]
    fn measuring_ends_with_the_sample() {
        let mut ring = ring(1);
        let mut columns = Columns::of(&ring);
        for _ in 0..SAMPLE {
            ring.push(b"[[1]]").expect("rows");
            columns.measure(&ring);
        }
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(!columns.measure(&ring));
    }
}
