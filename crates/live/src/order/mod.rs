//! One order over all cells, and the held rows sorted by it.

mod keys;
mod sorter;

use std::{cmp::Ordering, net::IpAddr, ops::Range};

use weir_api::DataType;

use crate::{cell::Cell, ring::Ring};

pub use sorter::Sorter;

impl Cell<'_> {
    /// Numbers (exact, `"nan"` last), times, text by code points, then null and missing, as SQL has
    /// them; a value that does not fit its column's type takes the place of what it is.
    pub fn compare(&self, other: &Cell<'_>) -> Ordering {
        match (self, other) {
            (Cell::Int(a), Cell::Int(b)) => a.cmp(b),
            (Cell::UInt(a), Cell::UInt(b)) => a.cmp(b),
            (Cell::Time(a), Cell::Time(b)) => a.seconds().cmp(&b.seconds()),
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            _ => self.compare_kinds(other),
        }
    }

    fn compare_kinds(&self, other: &Cell<'_>) -> Ordering {
        let (a, b) = (self.as_exact(), other.as_exact());
        if let (Some(a), Some(b)) = (&a, &b) {
            return a.compare(b);
        }
        self.rank(a.is_some())
            .cmp(&other.rank(b.is_some()))
            .then_with(|| self.text().cmp(&other.text()))
    }

    fn rank(&self, number: bool) -> u8 {
        match self {
            Cell::Null => 7,
            Cell::Missing => 8,
            Cell::Bool(_) => 2,
            _ if number => 3,
            Cell::Time(_) => 5,
            Cell::Json(_) if self.as_f64().is_some_and(f64::is_nan) => 4,
            _ => 6,
        }
    }
}

/// Numbers of the held rows of `rows` in the order of a column; rows that are equal stay in order
/// of arrival, those without a value are last either way.
pub fn sorted(ring: &Ring, column: usize, descending: bool, rows: Range<u64>) -> Vec<u64> {
    order(ring, column, ring.cells(column, rows).collect(), descending)
}

/// The same for rows picked out; those that are no longer held come as missing.
pub fn sorted_rows(
    ring: &Ring,
    column: usize,
    descending: bool,
    rows: impl Iterator<Item = u64>,
) -> Vec<u64> {
    let cells = rows.map(|row| (row, ring.cell(row, column)));
    order(ring, column, cells.collect(), descending)
}

fn order(
    ring: &Ring,
    column: usize,
    mut cells: Vec<(u64, Cell<'_>)>,
    descending: bool,
) -> Vec<u64> {
    let of_addresses = ring
        .columns()
        .get(column)
        .is_some_and(|column| matches!(column.data_type.inner(), DataType::Ipv4 | DataType::Ipv6));
    if of_addresses {
        return order_addresses(cells, descending);
    }
    cells.sort_by(|(_, a), (_, b)| {
        let order = a.compare(b);
        if descending && !a.is_null() && !b.is_null() {
            order.reverse()
        } else {
            order
        }
    });
    cells.into_iter().map(|(row, _)| row).collect()
}

/// By value and not by digits; what is no address is last either way.
fn order_addresses(cells: Vec<(u64, Cell<'_>)>, descending: bool) -> Vec<u64> {
    let address = |cell: &Cell<'_>| cell.as_str()?.parse::<IpAddr>().ok();
    let (mut known, rest): (Vec<_>, Vec<_>) = cells
        .into_iter()
        .map(|(row, cell)| (row, address(&cell)))
        .partition(|(_, address)| address.is_some());
    known.sort_by(|(_, a), (_, b)| if descending { b.cmp(a) } else { a.cmp(b) });
    known.into_iter().chain(rest).map(|(row, _)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn texts(data_type: &str, batch: &str, descending: bool) -> Vec<String> {
        let ring = ring(&[data_type], batch);
        sorted(&ring, 0, descending, 0..u64::MAX)
            .into_iter()
            .map(|row| ring.cell(row, 0).json())
            .collect()
    }

    #[test]
    fn numbers_sort_exactly_whatever_their_form() {
        assert_eq!(
            texts(
                "float64",
                r#"[[2],["nan"],[1e3],["-inf"],[null],[1.5],["inf"],[-1e-9]]"#,
                false
            ),
            [
                "\"-inf\"", "-1e-9", "1.5", "2", "1e3", "\"inf\"", "\"nan\"", "null"
            ]
        );
        assert_eq!(
            texts(
                "uint64",
                "[[18446744073709551614],[18446744073709551615],[18446744073709551616]]",
                true
            ),
            [
                "18446744073709551616",
                "18446744073709551615",
                "18446744073709551614"
            ]
        );
    }

    #[test]
    fn rows_without_a_value_are_last_either_way() {
        let batch = r#"[[null],[2],[],["NaN"],[1]]"#;
        let ring = ring(&["nullable(float64)"], batch);
        assert_eq!(sorted(&ring, 0, false, 0..9), [4, 1, 3, 0, 2]);
        assert_eq!(sorted(&ring, 0, true, 0..9), [3, 1, 4, 0, 2]);
    }

    #[test]
    fn addresses_sort_by_value() {
        let batch = r#"[["10.0.0.10"],[null],["10.0.0.9"],["9.255.0.1"],["10.0.0.10"]]"#;
        let ring = ring(&["nullable(ipv4)"], batch);
        assert_eq!(sorted(&ring, 0, false, 0..9), [3, 2, 0, 4, 1]);
        assert_eq!(sorted(&ring, 0, true, 0..9), [0, 4, 2, 3, 1]);
    }

    #[test]
    fn equal_rows_keep_their_order() {
        let ring = ring(&["int64"], "[[1],[0],[1],[0]]");
        assert_eq!(sorted(&ring, 0, false, 0..4), [1, 3, 0, 2]);
        assert_eq!(sorted(&ring, 0, true, 0..4), [0, 2, 1, 3]);
    }
}
