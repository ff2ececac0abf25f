//! What a column holds: nulls, distinct values, extremes, mean, quantiles, frequent values and a
//! histogram of the held rows.

mod distinct;
mod extremes;
mod frequent;
mod sample;

use std::ops::Range;

use crate::{cell::Cell, ring::Ring};

use distinct::Distinct;
use extremes::Extremes;
use frequent::Counter;
use sample::Sample;

pub use extremes::Extreme;
pub use frequent::Frequent;
pub use sample::{Bin, Quantiles};

#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The rows looked at, by number.
    pub rows: Range<u64>,
    pub nulls: u64,
    pub missing: u64,
    /// Empty strings.
    pub empty: u64,
    /// Numbers that are NaN or infinite: no part of mean, quantiles and histogram.
    pub not_finite: u64,
    /// Different values that are not null: exact up to 1,024, beyond within about 2 %.
    pub distinct: u64,
    /// Smallest and largest value, exact: numbers and times by value, text by code points.
    pub min: Option<Extreme>,
    pub max: Option<Extreme>,
    /// Of finite numbers; `None` in columns that hold none.
    pub mean: Option<f64>,
    pub quantiles: Option<Quantiles>,
    /// Equal stretches from the smallest to the largest finite number or time.
    pub histogram: Vec<Bin>,
    /// Most frequent values first.
    pub top: Vec<Frequent>,
}

/// Looks through a column in steps, so that a long ring does not stop the page.
#[derive(Debug)]
pub struct Profiler {
    column: usize,
    start: u64,
    next: u64,
    end: u64,
    nulls: u64,
    missing: u64,
    empty: u64,
    not_finite: u64,
    distinct: Distinct,
    extremes: Extremes,
    sum: f64,
    numbers: u64,
    sample: Sample,
    counter: Counter,
    text: String,
}

impl Profiler {
    /// Rows of `rows` that are held when their turn comes.
    pub fn new(ring: &Ring, column: usize, rows: Range<u64>) -> Self {
        let start = rows.start.max(ring.first());
        Self {
            column,
            start,
            next: start,
            end: rows.end.min(ring.end()).max(start),
            nulls: 0,
            missing: 0,
            empty: 0,
            not_finite: 0,
            distinct: Distinct::default(),
            extremes: Extremes::default(),
            sum: 0.0,
            numbers: 0,
            sample: Sample::default(),
            counter: Counter::default(),
            text: String::new(),
        }
    }

    /// Looks at up to `budget` rows more; true when it has seen all.
    pub fn step(&mut self, ring: &Ring, budget: u64) -> bool {
        if self.next < ring.first() {
            // Rows dropped before their turn are no part of the profile.
            if self.next == self.start {
                self.start = ring.first().min(self.end);
            }
            self.next = ring.first().min(self.end);
        }
        let stop = self.next.saturating_add(budget).min(self.end);
        for (_, cell) in ring.cells(self.column, self.next..stop) {
            self.look(&cell);
        }
        self.next = stop;
        self.next == self.end
    }

    fn look(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Null => return self.nulls += 1,
            Cell::Missing => return self.missing += 1,
            Cell::Text("") => self.empty += 1,
            _ => {}
        }
        let number = cell.as_f64();
        self.not_finite += u64::from(number.is_some_and(|number| !number.is_finite()));
        self.extremes.add(cell, number);
        self.text.clear();
        cell.write_text(&mut self.text);
        let hash = distinct::hash(&self.text);
        self.distinct.add(hash);
        self.counter.add(hash, &self.text);
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.sample.add(number);
            if !matches!(cell, Cell::Time(_) | Cell::Bool(_)) {
                self.sum += number;
                self.numbers += 1;
            }
        }
    }

    /// The profile of what was seen so far, with up to `top` frequent values and `bins` stretches.
    pub fn profile(&self, top: usize, bins: usize) -> Profile {
        Profile {
            rows: self.start..self.next,
            nulls: self.nulls,
            missing: self.missing,
            empty: self.empty,
            not_finite: self.not_finite,
            distinct: self.distinct.estimate(),
            min: self.extremes.min.clone(),
            max: self.extremes.max.clone(),
            mean: (self.numbers > 0).then(|| self.sum / self.numbers as f64),
            quantiles: self.sample.quantiles(),
            histogram: self.sample.histogram(bins),
            top: self.counter.top(top),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn profile(data_type: &str, batch: &str) -> Profile {
        let ring = ring(&[data_type], batch);
        let mut profiler = Profiler::new(&ring, 0, 0..u64::MAX);
        while !profiler.step(&ring, 7) {}
        profiler.profile(3, 4)
    }

    fn text(extreme: &Option<Extreme>) -> &str {
        extreme.as_ref().map_or("", |extreme| extreme.text.as_str())
    }

    #[test]
    fn a_numeric_column() {
        let values: Vec<String> = (0..100)
            .map(|value| format!("[{}]", value * 7 % 100))
            .collect();
        let batch = format!("[{},[null],[],[\"nan\"],[\"inf\"]]", values.join(","));
        let profile = profile("float64", &batch);
        assert_eq!(
            (profile.rows.clone(), profile.nulls, profile.missing),
            (0..104, 1, 1)
        );
        assert_eq!((profile.distinct, profile.mean), (102, Some(49.5)));
        assert_eq!((text(&profile.min), text(&profile.max)), ("0", "inf"));
        let quantiles = profile.quantiles.expect("numbers");
        assert!(quantiles.exact);
        assert_eq!(
            (quantiles.p5, quantiles.p50, quantiles.p95),
            (4.95, 49.5, 94.05)
        );
        let counts: Vec<u64> = profile.histogram.iter().map(|bin| bin.count).collect();
        assert_eq!(counts, [25, 25, 25, 25]);
    }

    #[test]
    fn extremes_are_exact_where_doubles_are_equal() {
        let profile = profile(
            "uint64",
            "[[18446744073709551614],[18446744073709551615],[18446744073709551613]]",
        );
        assert_eq!(text(&profile.min), "18446744073709551613");
        assert_eq!(text(&profile.max), "18446744073709551615");
    }

    #[test]
    fn a_text_column() {
        let profile = profile("string", r#"[["b"],["a"],["b"],[""],["c"],["b"],["a"]]"#);
        assert_eq!(
            (profile.empty, profile.distinct, profile.mean),
            (1, 4, None)
        );
        assert_eq!((text(&profile.min), text(&profile.max)), ("", "c"));
        let top: Vec<_> = profile
            .top
            .iter()
            .map(|top| (top.text.as_str(), top.count))
            .collect();
        assert_eq!(top[..2], [("b", 3), ("a", 2)]);
        assert!(profile.histogram.is_empty() && profile.quantiles.is_none());
    }

    #[test]
    fn times_have_extremes_and_a_histogram_but_no_mean() {
        let profile = profile(
            "datetime64(3)",
            r#"[["2023-02-01T00:00:00.001Z"],["2023-02-01T00:00:00Z"]]"#,
        );
        assert_eq!(text(&profile.max), "2023-02-01T00:00:00.001Z");
        assert_eq!(text(&profile.min), "2023-02-01T00:00:00Z");
        assert_eq!((profile.histogram.len(), profile.mean), (4, None));
    }

    #[test]
    fn nothing_at_all() {
        let profile = profile("int64", "[]");
        assert_eq!(
            (profile.rows.end, profile.distinct, profile.min),
            (0, 0, None)
        );
    }
}
