//! Search over the held rows without SQL, kept up to date while rows arrive.

mod test;
mod text;

use std::collections::VecDeque;

use crate::{cell::Cell, format::Format, ring::Ring};

pub use test::{Comparison, Operand, Test};

/// One test of one column.
pub struct Condition {
    /// `None`: any column may match.
    pub column: Option<usize>,
    pub test: Test,
    /// Rows that do not match.
    pub negated: bool,
    /// How times look: what is searched is what a person sees.
    pub shown: Format,
}

/// The rows that meet every condition, by number.
pub struct Filter {
    conditions: Vec<Condition>,
    matches: VecDeque<u64>,
    next: u64,
}

impl Filter {
    pub fn new(conditions: Vec<Condition>) -> Self {
        Self {
            conditions,
            matches: VecDeque::new(),
            next: 0,
        }
    }

    /// Looks at up to `budget` rows that it has not seen and forgets those that were dropped.
    /// True when it has seen all rows held.
    pub fn update(&mut self, ring: &Ring, budget: u64) -> bool {
        let first = ring.first();
        let gone = self.matches.partition_point(|row| *row < first);
        self.matches.drain(..gone);
        let start = self.next.max(first);
        let end = ring.end().min(start.saturating_add(budget));
        let before = self.matches.len();
        self.matches.extend(start..end);
        let mut scratch = String::new();
        for condition in &self.conditions {
            condition.keep(ring, &mut self.matches, before, &mut scratch);
        }
        self.next = end;
        end == ring.end()
    }

    /// Rows held that match, oldest first.
    pub fn matches(&self) -> &VecDeque<u64> {
        &self.matches
    }

    /// Rows looked at so far end here.
    pub fn seen(&self) -> u64 {
        self.next
    }
}

impl Condition {
    /// Removes the rows from position `from` on that do not meet the condition.
    fn keep(&self, ring: &Ring, rows: &mut VecDeque<u64>, from: usize, scratch: &mut String) {
        let test = self.test.prepare(&self.shown);
        let mut kept = from;
        for index in from..rows.len() {
            let number = rows[index];
            let Some(row) = ring.row(number) else {
                continue;
            };
            let matches = match self.column {
                Some(column) => test.matches(&row.cell(column), scratch),
                None => {
                    (0..ring.columns().len()).any(|column| test.matches(&row.cell(column), scratch))
                }
            };
            if matches != self.negated {
                rows[kept] = number;
                kept += 1;
            }
        }
        rows.truncate(kept);
    }

    /// For a highlight rule: whether one cell meets the condition.
    pub fn meets(&self, cell: &Cell<'_>) -> bool {
        self.test
            .prepare(&self.shown)
            .matches(cell, &mut String::new())
            != self.negated
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ring::{Limits, Ring, RingColumn},
        testing::ring,
    };

    fn contains(needle: &str) -> Test {
        Test::Contains {
            needle: needle.into(),
            match_case: true,
        }
    }

    #[test]
    fn every_condition_must_hold_and_any_column_may() {
        let ring = ring(
            &["string", "int64"],
            r#"[["ab",12],["b",1],["ac",2],[null,11],[]]"#,
        );
        let rows = |conditions: Vec<(Option<usize>, Test, bool)>| {
            let mut filter = Filter::new(
                conditions
                    .into_iter()
                    .map(|(column, test, negated)| Condition {
                        column,
                        test,
                        negated,
                        shown: Format::default(),
                    })
                    .collect(),
            );
            assert!(filter.update(&ring, u64::MAX));
            filter.matches().iter().copied().collect::<Vec<_>>()
        };
        assert_eq!(rows(vec![]), [0, 1, 2, 3, 4]);
        assert_eq!(rows(vec![(Some(0), contains("a"), false)]), [0, 2]);
        assert_eq!(rows(vec![(None, contains("1"), false)]), [0, 1, 3]);
        assert_eq!(
            rows(vec![
                (Some(0), contains("a"), false),
                (None, contains("1"), true)
            ]),
            [2]
        );
        assert_eq!(rows(vec![(Some(0), Test::Null, false)]), [3]);
        assert_eq!(rows(vec![(Some(0), Test::Missing, false)]), [4]);
        assert_eq!(rows(vec![(Some(0), Test::Absent, true)]), [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn step_by_step_finds_the_same_as_at_once(
            pushes in prop::collection::vec((1i64..50, 0u64..60), 1..30),
            limit in 1u64..100,
        ) {
            let condition = || Condition {
                column: Some(0),
                test: Test::Compare(Comparison::Below, "30".into()),
                negated: false,
                shown: Format::default(),
            };
            let columns = RingColumn::from_header(&[weir_api::Column {
                name: "n".into(),
                data_type: "int64".into(),
            }]);
            let mut ring = Ring::new(columns, Limits { rows: limit, bytes: 1 << 20 });
            let mut steps = Filter::new(vec![condition()]);
            let mut value = 0;
            for (count, budget) in pushes {
                let rows: Vec<String> = (0..count).map(|_| {
                    value = (value * 31 + 7) % 100;
                    format!("[{value}]")
                }).collect();
                let batch = format!("[{}]", rows.join(","));
                prop_assert!(ring.push(batch.as_bytes()).is_ok());
                let complete = steps.update(&ring, budget);
                prop_assert_eq!(complete, steps.seen() == ring.end());
            }
            prop_assert!(steps.update(&ring, u64::MAX));
            let mut at_once = Filter::new(vec![condition()]);
            at_once.update(&ring, u64::MAX);
            prop_assert_eq!(steps.matches(), at_once.matches());
            let expected: Vec<u64> = ring.cells(0, 0..u64::MAX)
                .filter(|(_, cell)| matches!(cell, Cell::Int(..30)))
                .map(|(row, _)| row)
                .collect();
            prop_assert_eq!(steps.matches(), &expected);
        }
    }
}
