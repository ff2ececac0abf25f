//! Places and widths of columns, in pixels.

use std::ops::Range;

use weir_api::DataType;
use weir_live::{Ring, format::Format};

use super::face;
use crate::live::arrange::ColumnOrder;

const CHARACTER: f64 = 7.3;
/// Names are bold and of the page's font.
const NAME_CHARACTER: f64 = 8.6;
const PADDING: f64 = 22.0;
const NARROWEST: f64 = 48.0;
const WIDEST_BY_ITSELF: f64 = 380.0;
/// The longest number with grouped digits is seen whole.
const WIDEST_NUMBER: f64 = 800.0;
/// Rows looked at for the widths.
const SAMPLE: u64 = 200;

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub data_type: String,
    /// Right-aligned.
    pub numeric: bool,
    /// Shown in the zone that the person chose.
    pub zoned: bool,
    /// Position in the result.
    pub source: usize,
    pub left: f64,
    pub width: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Those shown, in their order.
    pub all: Vec<Column>,
    /// The first ones stay in view.
    pub pinned: usize,
    /// Rows before this one were looked at for the widths; `None` once that is over.
    measured: Option<u64>,
    /// The person has chosen widths, which are not to be changed any more.
    own: bool,
}

impl Columns {
    /// `before`: columns of the same result, whose widths stay.
    pub fn of(ring: &Ring, order: &ColumnOrder, before: &Self) -> Self {
        let names: Vec<String> = ring.columns().iter().map(|c| c.name.clone()).collect();
        let (shown, pinned) = order.shown(&names);
        let all = shown.into_iter().map(|source| {
            let column = &ring.columns()[source];
            let data_type = column.data_type.to_string();
            let name = column.name.chars().count() as f64 * NAME_CHARACTER;
            let kind = data_type.len().min(16) as f64 * CHARACTER;
            let known = before.all.iter().find(|before| before.source == source);
            Column {
                width: known.map_or_else(
                    || width(name.max(kind), WIDEST_BY_ITSELF),
                    |known| known.width,
                ),
                name: column.name.clone(),
                numeric: column.data_type.is_numeric(),
                zoned: column.data_type.is_time() && *column.data_type.inner() != DataType::Date,
                data_type,
                source,
                left: 0.0,
            }
        });
        let mut columns = Self {
            all: all.collect(),
            pinned,
            measured: if before.all.is_empty() {
                Some(0)
            } else {
                before.measured
            },
            own: before.own,
        };
        columns.place();
        columns
    }

    /// Values look different from now on and may need more room.
    pub fn measure_again(&mut self) {
        self.measured = Some(0);
    }

    /// Widens columns to their first values. True when something changed.
    pub fn measure(&mut self, ring: &Ring, format: &Format) -> bool {
        let from = self.measured.filter(|_| !self.own);
        let Some(from) = from.filter(|from| *from < ring.end()) else {
            return false;
        };
        let rows = from.max(ring.first())..ring.end().min(ring.first() + SAMPLE);
        self.measured = (rows.end < ring.first() + SAMPLE).then_some(rows.end);
        let before = self.total();
        let mut text = String::new();
        for column in &mut self.all {
            for (_, cell) in ring.cells(column.source, rows.clone()) {
                let length = match cell.as_str().filter(|_| !face::is_number(&cell)) {
                    Some(text) => text.chars().take(80).count(),
                    None => {
                        text.clear();
                        format.write(&cell, &mut text);
                        text.chars().count()
                    }
                };
                let widest = if column.numeric {
                    WIDEST_NUMBER
                } else {
                    WIDEST_BY_ITSELF
                };
                let wanted = width(length as f64 * CHARACTER, widest);
                column.width = column.width.max(wanted);
            }
        }
        self.place();
        self.total() != before
    }

    pub fn resize(&mut self, column: usize, width: f64) {
        if let Some(column) = self.all.get_mut(column) {
            self.own = true;
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

    /// Width of the pinned columns.
    pub fn pinned_width(&self) -> f64 {
        let last = self
            .pinned
            .checked_sub(1)
            .and_then(|last| self.all.get(last));
        last.map_or(0.0, |last| last.left + last.width)
    }

    /// Those that can be seen `left` pixels from the left in a view of a width: the pinned ones,
    /// and these.
    pub fn seen(&self, left: f64, view: f64) -> Range<usize> {
        let hidden = left + self.pinned_width();
        let first = self
            .all
            .partition_point(|column| column.left + column.width <= hidden)
            .max(self.pinned);
        let end = self.all.partition_point(|column| column.left < left + view);
        first..end.max(first)
    }

    /// The column at a place of the view, scrolled `left` pixels.
    pub fn at(&self, x: f64, left: f64) -> Option<usize> {
        let x = if x < self.pinned_width() { x } else { x + left };
        let index = self
            .all
            .partition_point(|column| column.left + column.width <= x);
        (x >= 0.0 && index < self.all.len()).then_some(index)
    }

    /// Where a column starts in the content when it is scrolled `left` pixels.
    pub fn left(&self, index: usize, left: f64) -> f64 {
        let own = self.all.get(index).map_or(0.0, |column| column.left);
        if index < self.pinned { own + left } else { own }
    }

    /// Positions in the result of the columns in a range.
    pub fn sources(&self, range: std::ops::RangeInclusive<usize>) -> Vec<usize> {
        let columns = range.filter_map(|index| self.all.get(index));
        columns.map(|column| column.source).collect()
    }
}

/// Width of a column for content that is so wide.
fn width(content: f64, widest: f64) -> f64 {
    (content + PADDING).ceil().clamp(NARROWEST, widest)
}

#[cfg(test)]
mod tests {
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn ring(columns: usize) -> Ring {
        let columns = (0..columns).map(|index| RingColumn {
            name: format!("column_{index}"),
            data_type: DataType::Int(64),
        });
        Ring::new(columns.collect(), Limits::default())
    }

    fn usual(ring: &Ring) -> Columns {
        Columns::of(ring, &ColumnOrder::default(), &Columns::default())
    }

    #[test]
    fn only_columns_in_view_are_seen() {
        let mut columns = usual(&ring(500));
        for index in 0..500 {
            columns.resize(index, 100.0);
        }
        assert_eq!(columns.total(), 50_000.0);
        assert_eq!(columns.seen(0.0, 1000.0), 0..10);
        assert_eq!(columns.seen(250.0, 351.0), 2..7);
        let at = |x| columns.at(x, 0.0);
        assert_eq!((at(250.0), at(60_000.0)), (Some(2), None));
    }

    #[test]
    fn pinned_columns_are_seen_wherever_the_view_is() {
        let ring = ring(10);
        let mut order = ColumnOrder::default();
        order.pin("column_3", true);
        order.hide("column_0");
        let mut columns = Columns::of(&ring, &order, &Columns::default());
        for index in 0..9 {
            columns.resize(index, 100.0);
        }
        assert_eq!((columns.all[0].source, columns.pinned), (3, 1));
        assert_eq!(columns.sources(0..=2), [3, 1, 2]);
        assert_eq!(columns.seen(250.0, 300.0), 3..6);
        assert_eq!(columns.at(50.0, 250.0), Some(0));
        assert_eq!(columns.at(150.0, 250.0), Some(4));
        assert_eq!(
            (columns.left(0, 250.0), columns.left(4, 250.0)),
            (250.0, 400.0)
        );
        let again = Columns::of(&ring, &ColumnOrder::default(), &columns);
        assert_eq!(again.all[3].width, 100.0, "widths stay");
    }

    #[test]
    fn the_first_rows_widen_a_column_until_the_person_does() {
        let mut ring = ring(1);
        let mut columns = usual(&ring);
        assert!(!columns.measure(&ring, &Format::default()));
        ring.push(b"[[1],[-9223372036854775]]").expect("rows");
        let before = columns.all[0].width;
        assert!(columns.measure(&ring, &Format::default()));
        assert!(columns.all[0].width > before);
        assert!(!columns.measure(&ring, &Format::default()));
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(columns.measure(&ring, &Format::default()));
        columns.resize(0, 60.0);
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(!columns.measure(&ring, &Format::default()));
    }

    #[test]
    fn measuring_ends_with_the_sample() {
        let mut ring = ring(1);
        let mut columns = usual(&ring);
        for _ in 0..SAMPLE {
            ring.push(b"[[1]]").expect("rows");
            columns.measure(&ring, &Format::default());
        }
        ring.push(b"[[-9223372036854775808]]").expect("rows");
        assert!(!columns.measure(&ring, &Format::default()));
    }
}
