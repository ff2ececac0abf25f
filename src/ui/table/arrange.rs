//! Which rows are shown, in which order.

use std::{borrow::Cow, cmp::Ordering, ops::Range, sync::Arc};

use super::{Cell, Row};
use crate::text::Search;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    pub descending: bool,
}

const NONE: Cell = Cell::Empty;

/// The cell as the row has it.
pub fn held(row: &Row, at: usize) -> Cow<'_, Cell> {
    Cow::Borrowed(row.cells.get(at).unwrap_or(&NONE))
}

/// The rows that are searched for, in their order.
pub fn found(rows: &[Arc<Row>], search: &str) -> Vec<Arc<Row>> {
    let searched = Search::new(search);
    let kept = rows.iter().filter(|row| searched.is_in(&row.haystack));
    kept.cloned().collect()
}

/// Rows by `cell` of the row; those where it is empty come last in either direction, equal ones
/// stay in the order in which they are given.
pub fn sorted<'a>(
    rows: &'a [Arc<Row>],
    sort: Sort,
    cell: impl Fn(&'a Row, usize) -> Cow<'a, Cell>,
) -> Vec<Arc<Row>> {
    let with_cell = rows.iter().map(|row| (cell(row, sort.column), row));
    let mut all: Vec<(Cow<'_, Cell>, &Arc<Row>)> = with_cell.collect();
    all.sort_by(|(a, _), (b, _)| match (a.is_empty(), b.is_empty()) {
        (false, false) if sort.descending => b.compare(a),
        (false, false) => a.compare(b),
        (true, true) => Ordering::Equal,
        (a_empty, b_empty) => a_empty.cmp(&b_empty),
    });
    all.into_iter().map(|(_, row)| row.clone()).collect()
}

/// The rows to draw of `total` rows of equal height, with some more on either side.
pub fn window(top: f64, height: f64, row: f64, total: usize) -> Range<usize> {
    const MORE: usize = 8;
    let first = ((top / row).floor().max(0.0) as usize).min(total);
    let count = (height / row).ceil().max(0.0) as usize + 1;
    first.saturating_sub(MORE)..(first + count + MORE).min(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[(&str, f64)]) -> Vec<Arc<Row>> {
        names
            .iter()
            .map(|(name, value)| {
                let number = if value.is_nan() {
                    Cell::Empty
                } else {
                    Cell::Number(*value, value.to_string())
                };
                Arc::new(Row {
                    key: (*name).into(),
                    cells: vec![Cell::Text((*name).into()), number],
                    haystack: name.to_lowercase(),
                    ..Default::default()
                })
            })
            .collect()
    }

    fn names(rows: &[Arc<Row>], search: &str, column: usize, descending: bool) -> Vec<String> {
        let sort = Sort { column, descending };
        let rows = sorted(rows, sort, held);
        found(&rows, search)
            .iter()
            .map(|row| row.key.clone())
            .collect()
    }

    #[test]
    fn unknown_values_come_last_in_both_directions() {
        let rows = rows(&[("a", f64::NAN), ("b", 2.0), ("c", 10.0), ("d", 2.0)]);
        assert_eq!(names(&rows, "", 1, false), ["b", "d", "c", "a"]);
        assert_eq!(names(&rows, "", 1, true), ["c", "b", "d", "a"]);
    }

    #[test]
    fn every_word_must_be_found() {
        let rows = rows(&[("orders_eu", 0.0), ("Orders_us", 0.0), ("users_eu", 0.0)]);
        assert_eq!(names(&rows, "ORDERS eu", 0, false), ["orders_eu"]);
        assert_eq!(
            names(&rows, " orders ", 0, true),
            ["Orders_us", "orders_eu"]
        );
        assert!(names(&rows, "nothing", 0, false).is_empty());
    }

    #[test]
    fn the_window_stays_inside_the_rows() {
        assert_eq!(window(0.0, 280.0, 28.0, 10_000), 0..19);
        assert_eq!(window(2_800.0, 280.0, 28.0, 10_000), 92..119);
        assert_eq!(window(279_720.0, 280.0, 28.0, 10_000), 9_982..10_000);
        assert_eq!(window(5_000.0, 280.0, 28.0, 3), 0..3);
        assert_eq!(window(0.0, 280.0, 28.0, 0), 0..0);
    }
}
