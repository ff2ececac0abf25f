//! All values of a column in one figure, exact as long as they are whole.

use std::cmp::Ordering;

use super::Aggregate;
use crate::{cell::Cell, ring::Ring};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Total {
    /// The value of this row.
    Row(u64),
    Whole(i128),
    Number(f64),
}

/// `None` where the rows held have no value.
pub fn total(ring: &Ring, column: usize, aggregate: Aggregate) -> Option<Total> {
    let mut cells = ring.cells(column, ring.first()..ring.end());
    match aggregate {
        Aggregate::Newest => ring
            .end()
            .checked_sub(1)
            .filter(|_| !ring.is_empty())
            .map(Total::Row),
        Aggregate::Count => {
            let there = cells.filter(|(_, cell)| !cell.is_null()).count();
            Some(Total::Whole(there as i128))
        }
        Aggregate::Sum | Aggregate::Average => {
            let (mut whole, mut sum, mut count) = (Some(0i128), 0.0, 0u64);
            for (_, cell) in cells {
                let Some(value) = cell.as_f64().filter(|value| value.is_finite()) else {
                    continue;
                };
                count += 1;
                sum += value;
                whole = match cell {
                    Cell::Int(value) => whole.and_then(|sum| sum.checked_add(value.into())),
                    Cell::UInt(value) => whole.and_then(|sum| sum.checked_add(value.into())),
                    _ => None,
                };
            }
            match (count, aggregate, whole) {
                (0, ..) => None,
                (_, Aggregate::Sum, Some(whole)) => Some(Total::Whole(whole)),
                (_, Aggregate::Sum, None) => Some(Total::Number(sum)),
                _ => Some(Total::Number(sum / count as f64)),
            }
        }
        Aggregate::Least | Aggregate::Greatest => {
            let wanted = match aggregate {
                Aggregate::Least => Ordering::Less,
                _ => Ordering::Greater,
            };
            let first = cells.find(|(_, cell)| ranks(cell))?;
            let (row, _) = cells
                .filter(|(_, cell)| ranks(cell))
                .fold(first, |best, next| {
                    if compare(&next.1, &best.1) == wanted {
                        next
                    } else {
                        best
                    }
                });
            Some(Total::Row(row))
        }
    }
}

/// Rows held whose cell is no part of [`total`]: those without a number, and NaN; of sums and
/// averages infinite ones, too.
pub fn left_out(ring: &Ring, column: usize, aggregate: Aggregate) -> u64 {
    let out = |cell: &Cell<'_>| match aggregate {
        Aggregate::Newest | Aggregate::Count => false,
        Aggregate::Sum | Aggregate::Average => !cell.as_f64().is_some_and(f64::is_finite),
        Aggregate::Least | Aggregate::Greatest => !ranks(cell),
    };
    let cells = ring.cells(column, ring.first()..ring.end());
    cells.filter(|(_, cell)| out(cell)).count() as u64
}

fn ranks(cell: &Cell<'_>) -> bool {
    cell.as_f64().is_some_and(|value| !value.is_nan())
}

fn compare(a: &Cell<'_>, b: &Cell<'_>) -> Ordering {
    match (a.as_exact(), b.as_exact()) {
        (Some(a), Some(b)) => a.compare(&b),
        _ => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn whole_numbers_are_summed_and_compared_exactly() {
        let ring = ring(
            &["uint64", "float64", "datetime"],
            r#"[[18446744073709551615,0.5,"2026-01-01T00:00:01Z"],[18446744073709551614,1.5,"2026-01-01T00:00:00Z"],[null,"nan",null]]"#,
        );
        let of = |column, aggregate| total(&ring, column, aggregate);
        assert_eq!(of(0, Aggregate::Newest), Some(Total::Row(2)));
        let sum = i128::from(u64::MAX) * 2 - 1;
        assert_eq!(of(0, Aggregate::Sum), Some(Total::Whole(sum)));
        assert_eq!(of(0, Aggregate::Greatest), Some(Total::Row(0)));
        assert_eq!(of(0, Aggregate::Least), Some(Total::Row(1)));
        assert_eq!(of(0, Aggregate::Count), Some(Total::Whole(2)));
        assert_eq!(of(1, Aggregate::Sum), Some(Total::Number(2.0)));
        assert_eq!(of(1, Aggregate::Average), Some(Total::Number(1.0)));
        assert_eq!(of(2, Aggregate::Greatest), Some(Total::Row(0)));
        let empty = crate::testing::ring(&["int64"], "[]");
        assert_eq!(total(&empty, 0, Aggregate::Sum), None);
        assert_eq!(total(&empty, 0, Aggregate::Newest), None);
    }
}
