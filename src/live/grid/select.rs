//! The active cell and the rectangle selected from it. Rows are absolute numbers, so that a
//! selection stays with its rows while others come and go.

use std::ops::RangeInclusive;

use weir_live::{Cell, export::TSV};

use crate::live::rows::Rows;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub row: u64,
    pub column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    pub active: At,
    /// The other corner.
    pub anchor: At,
}

impl Selection {
    pub fn one(at: At) -> Self {
        Self {
            active: at,
            anchor: at,
        }
    }

    pub fn rows(&self) -> RangeInclusive<u64> {
        let (a, b) = (self.active.row, self.anchor.row);
        a.min(b)..=a.max(b)
    }

    pub fn columns(&self) -> RangeInclusive<usize> {
        let (a, b) = (self.active.column, self.anchor.column);
        a.min(b)..=a.max(b)
    }

    pub fn is_one(&self) -> bool {
        self.active == self.anchor
    }

    pub fn contains(&self, row: u64, column: usize) -> bool {
        self.rows().contains(&row) && self.columns().contains(&column)
    }

    /// Exact text for the clipboard: one cell as it is, more as tab-separated lines.
    pub fn text(&self, rows: &Rows) -> String {
        let (ring, base) = (rows.shown(), rows.base());
        let cell = |row: u64, column| {
            row.checked_sub(base)
                .map_or(Cell::Missing, |row| ring.cell(row, column))
        };
        let mut out = String::new();
        if self.is_one() {
            let cell = cell(self.active.row, self.active.column);
            if cell == Cell::Null {
                return "null".into();
            }
            cell.write_text(&mut out);
            return out;
        }
        let columns: Vec<usize> = self.columns().collect();
        let (first, last) = self.rows().into_inner();
        let rows = first.saturating_sub(base)..(last + 1).saturating_sub(base);
        TSV.write_rows(ring, &columns, rows, &mut out);
        out.truncate(out.trim_end_matches(['\r', '\n']).len());
        out
    }
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn rows() -> Rows {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("u", DataType::UInt(64)),
            column("i", DataType::Int(64)),
            column("s", DataType::String),
        ];
        let mut rows = Rows::new(columns, Limits::default());
        rows.push(br#"[[18446744073709551615,-9223372036854775808,"a\tb"],[1,2,null]]"#)
            .expect("rows");
        rows
    }

    #[test]
    fn a_cell_is_copied_exactly() {
        let at = |row, column| Selection::one(At { row, column }).text(&rows());
        assert_eq!(at(0, 0), "18446744073709551615");
        assert_eq!(at(0, 1), "-9223372036854775808");
        assert_eq!(at(0, 2), "a\tb");
        assert_eq!(at(1, 2), "null");
    }

    #[test]
    fn a_rectangle_is_copied_as_tab_separated_lines() {
        let selection = Selection {
            active: At { row: 1, column: 0 },
            anchor: At { row: 0, column: 2 },
        };
        assert_eq!(
            selection.text(&rows()),
            "18446744073709551615\t-9223372036854775808\t\"a\tb\"\n1\t2\t"
        );
        assert!(selection.contains(0, 1) && !selection.contains(2, 1));
    }
}
