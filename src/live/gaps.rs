//! Where rows are missing from a result, and when.

use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Number of the first row behind it.
    pub before: u64,
    /// Milliseconds since 1970; `until` is `None` while the connection is down.
    pub since: f64,
    pub until: Option<f64>,
    /// Rows left out as far as the server tells.
    pub lost: u64,
}

/// Milliseconds within which a connection that came back without a row is not back yet.
const MOMENT: f64 = 2_000.0;

#[derive(Debug, Clone, Default)]
pub struct Gaps(Vec<Gap>);

impl Gaps {
    pub fn all(&self) -> &[Gap] {
        &self.0
    }

    /// The connection is down.
    pub fn is_open(&self) -> bool {
        self.0.last().is_some_and(|gap| gap.until.is_none())
    }

    /// The connection broke before the row `before`. Where it was only back for a moment, the break
    /// before it goes on.
    pub fn broke(&mut self, before: u64, now: f64) {
        if let Some(last) = self.0.last_mut()
            && last.before == before
            && last.until.is_some_and(|until| now - until < MOMENT)
        {
            last.until = None;
            return;
        }
        if self.0.last().is_none_or(|gap| gap.until.is_some()) {
            self.0.push(Gap {
                before,
                since: now,
                until: None,
                lost: 0,
            });
        }
    }

    /// The rows around them are gone; a break that goes on stays.
    pub fn clear(&mut self) {
        self.0.retain(|gap| gap.until.is_none());
    }

    /// Rows come again.
    pub fn over(&mut self, now: f64) {
        if let Some(gap) = self.0.last_mut() {
            gap.until.get_or_insert(now);
        }
    }

    /// The server left out `rows` before the row `before`.
    pub fn lost(&mut self, before: u64, rows: u64, now: f64) {
        match self.0.last_mut() {
            Some(gap) if gap.before == before => gap.lost += rows,
            _ => self.0.push(Gap {
                before,
                since: now,
                until: Some(now),
                lost: rows,
            }),
        }
    }
}

/// The rows that are shown; numbers are those of the result.
#[derive(Clone, Copy)]
pub enum Picked<'a> {
    All {
        first: u64,
        end: u64,
    },
    /// Numbers less `base`, rising.
    Some {
        rows: &'a VecDeque<u64>,
        base: u64,
    },
    /// Numbers less `base`, in any order.
    Sorted {
        rows: &'a [u64],
        base: u64,
    },
}

impl Picked<'_> {
    pub fn count(&self) -> u64 {
        match self {
            Self::All { first, end } => end - first,
            Self::Some { rows, .. } => rows.len() as u64,
            Self::Sorted { rows, .. } => rows.len() as u64,
        }
    }

    pub fn row(&self, at: u64) -> Option<u64> {
        let index = usize::try_from(at).ok()?;
        match self {
            Self::All { first, end } => (at < end - first).then_some(first + at),
            Self::Some { rows, base } => rows.get(index).map(|row| row + base),
            Self::Sorted { rows, base } => rows.get(index).map(|row| row + base),
        }
    }

    /// Place of a row, or of the next one where it is not shown.
    pub fn place(&self, row: u64) -> u64 {
        match self {
            Self::All { first, .. } => row.saturating_sub(*first),
            Self::Some { rows, base } => rows.partition_point(|other| other + base < row) as u64,
            Self::Sorted { rows, base } => {
                let found = rows.iter().position(|other| other + base == row);
                found.unwrap_or_default() as u64
            }
        }
    }
}

/// The lines of a grid: rows, and gaps between them, counted together from the top.
pub struct Layout<'a> {
    rows: Picked<'a>,
    gaps: &'a [Gap],
    /// Rows before the oldest that cannot be seen any more: told in a line at the top.
    skipped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    Skipped(u64),
    Gap(&'a Gap),
    Row(u64),
}

impl<'a> Layout<'a> {
    /// `first` and `end` of all rows held. Sorted rows have no gaps between them.
    pub fn new(rows: Picked<'a>, first: u64, end: u64, gaps: &'a [Gap], skipped: u64) -> Self {
        let seen = gaps.partition_point(|gap| gap.before <= first && skipped > 0);
        let seen_end = gaps.partition_point(|gap| gap.before <= end);
        let gaps = match rows {
            Picked::Sorted { .. } => &[],
            _ => &gaps[seen.min(seen_end)..seen_end],
        };
        Self {
            rows,
            gaps,
            skipped,
        }
    }

    pub fn lines(&self) -> u64 {
        self.top() + self.rows.count() + self.gaps.len() as u64
    }

    fn top(&self) -> u64 {
        u64::from(self.skipped > 0)
    }

    pub fn line(&self, index: u64) -> Option<Line<'a>> {
        let Some(mut at) = index.checked_sub(self.top()) else {
            return Some(Line::Skipped(self.skipped));
        };
        for gap in self.gaps {
            let place = self.rows.place(gap.before);
            if at < place {
                break;
            }
            if at == place {
                return Some(Line::Gap(gap));
            }
            at -= 1;
        }
        // Gaps are subtracted one by one, so that `at` now counts rows only.
        self.rows.row(at).map(Line::Row)
    }

    /// Where a row stands.
    pub fn index(&self, row: u64) -> u64 {
        let gaps = self.gaps.partition_point(|gap| gap.before <= row);
        self.top() + self.rows.place(row) + gaps as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_is_one_gap_until_rows_come_again() {
        let mut gaps = Gaps::default();
        gaps.broke(5, 100.0);
        gaps.broke(5, 200.0);
        gaps.over(300.0);
        gaps.lost(5, 40, 300.0);
        assert_eq!(
            gaps.all(),
            [Gap {
                before: 5,
                since: 100.0,
                until: Some(300.0),
                lost: 40
            }]
        );
        // Back only to hear that the query has ended: one break, from its beginning.
        gaps.broke(5, 400.0);
        assert_eq!((gaps.all().len(), gaps.all()[0].until), (1, None));
        gaps.over(500.0);
        // Long after, and after rows, it is another one.
        let mut later = gaps.clone();
        later.broke(5, 60_000.0);
        assert_eq!(later.all().len(), 2);
        later = gaps.clone();
        later.broke(6, 600.0);
        assert_eq!(later.all().len(), 2);
        gaps.lost(9, 1, 700.0);
        assert_eq!(gaps.all().len(), 2);
        gaps.broke(12, 800.0);
        gaps.clear();
        assert_eq!((gaps.all().len(), gaps.all()[0].before), (1, 12));
    }

    #[test]
    fn gaps_are_lines_between_rows() {
        let mut gaps = Gaps::default();
        gaps.lost(2, 1, 0.0);
        gaps.lost(4, 7, 0.0);
        gaps.broke(6, 0.0);
        let rows = Picked::All { first: 0, end: 6 };
        let layout = Layout::new(rows, 0, 6, gaps.all(), 0);
        let words: Vec<String> = (0..layout.lines())
            .map(|index| match layout.line(index) {
                Some(Line::Row(row)) => row.to_string(),
                Some(Line::Gap(gap)) => format!("gap {}", gap.before),
                Some(Line::Skipped(rows)) => format!("skipped {rows}"),
                None => "none".into(),
            })
            .collect();
        assert_eq!(
            words,
            ["0", "1", "gap 2", "2", "3", "gap 4", "4", "5", "gap 6"]
        );
        assert_eq!(layout.line(9), None);
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(|row| layout.index(row)),
            [0, 1, 3, 4, 6, 7]
        );
    }

    #[test]
    fn gaps_stay_between_the_rows_of_a_filter() {
        let mut gaps = Gaps::default();
        gaps.lost(12, 1, 0.0);
        gaps.lost(14, 7, 0.0);
        let rows = VecDeque::from([0, 3, 5]);
        let picked = Picked::Some {
            rows: &rows,
            base: 10,
        };
        let layout = Layout::new(picked, 10, 20, gaps.all(), 0);
        let words: Vec<String> = (0..layout.lines())
            .map(|index| match layout.line(index) {
                Some(Line::Row(row)) => row.to_string(),
                other => format!("{:?}", other.map(|_| "gap")),
            })
            .collect();
        assert_eq!(words, ["10", "Some(\"gap\")", "13", "Some(\"gap\")", "15"]);
        assert_eq!([10, 13, 15].map(|row| layout.index(row)), [0, 2, 4]);
    }

    #[test]
    fn gaps_among_dropped_rows_are_part_of_the_skipped_line() {
        let mut gaps = Gaps::default();
        gaps.lost(2, 1, 0.0);
        gaps.lost(8, 1, 0.0);
        let rows = Picked::All { first: 5, end: 10 };
        let layout = Layout::new(rows, 5, 10, gaps.all(), 6);
        assert_eq!(layout.line(0), Some(Line::Skipped(6)));
        assert_eq!(layout.line(1), Some(Line::Row(5)));
        assert_eq!(layout.lines(), 7);
        assert_eq!(layout.index(9), 6);
    }
}
