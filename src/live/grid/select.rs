//! The active cell and the rectangle selected from it. Rows are absolute numbers, so that a
//! selection stays with its rows while others come and go.

use std::ops::RangeInclusive;

use weir_live::{Cell, export::TSV};

use super::Columns;
use crate::live::{
    core::Core,
    gaps::{Layout, Line},
};

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

    pub fn columns(&self) -> RangeInclusive<usize> {
        let (a, b) = (self.active.column, self.anchor.column);
        a.min(b)..=a.max(b)
    }

    pub fn is_one(&self) -> bool {
        self.active == self.anchor
    }

    /// Lines of the grid from one corner to the other.
    pub fn lines(&self, layout: &Layout<'_>) -> RangeInclusive<u64> {
        let (a, b) = (layout.index(self.active.row), layout.index(self.anchor.row));
        a.min(b)..=a.max(b)
    }

    /// Numbers of the rows selected, in the order shown, less the ring's base.
    pub fn rows(&self, core: &Core) -> Vec<u64> {
        let (layout, base) = (core.layout(), core.rows.base());
        let lines = self.lines(&layout).filter_map(|line| layout.line(line));
        let rows = lines.filter_map(|line| match line {
            Line::Row(row) => row.checked_sub(base),
            _ => None,
        });
        rows.collect()
    }

    /// Exact text for the clipboard: one cell as it is, more as tab-separated lines.
    pub fn text(&self, core: &Core, columns: &Columns) -> String {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let sources = columns.sources(self.columns());
        let mut out = String::new();
        if self.is_one() {
            let row = self.active.row.checked_sub(base);
            let cell = match (row, sources.first()) {
                (Some(row), Some(column)) => ring.cell(row, *column),
                _ => Cell::Missing,
            };
            if cell == Cell::Null {
                return "null".into();
            }
            cell.write_text(&mut out);
            return out;
        }
        TSV.write_rows(ring, &sources, self.rows(core).into_iter(), &mut out);
        out.truncate(out.trim_end_matches(['\r', '\n']).len());
        out
    }
}

#[cfg(test)]
mod tests {
    use weir_live::Limits;

    use super::*;
    use crate::live::arrange::ColumnOrder;

    const STREAM: &str = r#"event: query
data: {"id":"q","status":"running","result":{"header":[{"name":"u","type":"uint64"},{"name":"i","type":"int64"},{"name":"s","type":"string"}]}}

data: [[18446744073709551615,-9223372036854775808,"a\tb"],[1,2,null]]

"#;

    fn core() -> (Core, Columns) {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(STREAM.as_bytes(), 0.0);
        let usual = ColumnOrder::default();
        let columns = Columns::of(core.rows.shown(), &usual, &Columns::default());
        (core, columns)
    }

    #[test]
    fn a_cell_is_copied_exactly() {
        let (core, columns) = core();
        let at = |row, column| Selection::one(At { row, column }).text(&core, &columns);
        assert_eq!(at(0, 0), "18446744073709551615");
        assert_eq!(at(0, 1), "-9223372036854775808");
        assert_eq!(at(0, 2), "a\tb");
        assert_eq!(at(1, 2), "null");
    }

    #[test]
    fn a_rectangle_is_copied_as_tab_separated_lines_of_what_is_shown() {
        let (core, columns) = core();
        let selection = Selection {
            active: At { row: 1, column: 0 },
            anchor: At { row: 0, column: 2 },
        };
        assert_eq!(
            selection.text(&core, &columns),
            "18446744073709551615\t-9223372036854775808\t\"a\tb\"\n1\t2\t"
        );
        let mut order = ColumnOrder::default();
        order.hide("i");
        let columns = Columns::of(core.rows.shown(), &order, &Columns::default());
        assert_eq!(
            selection.text(&core, &columns),
            "18446744073709551615\t\"a\tb\"\n1\t"
        );
        assert_eq!(selection.rows(&core), [0, 1]);
    }
}
