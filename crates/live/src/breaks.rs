//! Breaks of a stream as lines between the rows.

use std::collections::VecDeque;

/// Rows were not received here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Number of the first row received afterwards.
    pub before: u64,
    /// Unix milliseconds when the connection was lost or the gap told.
    pub from_ms: i64,
    /// When rows came again; `None` while the break lasts.
    pub to_ms: Option<i64>,
    /// Rows left out, where the server told.
    pub rows: Option<u64>,
}

/// All breaks among the rows held, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Breaks {
    breaks: VecDeque<Break>,
}

/// One line of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GridLine<'a> {
    Break(&'a Break),
    /// Position among the rows shown.
    Row(u64),
}

impl Breaks {
    /// `before` is [`crate::Ring::end`] at that time.
    pub fn begin(&mut self, before: u64, now_ms: i64, rows: Option<u64>) {
        self.breaks.push_back(Break {
            before,
            from_ms: now_ms,
            to_ms: None,
            rows,
        });
    }

    /// Rows come again: breaks that last end now.
    pub fn resume(&mut self, now_ms: i64) {
        for open in self.breaks.iter_mut().filter(|open| open.to_ms.is_none()) {
            open.to_ms = Some(now_ms);
        }
    }

    /// Forgets the breaks before the oldest row held.
    pub fn forget(&mut self, first: u64) {
        while self
            .breaks
            .front()
            .is_some_and(|oldest| oldest.before < first)
        {
            self.breaks.pop_front();
        }
    }

    pub fn len(&self) -> usize {
        self.breaks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.breaks.is_empty()
    }

    /// What line `index` of the grid shows. `rows_before(row)` tells how many of the rows shown
    /// have a smaller number: `row - first` of all rows, `partition_point` of a filter's matches.
    pub fn line(&self, index: u64, rows_before: impl Fn(u64) -> u64) -> GridLine<'_> {
        // Break number i stands behind the rows before it and behind i other breaks.
        let place = |(number, at): (usize, &Break)| rows_before(at.before) + number as u64;
        let (mut low, mut high) = (0, self.breaks.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if place((middle, &self.breaks[middle])) < index {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        match self.breaks.get(low) {
            Some(at) if place((low, at)) == index => GridLine::Break(at),
            _ => GridLine::Row(index - low as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_stand_between_the_rows() {
        let mut breaks = Breaks::default();
        breaks.begin(10, 1000, None);
        breaks.resume(1500);
        breaks.begin(12, 2000, Some(7));
        breaks.begin(12, 3000, None);
        let lines = |breaks: &Breaks, first: u64, count: u64| -> Vec<String> {
            (0..count)
                .map(|index| match breaks.line(index, |row| row - first) {
                    GridLine::Break(at) => format!("break {}", at.from_ms),
                    GridLine::Row(row) => (first + row).to_string(),
                })
                .collect()
        };
        assert_eq!(
            lines(&breaks, 9, 7),
            [
                "9",
                "break 1000",
                "10",
                "11",
                "break 2000",
                "break 3000",
                "12"
            ]
        );
        breaks.forget(11);
        assert_eq!(
            lines(&breaks, 11, 4),
            ["11", "break 2000", "break 3000", "12"]
        );
        assert_eq!(breaks.breaks[0].to_ms, None);
        breaks.resume(4000);
        assert!(breaks.breaks.iter().all(|at| at.to_ms == Some(4000)));
    }

    #[test]
    fn a_filter_moves_them_along() {
        let mut breaks = Breaks::default();
        breaks.begin(10, 1000, None);
        let matches = [3u64, 9, 14];
        let before = |row: u64| matches.partition_point(|number| *number < row) as u64;
        assert_eq!(breaks.line(1, before), GridLine::Row(1));
        assert!(matches!(breaks.line(2, before), GridLine::Break(_)));
        assert_eq!(breaks.line(3, before), GridLine::Row(2));
    }
}
