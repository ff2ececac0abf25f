//! An arrangement at work on the rows held: which of them are shown and in which order, kept up
//! to date while rows arrive.

use weir_live::{Condition, Filter, Ring, Sorter, Test};

use super::{Arrangement, rule::Expressions};
use crate::live::{gaps::Picked, rows::Rows};

/// Rows looked at in one call while a filter or an order catches up.
const BUDGET: u64 = 20_000;
/// So many rows are in order at once: what is drawn meanwhile would only flicker.
const SORTED_AT_ONCE: usize = 100_000;

#[derive(Default)]
pub struct Applied {
    arrangement: Arrangement,
    /// Changes when columns, order or looks do.
    pub version: u64,
    filter: Option<Filter>,
    /// The last order that was complete.
    sorted: Option<Vec<u64>>,
    sorter: Option<Sorter>,
    /// Marks with the position of their column, where the result has it.
    marks: Vec<(Condition, u8)>,
    /// Rules that do nothing here, by position, and why.
    idle: Vec<(usize, &'static str)>,
    /// What it was made for: the result's header and the first number of the ring.
    made_for: Option<(u64, u64)>,
    complete: bool,
    /// Version of the ring then.
    seen: u64,
}

impl Applied {
    pub fn arrangement(&self) -> &Arrangement {
        &self.arrangement
    }

    /// Positions of the rules that do nothing, and why.
    pub fn idle_rules(&self) -> &[(usize, &'static str)] {
        &self.idle
    }

    pub fn set(&mut self, arrangement: Arrangement) {
        if self.arrangement != arrangement {
            self.arrangement = arrangement;
            self.version += 1;
            self.made_for = None;
        }
    }

    /// To be called before rows are shown. False: there is more to look at, soon.
    pub fn update(&mut self, header: u64, rows: &Rows, expressions: Expressions) -> bool {
        let ring = rows.shown();
        if self.made_for != Some((header, rows.base())) {
            self.made_for = Some((header, rows.base()));
            self.make(ring, expressions);
        }
        let changed = self.seen != ring.version();
        if self.complete && !changed {
            return true;
        }
        self.seen = ring.version();
        if changed || !self.complete && self.sorter.is_none() {
            self.sorter = None;
            let found = match &mut self.filter {
                Some(filter) => filter.update(ring, BUDGET),
                None => true,
            };
            self.complete = found && !self.begin_order(ring);
        }
        self.go_on_in_order(ring);
        self.complete
    }

    fn make(&mut self, ring: &Ring, expressions: Expressions) {
        self.complete = false;
        self.sorted = None;
        self.sorter = None;
        self.idle.clear();
        let mut conditions = Vec::new();
        let look = &self.arrangement.look;
        for (at, rule) in self.arrangement.rules.iter().enumerate() {
            match rule.condition(ring, look, expressions) {
                Ok(condition) => conditions.push(condition),
                Err(reason) => self.idle.push((at, reason)),
            }
        }
        if !self.arrangement.search.is_empty() {
            conditions.push(Condition {
                column: None,
                test: Test::Contains {
                    needle: self.arrangement.search.clone(),
                    match_case: false,
                },
                negated: false,
                shown: look.format(),
            });
        }
        self.filter = (!conditions.is_empty()).then(|| Filter::new(conditions));
        self.marks = self
            .arrangement
            .marks
            .iter()
            .filter_map(|mark| {
                Some((
                    mark.rule.condition(ring, look, expressions).ok()?,
                    mark.colour,
                ))
            })
            .collect();
    }

    /// False where rows stay in order of arrival.
    fn begin_order(&mut self, ring: &Ring) -> bool {
        let sort = self.arrangement.sort.as_ref();
        self.sorter = sort.and_then(|sort| {
            let column = ring.column(&sort.column)?;
            let rows = match &self.filter {
                Some(filter) => filter.matches().iter().copied().collect(),
                None => (ring.first()..ring.end()).collect(),
            };
            Some(Sorter::new(ring, column, sort.descending, rows))
        });
        if self.sorter.is_none() {
            self.sorted = None;
        }
        self.sorter.is_some()
    }

    fn go_on_in_order(&mut self, ring: &Ring) {
        let Some(mut sorter) = self.sorter.take() else {
            return;
        };
        let few = sorter.len() <= SORTED_AT_ONCE;
        let budget = if few { usize::MAX } else { BUDGET as usize };
        if sorter.step(ring, budget) {
            self.sorted = Some(sorter.into_rows());
            // Rows that were drawn in another order meanwhile are drawn again.
            self.version += u64::from(!few);
            self.complete = true;
        } else {
            self.sorter = Some(sorter);
        }
    }

    /// The rows shown; numbers are those of the result.
    pub fn picked<'a>(&'a self, rows: &Rows) -> Picked<'a> {
        let (ring, base) = (rows.shown(), rows.base());
        match (&self.sorted, &self.filter) {
            (Some(rows), _) => Picked::Sorted { rows, base },
            (None, Some(filter)) => Picked::Some {
                rows: filter.matches(),
                base,
            },
            (None, None) => Picked::All {
                first: base + ring.first(),
                end: base + ring.end(),
            },
        }
    }

    /// Rows that meet the filter; `None` without one.
    pub fn matching(&self) -> Option<u64> {
        self.filter
            .as_ref()
            .map(|filter| filter.matches().len() as u64)
    }

    /// Colour of a cell that meets a mark, the last one that does; 0 for none.
    pub fn mark(&self, column: usize, cell: &weir_live::Cell<'_>) -> u8 {
        let meets = |(condition, _): &&(Condition, u8)| {
            condition.column.is_none_or(|at| at == column) && condition.meets(cell)
        };
        self.marks
            .iter()
            .rev()
            .find(meets)
            .map_or(0, |(_, colour)| *colour)
    }
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Cell, Limits, RingColumn};

    use super::*;
    use crate::live::arrange::{Mark, Operator, Rule, Sort, rule::Matcher};

    fn none(_: &str) -> Option<Matcher> {
        None
    }

    fn rows() -> Rows {
        let column = RingColumn {
            name: "n".into(),
            data_type: DataType::Int(64),
        };
        let limits = Limits {
            rows: 10,
            bytes: 1 << 20,
        };
        let mut rows = Rows::new(vec![column], limits);
        rows.push(b"[[5],[1],[4],[2],[3]]").expect("rows");
        rows
    }

    fn shown(applied: &Applied, rows: &Rows) -> Vec<u64> {
        let picked = applied.picked(rows);
        (0..picked.count())
            .filter_map(|at| picked.row(at))
            .collect()
    }

    #[test]
    fn filter_and_sort_follow_the_rows() {
        let mut rows = rows();
        let mut applied = Applied::default();
        assert!(applied.update(1, &rows, none));
        assert_eq!(shown(&applied, &rows), [0, 1, 2, 3, 4]);
        let mut arrangement = Arrangement::default();
        arrangement.add(Rule::of("n", Operator::AtLeast, "3"));
        arrangement.add(Rule::of("gone", Operator::AtLeast, "3"));
        applied.set(arrangement.clone());
        applied.update(1, &rows, none);
        assert_eq!(shown(&applied, &rows), [0, 2, 4]);
        assert_eq!(applied.idle_rules(), [(1, "not in this result")]);
        rows.push(b"[[9],[0]]").expect("rows");
        applied.update(1, &rows, none);
        assert_eq!(shown(&applied, &rows), [0, 2, 4, 5]);
        arrangement.sort = Some(Sort {
            column: "n".into(),
            descending: true,
        });
        applied.set(arrangement);
        applied.update(1, &rows, none);
        assert_eq!(shown(&applied, &rows), [5, 0, 2, 4]);
    }

    #[test]
    fn numbers_stay_those_of_the_result_after_a_flood() {
        let mut rows = rows();
        rows.hold();
        for n in 5..40 {
            rows.push(format!("[[{n}]]").as_bytes()).expect("rows");
        }
        rows.release();
        let mut applied = Applied::default();
        applied.set(Arrangement {
            search: "9".into(),
            ..Arrangement::default()
        });
        applied.update(1, &rows, none);
        assert_eq!(shown(&applied, &rows), [39]);
        assert_eq!(applied.matching(), Some(1));
    }

    #[test]
    fn the_last_mark_that_fits_colours_a_cell() {
        let rows = rows();
        let mut applied = Applied::default();
        let mark = |value: &str, colour| Mark {
            rule: Rule::of("n", Operator::AtLeast, value),
            colour,
        };
        applied.set(Arrangement {
            marks: vec![mark("2", 1), mark("4", 2)],
            ..Arrangement::default()
        });
        applied.update(1, &rows, none);
        let colours: Vec<u8> = [5, 1, 3].map(|n| applied.mark(0, &Cell::Int(n))).into();
        assert_eq!(colours, [2, 0, 1]);
        assert_eq!(applied.mark(1, &Cell::Int(5)), 0);
    }
}
