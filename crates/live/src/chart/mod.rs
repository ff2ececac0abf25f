//! What charts draw: numbers of the rows held, over an axis, by category, point by point, or in
//! one figure.

mod bars;
mod groups;
mod labels;
mod lines;
mod points;
mod raster;
mod total;

pub use bars::{Bars, BarsSpec, bars};
pub use labels::{PlaceLabel, time_labels};
pub use lines::{Charter, Line, Lines, LinesSpec, X};
pub use points::{Points, PointsSpec, points};
pub use raster::{Pen, Plane, Raster};
pub use total::{Total, left_out, total};

use crate::cell::Cell;

/// How the values of several rows at one place become one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Aggregate {
    /// The one that came last.
    #[default]
    Newest,
    Sum,
    Average,
    Least,
    Greatest,
    /// Rows with a value of any type.
    Count,
}

/// The values of one series at one place.
#[derive(Debug, Clone, Copy)]
struct Gathered {
    count: u64,
    sum: f64,
    least: f64,
    greatest: f64,
    newest: f64,
    /// There was a row without a number.
    empty: bool,
}

impl Gathered {
    const NONE: Self = Self {
        count: 0,
        sum: 0.0,
        least: f64::INFINITY,
        greatest: f64::NEG_INFINITY,
        newest: f64::NAN,
        empty: false,
    };

    fn add(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
        self.newest = value;
    }

    /// `later` came after what is here.
    fn join(&mut self, later: &Self) {
        self.count += later.count;
        self.sum += later.sum;
        self.least = self.least.min(later.least);
        self.greatest = self.greatest.max(later.greatest);
        if later.count > 0 {
            self.newest = later.newest;
        }
        self.empty |= later.empty;
    }

    /// NaN where there was no row, infinite where no row had a number: a gap.
    fn value(&self, aggregate: Aggregate) -> f64 {
        if self.count == 0 {
            return if self.empty { f64::INFINITY } else { f64::NAN };
        }
        match aggregate {
            Aggregate::Newest => self.newest,
            Aggregate::Sum => self.sum,
            Aggregate::Average => self.sum / self.count as f64,
            Aggregate::Least => self.least,
            Aggregate::Greatest => self.greatest,
            Aggregate::Count => self.count as f64,
        }
    }
}

/// The number of a cell that counts: finite, or whatever is there when rows are counted.
fn number(cell: &Cell<'_>, aggregate: Aggregate) -> Option<f64> {
    if aggregate == Aggregate::Count {
        return (!cell.is_null()).then_some(1.0);
    }
    cell.as_f64().filter(|value| value.is_finite())
}
