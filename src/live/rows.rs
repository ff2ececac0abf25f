//! The rows of a result as a person sees them: a ring, and beside it, while the view is held,
//! another one that goes on receiving. What is on the screen then stays there at any rate.

use weir_live::{Limits, Pushed, Ring, RingColumn, RowsError};

/// Rows carried over at once when a held view is let go.
const BATCH: u64 = 1_000;

pub struct Rows {
    shown: Ring,
    /// Number of the shown ring's row 0, counted over all rings of this result.
    base: u64,
    waiting: Option<Ring>,
    /// Rows of the waiting ring that were stepped through.
    stepped: u64,
    /// Rows dropped by rings that are gone.
    dropped: u64,
}

impl Rows {
    pub fn new(columns: Vec<RingColumn>, limits: Limits) -> Self {
        Self {
            shown: Ring::new(columns, limits),
            base: 0,
            waiting: None,
            stepped: 0,
            dropped: 0,
        }
    }

    pub fn push(&mut self, json: &[u8]) -> Result<Pushed, RowsError> {
        self.waiting.as_mut().unwrap_or(&mut self.shown).push(json)
    }

    /// What the person sees; row `n` of it has the number `n + base()`.
    pub fn shown(&self) -> &Ring {
        &self.shown
    }

    pub fn base(&self) -> u64 {
        self.base
    }

    /// Number the next row will have.
    pub fn end(&self) -> u64 {
        self.base + self.shown.end() + self.waiting()
    }

    /// Rows that arrived since the view is held.
    pub fn waiting(&self) -> u64 {
        let received = self.waiting.as_ref().map_or(0, Ring::received);
        received - self.stepped.min(received)
    }

    /// The row that came last and the ring it is in.
    pub fn newest(&self) -> Option<(&Ring, u64)> {
        let waiting = self.waiting.as_ref().filter(|ring| !ring.is_empty());
        let ring = waiting.unwrap_or(&self.shown);
        (!ring.is_empty()).then(|| (ring, ring.end() - 1))
    }

    /// Rows no longer held because of the limits.
    pub fn dropped(&self) -> u64 {
        let waiting = self.waiting.as_ref().map_or(0, Ring::dropped);
        self.dropped + self.shown.dropped() + waiting.saturating_sub(self.stepped)
    }

    /// Rows before those shown that are no longer held.
    pub fn skipped(&self) -> u64 {
        self.dropped + self.shown.dropped()
    }

    pub fn held(&self) -> bool {
        self.waiting.is_some()
    }

    /// From now on what is shown stays; rows that arrive wait.
    pub fn hold(&mut self) {
        if self.waiting.is_none() {
            let columns = self.shown.columns().to_vec();
            self.waiting = Some(Ring::new(columns, self.shown.limits()));
        }
    }

    /// Shows the rows that wait, too.
    pub fn release(&mut self) {
        let Some(waiting) = self.waiting.take() else {
            return;
        };
        let stepped = std::mem::take(&mut self.stepped);
        if waiting.dropped() > stepped {
            // As many came as may be held: of what was shown nothing is left.
            self.dropped += self.shown.dropped() + self.shown.len() - stepped;
            self.base += self.shown.end() - stepped;
            self.shown = waiting;
            return;
        }
        let mut json = String::new();
        let mut row = waiting.first().max(stepped);
        while row < waiting.end() {
            let stop = (row + BATCH).min(waiting.end());
            write_rows(&waiting, row..stop, &mut json);
            // The ring's own exact output can be read back.
            let _ = self.shown.push(json.as_bytes());
            row = stop;
        }
    }

    /// Shows the next rows that wait while the view stays held; how many.
    pub fn step(&mut self, count: u64) -> u64 {
        let Some(waiting) = &self.waiting else {
            return 0;
        };
        if waiting.first() > self.stepped {
            // The next ones are not held any more: what is left is shown at once.
            let left = waiting.len();
            self.release();
            self.hold();
            return left;
        }
        let from = self.stepped;
        let stop = (from + count).min(waiting.end());
        let mut json = String::new();
        write_rows(waiting, from..stop, &mut json);
        // The ring's own exact output can be read back.
        let _ = self.shown.push(json.as_bytes());
        self.stepped = stop;
        stop - from
    }

    pub fn clear(&mut self) {
        self.release();
        self.shown.clear();
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.shown.set_limits(limits);
        if let Some(waiting) = &mut self.waiting {
            waiting.set_limits(limits);
        }
    }
}

/// A JSON array of rows. A row ends before its first missing cell, as it was sent.
fn write_rows(ring: &Ring, rows: std::ops::Range<u64>, out: &mut String) {
    out.clear();
    out.push('[');
    for row in rows {
        if out.len() > 1 {
            out.push(',');
        }
        out.push('[');
        for column in 0..ring.columns().len() {
            let cell = ring.cell(row, column);
            if cell == weir_live::Cell::Missing {
                break;
            }
            if column > 0 {
                out.push(',');
            }
            cell.write_json(out);
        }
        out.push(']');
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::Cell;

    use super::*;

    fn rows(limit: u64) -> Rows {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("n", DataType::UInt(64)),
            column("s", DataType::String),
        ];
        let limits = Limits {
            rows: limit,
            bytes: 1 << 20,
        };
        Rows::new(columns, limits)
    }

    #[test]
    fn a_held_view_stays_while_rows_arrive_and_gets_them_all_after() {
        let mut rows = rows(100);
        rows.push(br#"[[1,"a"]]"#).expect("rows");
        rows.hold();
        rows.push(br#"[[18446744073709551615,"\u0000\""],[3],[null,null]]"#)
            .expect("rows");
        assert_eq!((rows.shown().len(), rows.waiting(), rows.end()), (1, 3, 4));
        let newest = rows.newest().map(|(ring, row)| ring.cell(row, 0));
        assert_eq!(newest, Some(Cell::Null), "the one that came last waits");
        rows.release();
        let ring = rows.shown();
        assert_eq!((ring.len(), rows.waiting(), rows.dropped()), (4, 0, 0));
        assert_eq!(ring.cell(1, 0), Cell::UInt(u64::MAX));
        assert_eq!(ring.cell(1, 1).text(), "\0\"");
        assert_eq!(ring.cell(2, 1), Cell::Missing);
        assert_eq!(ring.cell(3, 1), Cell::Null);
    }

    #[test]
    fn a_flood_while_held_keeps_the_view_and_counts_what_is_dropped() {
        let mut rows = rows(10);
        rows.push(b"[[0],[1],[2]]").expect("rows");
        rows.hold();
        for n in 3..40 {
            rows.push(format!("[[{n}]]").as_bytes()).expect("rows");
        }
        assert_eq!(rows.shown().cell(0, 0), Cell::UInt(0));
        assert_eq!(rows.dropped(), 27);
        rows.release();
        assert_eq!(
            (rows.shown().len(), rows.dropped(), rows.end()),
            (10, 30, 40)
        );
        let newest = rows.shown().cell(rows.shown().end() - 1, 0);
        assert_eq!(newest, Cell::UInt(39));
        assert_eq!(rows.base() + rows.shown().end(), 40);
    }

    #[test]
    fn stepping_shows_one_row_after_the_other_and_none_twice() {
        let mut rows = rows(10);
        rows.push(b"[[0]]").expect("rows");
        rows.hold();
        rows.push(b"[[1],[2],[3]]").expect("rows");
        assert_eq!((rows.step(1), rows.waiting(), rows.end()), (1, 2, 4));
        assert_eq!(rows.shown().cell(1, 0), Cell::UInt(1));
        rows.release();
        let all: Vec<Cell> = (0..4).map(|row| rows.shown().cell(row, 0)).collect();
        assert_eq!(all, [0, 1, 2, 3].map(Cell::UInt));
        assert_eq!((rows.end(), rows.dropped(), rows.step(1)), (4, 0, 0));
    }

    #[test]
    fn a_flood_while_stepping_is_counted_once() {
        let mut rows = rows(10);
        rows.push(b"[[0]]").expect("rows");
        rows.hold();
        rows.push(b"[[1],[2]]").expect("rows");
        assert_eq!(rows.step(1), 1);
        for n in 3..40 {
            rows.push(format!("[[{n}]]").as_bytes()).expect("rows");
        }
        assert_eq!(rows.end(), 40);
        assert_eq!(rows.step(1), 10, "the next one is gone");
        assert_eq!((rows.end(), rows.dropped()), (40, 30));
        let newest = rows.shown().cell(rows.shown().end() - 1, 0);
        assert_eq!(newest, Cell::UInt(39));
    }

    #[test]
    fn clearing_is_not_dropping() {
        let mut rows = rows(10);
        rows.push(b"[[0],[1]]").expect("rows");
        rows.hold();
        rows.push(b"[[2]]").expect("rows");
        rows.clear();
        assert_eq!((rows.shown().len(), rows.dropped(), rows.end()), (0, 0, 3));
    }
}
